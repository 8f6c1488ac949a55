package dev.p2pcp.testing;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Tasks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** A disk that reads one block after the other, each in a given time, and may damage them. */
public final class SlowBlockStore implements BlockStore {
  private final BlockStore store;
  private final Tasks tasks;
  private final ReentrantLock head = new ReentrantLock(true);
  private final AtomicInteger reads = new AtomicInteger();
  private volatile long millis;
  private volatile boolean damages;

  public SlowBlockStore(BlockStore store, Tasks tasks) {
    this.store = store;
    this.tasks = tasks;
  }

  /** Takes so many milliseconds for each block from now on. */
  public void take(long newMillis) {
    millis = newMillis;
  }

  /** Flips a bit in each block from now on. */
  public void damage() {
    damages = true;
  }

  /** Blocks read so far. */
  public int reads() {
    return reads.get();
  }

  @Override
  public Optional<Bytes> block(StorageKey key) throws StoreException {
    reads.incrementAndGet();
    if (millis > 0) {
      head.lock();
      try {
        tasks.sleep(millis);
      } finally {
        head.unlock();
      }
    }
    return store.block(key).map(bytes -> damages ? flipped(bytes) : bytes);
  }

  private static Bytes flipped(Bytes bytes) {
    byte[] copy = bytes.toArray();
    copy[copy.length - 1] ^= 1;
    return Bytes.wrap(copy);
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
  public void apply(Batch batch) throws StoreException {
    store.apply(batch);
  }

  @Override
  public Usage usage() throws StoreException {
    return store.usage();
  }

  @Override
  public void close() {
    store.close();
  }
}
