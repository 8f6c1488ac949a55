package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bucket.Bucket;
import dev.p2pcp.bucket.BucketException;
import dev.p2pcp.bucket.Trouble;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The device's store, with the blocks of others in a bucket if one is lent. Own blocks stay on the
 * device, so that it works where the bucket can't be reached; those that everybody may read are in
 * the bucket too. An object is there before the record that counts on it, and goes after it: a
 * crash leaves an object too many at worst.
 */
final class BucketStore implements BlockStore {
  /** How long a URL for one reader is good, in seconds. */
  private static final int READING = 600;

  private static final int FORMAT = 1;

  /** Before the names of what others leave. */
  private static final String LEFT = "left-";

  private final LeasedStore store;
  private final Map<StorageKey, Kept> kept = new HashMap<>();
  private volatile @Nullable Bucket bucket;
  private volatile @Nullable Trouble trouble;
  private volatile int slots;

  /** What is in the bucket: its length, and whether the device has it as well. */
  private record Kept(int size, boolean here) {
    Bytes encoded() {
      return new ByteWriter().u8(FORMAT).u32(size).u8(here ? 1 : 0).toBytes();
    }

    static Kept decode(Bytes encoded) throws MalformedFrameException {
      ByteReader reader = new ByteReader(encoded);
      if (reader.u8("format") != FORMAT) {
        throw new MalformedFrameException("format");
      }
      Kept kept = new Kept(reader.count(Block.MAX_LENGTH, "size"), reader.flag("here"));
      reader.end();
      return kept;
    }
  }

  BucketStore(LeasedStore store) {
    this.store = store;
  }

  /** Reads what is in the bucket, without asking it. Suspends. */
  void load() throws StoreException {
    for (Map.Entry<Bytes, Bytes> entry : store.records(Table.BUCKET).entrySet()) {
      try {
        kept.put(new StorageKey(entry.getKey()), Kept.decode(entry.getValue()));
      } catch (MalformedFrameException | IllegalArgumentException e) {
        throw new StoreException(StoreException.Reason.DAMAGED, "a record of a bucket");
      }
    }
  }

  /** Keeps blocks of others there from now on, so many at most; null to stop. Never suspends. */
  void use(@Nullable Bucket lent, int room) {
    bucket = lent;
    slots = room;
    trouble = null;
  }

  boolean isLent() {
    return bucket != null;
  }

  /** What was wrong when the bucket was asked last. */
  Optional<Trouble> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** Blocks in the bucket, and their bytes. */
  record Count(int blocks, long bytes) {}

  synchronized Count count() {
    return new Count(kept.size(), kept.values().stream().mapToLong(Kept::size).sum());
  }

  /** Blocks that only the bucket has. */
  synchronized List<StorageKey> onlyThere() {
    List<StorageKey> keys = new ArrayList<>();
    kept.forEach(
        (key, one) -> {
          if (!one.here) {
            keys.add(key);
          }
        });
    return keys;
  }

  synchronized boolean isThere(StorageKey key) {
    return kept.containsKey(key);
  }

  /** Puts a block of this device there as well, if it is not there yet. Suspends. */
  void copy(StorageKey key) throws StoreException, BucketException {
    Optional<Bytes> block = store.block(key);
    Bucket lent = bucket;
    if (lent == null || isThere(key) || block.isEmpty()) {
      return;
    }
    lent.put(key.toString(), block.get());
    // It may have been replaced meanwhile, which the next look mends.
    Kept copy = new Kept(block.get().length(), true);
    store.apply(new Batch().putRecord(Table.BUCKET, key.bytes(), copy.encoded()));
    boolean current = store.block(key).filter(block.get()::equals).isPresent();
    synchronized (this) {
      if (current) {
        kept.put(key, copy);
      }
    }
  }

  @Override
  public Optional<String> link(StorageKey key) {
    Bucket lent = bucket;
    Kept one = keptOf(key);
    return lent == null || one == null || one.here
        ? Optional.empty()
        : lent.offered(key.toString(), one.size, READING);
  }

  @Override
  public Optional<String> place(Bytes name, int length, Bytes sha256) {
    Bucket lent = bucket;
    return lent == null
        ? Optional.empty()
        : lent.wanted(LEFT + name.hex(), length, sha256, READING);
  }

  /** A URL by which it was left may be used again, but nothing is read by this name any more. */
  @Override
  public Optional<Bytes> left(Bytes name) throws StoreException {
    Bucket lent = lent();
    try {
      Bytes found = lent.get(LEFT + name.hex(), Block.MAX_LENGTH);
      lent.delete(LEFT + name.hex());
      return Optional.of(found);
    } catch (BucketException e) {
      if (e.trouble() == Trouble.NOT_THERE) {
        return Optional.empty();
      }
      throw failed(e);
    }
  }

