package dev.p2pcp.testing;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A store that refuses writes when told to, before or after so many more of them. */
public final class FaultyBlockStore implements BlockStore {
  private final BlockStore store;
  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
  private final AtomicInteger refused = new AtomicInteger();
  private volatile StoreException.@Nullable Reason reason;
  private volatile Predicate<Change> refusing = change -> true;
  private volatile Loss loss = () -> {};
  private volatile boolean gone;

  public FaultyBlockStore(BlockStore store) {
    this.store = store;
  }

  /** Writes fail for this reason once so many more have been done. */
  public void failAfter(int writes, StoreException.Reason why) {
    refusing = change -> true;
    reason = why;
    left.set(writes);
  }

  /** Writes into that table fail for this reason. */
  public void failOn(Table table, StoreException.Reason why) {
    refusing = change -> change instanceof PutRecord put && put.table() == table;
    reason = why;
    left.set(0);
  }

  /** Writes are done again. */
  public void heal() {
    left.set(Long.MAX_VALUE);
  }

  /** The platform takes the disk away. */
  public void lose() {
    failAfter(0, StoreException.Reason.CLOSED);
    gone = true;
    loss.lost();
  }

  @Override
  public void onLoss(Loss hears) {
    loss = hears;
  }

  /** Writes refused so far. */
  public int refused() {
    return refused.get();
  }

  @Override
  public void apply(Batch batch) throws StoreException {
    StoreException.Reason why = reason;
    if (why != null && batch.changes().stream().anyMatch(refusing) && left.getAndDecrement() <= 0) {
      refused.incrementAndGet();
      throw new StoreException(why, "on demand");
    }
    store.apply(batch);
  }

  @Override
  public Optional<Bytes> block(StorageKey key) throws StoreException {
    if (gone) {
      throw new StoreException(StoreException.Reason.CLOSED, "the disk is gone");
    }
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

  /** The disk outlives who used it. */
  @Override
  public void close() {}
}
