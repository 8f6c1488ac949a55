package dev.p2pcp.simulator;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A browser's storage: outlives the tabs that open it. The census knows what is on it. */
final class Disk {
  private static final long SIZE = 1L << 30;

  private final BlockStore store = new MemoryBlockStore(SIZE);
  private final Census census;
  private boolean isOnline;

  Disk(Census census) {
    this.census = census;
  }

  /** The storage as one tab has it open; closing it leaves the rest alone. */
  BlockStore open() {
    return new Opened();
  }

  /** Whether who is elsewhere can reach what is here. */
  void reach(boolean now) {
    if (isOnline != now) {
      isOnline = now;
      for (StorageKey key : keys()) {
        census.reach(key, now);
      }
    }
  }

  /** Nothing of it is left. */
  void clear() {
    for (StorageKey key : keys()) {
      census.copy(key, -1, isOnline);
    }
    store.close();
  }

  /** What is on it under the key, for who has the disk in hand. */
  Optional<Bytes> block(StorageKey key) {
    try {
      return store.block(key);
    } catch (StoreException e) {
      return Optional.empty();
    }
  }

  /** What agents signed for each other and have on it. */
  Collection<Bytes> receipts() {
    try {
      return store.records(BlockStore.Table.RECEIPTS).values();
    } catch (StoreException e) {
      throw new IllegalStateException("it is cleared once and not used again", e);
    }
  }

  /** What is on it. */
  List<StorageKey> keys() {
    try {
      return store.keys();
    } catch (StoreException e) {
      throw new IllegalStateException("it is cleared once and not used again", e);
    }
  }

  private final class Opened implements BlockStore {
    private boolean closed;

    @Override
    public Optional<Bytes> block(StorageKey key) throws StoreException {
      return opened().block(key);
    }

    @Override
    public List<StorageKey> present(List<StorageKey> keys) throws StoreException {
      return opened().present(keys);
    }

    @Override
    public List<StorageKey> keys() throws StoreException {
      return opened().keys();
    }

    @Override
    public Optional<Bytes> record(Table table, Bytes key) throws StoreException {
      return opened().record(table, key);
    }

    @Override
    public Map<Bytes, Bytes> records(Table table) throws StoreException {
      return opened().records(table);
    }

    @Override
    public void apply(Batch batch) throws StoreException {
      for (Change change : batch.changes()) {
        switch (change) {
          case PutBlock put -> {
            if (count(put.key(), 1)) {
              census.written(put.encoded().length());
            }
          }
          case RemoveBlock removed -> count(removed.key(), -1);
          case PutRecord record -> {}
          case RemoveRecord record -> {}
        }
      }
      // Never full, as it has far more room than anybody lends.
      opened().apply(batch);
    }

    @Override
    public Usage usage() throws StoreException {
      return opened().usage();
    }

    @Override
    public void close() {
      closed = true;
    }

    private boolean count(StorageKey key, int difference) throws StoreException {
      boolean isThere = opened().block(key).isPresent();
      boolean changes = isThere == difference < 0;
      if (changes) {
        census.copy(key, difference, isOnline);
      }
      return changes;
    }

    private BlockStore opened() throws StoreException {
      if (closed) {
        throw new StoreException(StoreException.Reason.CLOSED, "the tab is closed");
      }
      return store;
    }
  }
}