  private synchronized @Nullable Kept keptOf(StorageKey key) {
    return kept.get(key);
  }

  @Override
  public Optional<Bytes> block(StorageKey key) throws StoreException {
    Kept one = keptOf(key);
    if (one == null || one.here) {
      return store.block(key);
    }
    try {
      return Optional.of(lent().get(key.toString(), Block.MAX_LENGTH));
    } catch (BucketException e) {
      if (e.trouble() == Trouble.NOT_THERE) {
        throw new StoreException(StoreException.Reason.DAMAGED, "gone from the bucket");
      }
      throw failed(e);
    }
  }

  private Bucket lent() throws StoreException {
    Bucket lent = bucket;
    if (lent == null) {
      throw new StoreException(StoreException.Reason.ABORTED, "the bucket is not open");
    }
    return lent;
  }

  private StoreException failed(BucketException e) {
    trouble = e.trouble();
    return new StoreException(
        e.trouble() == Trouble.FULL ? StoreException.Reason.FULL : StoreException.Reason.ABORTED,
        "the bucket: " + e.getMessage());
  }

  @Override
  public void apply(Batch batch) throws StoreException {
    Map<StorageKey, @Nullable Kept> changed = new HashMap<>();
    Batch local = new Batch();
    for (Change change : batch.changes()) {
      switch (change) {
        case PutBlock put -> {
          boolean away = isLent() && isForOthers(put.key(), batch);
          if (away) {
            upload(put);
            changed.put(put.key(), new Kept(put.encoded().length(), false));
          } else {
            local.putBlock(put.key(), put.encoded());
            if (isThere(put.key())) {
              changed.put(put.key(), null);
            }
          }
        }
        case RemoveBlock remove -> {
          local.removeBlock(remove.key());
          if (isThere(remove.key())) {
            changed.put(remove.key(), null);
          }
        }
        case PutRecord put -> local.putRecord(put.table(), put.key(), put.value());
        case RemoveRecord remove -> local.removeRecord(remove.table(), remove.key());
      }
    }
    changed.forEach((key, one) -> note(key, one, local));
    store.apply(local);
    synchronized (this) {
      for (Map.Entry<StorageKey, @Nullable Kept> entry : changed.entrySet()) {
        Kept one = entry.getValue();
        if (one == null) {
          kept.remove(entry.getKey());
        } else {
          kept.put(entry.getKey(), one);
        }
      }
    }
    for (Change change : batch.changes()) {
      if (change instanceof RemoveBlock remove && changed.containsKey(remove.key())) {
        forget(remove.key());
      }
    }
  }

  private static void note(StorageKey key, @Nullable Kept one, Batch local) {
    if (one == null) {
      local.removeRecord(Table.BUCKET, key.bytes());
    } else {
      local.removeBlock(key).putRecord(Table.BUCKET, key.bytes(), one.encoded());
    }
  }

  private void upload(PutBlock put) throws StoreException {
    try {
      lent().put(put.key().toString(), put.encoded());
      trouble = null;
    } catch (BucketException e) {
      throw failed(e);
    }
  }

  /** In a task of its own would be too late: the same key may be put again. */
  private void forget(StorageKey key) {
    Bucket lent = bucket;
    if (lent != null) {
      try {
        lent.delete(key.toString());
      } catch (BucketException e) {
        // An object too many; nothing relies on it.
        trouble = e.trouble();
      }
    }
  }

  /** Whether the batch says that it keeps the block for others and not for itself. */
  private static boolean isForOthers(StorageKey key, Batch batch) {
    for (Change change : batch.changes()) {
      if (change instanceof PutRecord put
          && put.table() == Table.HELD
          && put.key().equals(key.bytes())) {
        try {
          return !Holding.decode(put.value()).own();
        } catch (MalformedFrameException e) {
          return false;
        }
      }
    }
    return false;
  }

  @Override
  public List<StorageKey> present(List<StorageKey> keys) throws StoreException {
    List<StorageKey> here = new ArrayList<>(store.present(keys));
    for (StorageKey key : keys) {
      if (isThere(key) && !here.contains(key)) {
        here.add(key);
      }
    }
    return here;
  }

  @Override
  public List<StorageKey> keys() throws StoreException {
    List<StorageKey> all = new ArrayList<>(store.keys());
    all.addAll(onlyThere());
    return all.stream().distinct().sorted().toList();
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
    Usage own = store.usage();
    Count count = count();
    return new Usage(
        own.usedBytes() + count.bytes(),
        own.grantedBytes() + (long) slots * Block.MAX_LENGTH,
        own.persistent());
  }

  @Override
  public void close() {
    store.close();
  }

  /** Refuses what comes from now on. Never suspends. */
  void end() {
    store.end();
  }

  /** Waits for what was under way at the end. Suspends. */
  void settle() {
    store.settle();
  }
}
