package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Tasks;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A store for as long as one node runs: what its tasks still want to write after its end is
 * refused, so that it neither mixes with what the next node writes nor outlives a logout.
 */
final class LeasedStore implements BlockStore {
  private final BlockStore store;
  private final Pending<Boolean> idle;
  private int writing;
  private boolean over;

  LeasedStore(BlockStore store, Tasks tasks) {
    this.store = store;
    this.idle = tasks.pending();
  }

  /** Refuses what comes from now on. Never suspends. */
  synchronized void end() {
    over = true;
    if (writing == 0) {
      idle.complete(true);
    }
  }

  /** Waits for what was under way at the end. Suspends. */
  void settle() {
    idle.await(Deadline.NEVER);
  }

  @Override
  public void apply(Batch batch) throws StoreException {
    synchronized (this) {
      if (over) {
        throw new StoreException(StoreException.Reason.CLOSED, "the agent has stopped");
      }
      writing++;
    }
    try {
      store.apply(batch);
    } finally {
      synchronized (this) {
        writing--;
        if (over && writing == 0) {
          idle.complete(true);
        }
      }
    }
  }

  @Override
  public Optional<Bytes> block(StorageKey key) throws StoreException {
    return store.block(key);
  }

  @Override
  public List<StorageKey> present(List<StorageKey> keys) throws StoreException {
    return store.present(keys);
  }

  @Override
  public List<StorageKey> keys() throws StoreException {
    return store.keys();
  }

  @Override
  public Optional<Bytes> record(Table table, Bytes key) throws StoreException {
    return store.record(table, key);
  }

  @Override
  public Map<Bytes, Bytes> records(Table table) throws StoreException {
    return store.records(table);
  }

  @Override
  public Usage usage() throws StoreException {
    return store.usage();
  }

  @Override
  public void close() {
    end();
  }
}
