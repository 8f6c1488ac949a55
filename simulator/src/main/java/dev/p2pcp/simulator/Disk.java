package dev.p2pcp.simulator;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A browser's storage: outlives the tabs that open it. */
final class Disk {
  private static final long SIZE = 1L << 30;

  private final BlockStore store = new MemoryBlockStore(SIZE);

  /** The storage as one tab has it open; closing it leaves the rest alone. */
  BlockStore open() {
    return new Opened();
  }

  /** Storage keys of all blocks. */
  List<StorageKey> keys() {
    try {
      return store.keys();
    } catch (StoreException e) {
      throw new IllegalStateException("memory is always open", e);
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

    private BlockStore opened() throws StoreException {
      if (closed) {
        throw new StoreException(StoreException.Reason.CLOSED, "the tab is closed");
      }
      return store;
    }
  }
}
