package dev.p2pcp.donor;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** A store, and how much is read from it and written to it. */
final class MeteredStore implements BlockStore {
  private final BlockStore store;
  private final LongAdder blocksRead = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder blocksWritten = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();
  private final Map<StoreException.Reason, LongAdder> failures =
      new EnumMap<>(StoreException.Reason.class);

  MeteredStore(BlockStore store) {
    this.store = store;
    for (StoreException.Reason reason : StoreException.Reason.values()) {
      failures.put(reason, new LongAdder());
    }
  }

  /** What was read and written since the start. */
  record Traffic(long blocksRead, long bytesRead, long blocksWritten, long bytesWritten) {}

  Traffic traffic() {
    return new Traffic(blocksRead.sum(), bytesRead.sum(), blocksWritten.sum(), bytesWritten.sum());
  }

  /** Calls that failed since the start. */
  long failures(StoreException.Reason reason) {
    LongAdder count = failures.get(reason);
    return count == null ? 0 : count.sum();
  }

  /** Whether the store can still be used. */
  boolean isOpen() {
    try {
      return store.usage().grantedBytes() >= 0;
    } catch (StoreException e) {
      return e.reason() != StoreException.Reason.CLOSED;
    }
  }

  @Override
  public Optional<Bytes> block(StorageKey key) throws StoreException {
    Optional<Bytes> block = counting(() -> store.block(key));
    if (block.isPresent()) {
      blocksRead.increment();
      bytesRead.add(block.get().length());
    }
    return block;
  }

  @Override
  public Optional<String> link(StorageKey key) {
    return store.link(key);
  }

  @Override
  public List<StorageKey> present(List<StorageKey> keys) throws StoreException {
    return counting(() -> store.present(keys));
  }

  @Override
  public List<StorageKey> keys() throws StoreException {
    return counting(store::keys);
  }

  @Override
  public Optional<Bytes> record(Table table, Bytes key) throws StoreException {
    return counting(() -> store.record(table, key));
  }

  @Override
  public Map<Bytes, Bytes> records(Table table) throws StoreException {
    return counting(() -> store.records(table));
  }

  @Override
  public void apply(Batch batch) throws StoreException {
    counting(
        () -> {
          store.apply(batch);
          return true;
        });
    for (Change change : batch.changes()) {
      if (change instanceof PutBlock put) {
        blocksWritten.increment();
        bytesWritten.add(put.encoded().length());
      }
    }
  }

  @Override
  public Usage usage() throws StoreException {
    return counting(store::usage);
  }

  @Override
  public void onLoss(Loss loss) {
    store.onLoss(loss);
  }

  @Override
  public void close() {
    store.close();
  }

  /** A call to the store. */
  private interface Call<T> {
    T run() throws StoreException;
  }

  private <T> T counting(Call<T> call) throws StoreException {
    try {
      return call.run();
    } catch (StoreException e) {
      LongAdder count = failures.get(e.reason());
      if (count != null) {
        count.increment();
      }
      throw e;
    }
  }
}
