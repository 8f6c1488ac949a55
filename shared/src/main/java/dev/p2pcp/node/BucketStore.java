package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bucket.Bucket;
import dev.p2pcp.bucket.BucketException;
import dev.p2pcp.bucket.Trouble;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.platform.Clock;
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
  /** Before the names of what others leave. */
  private static final String LEFT = "left-";

  private final LeasedStore store;
  private final BucketOffers offers;
  private final BucketContents contents = new BucketContents();
  private volatile @Nullable Lent lent;
  private volatile @Nullable Trouble trouble;
  private volatile int slots;
  private boolean closing;
  private int writing;

  /** One bucket, as far as others may make this device ask it, and for what must be asked. */
  record Lent(Bucket forOthers, Bucket sure) {}

  BucketStore(LeasedStore store, Clock clock) {
    this.store = store;
    this.offers = new BucketOffers(clock);
  }

  /** Reads what is in the bucket, without asking it. Suspends. */
  void load() throws StoreException {
    contents.load(store.records(Table.BUCKET));
  }

  /** Keeps blocks of others there from now on, so many at most. Never suspends. */
  synchronized void use(Lent bucket, int room) {
    lent = bucket;
    slots = room;
    trouble = null;
    closing = false;
    offers.clear();
  }

  /** Puts nothing more there, as it is to be lent no more. Never suspends. */
  synchronized void takeNoMore() {
    closing = true;
  }

  /** Whether it is closed and only what {@link BucketContents#onlyThere} tells of depends on it. */
  synchronized boolean isQuiet() {
    return closing && writing == 0;
  }

  /** Knows nothing of it any more; what only it had is as good as lost. Suspends. */
  void leave() throws StoreException {
    Batch batch = new Batch();
    contents.clear().forEach(key -> batch.removeRecord(Table.BUCKET, key.bytes()));
    synchronized (this) {
      lent = null;
      slots = 0;
      trouble = null;
      offers.clear();
    }
    if (!batch.isEmpty()) {
      store.apply(batch);
    }
  }

  /** Whether something is to be put there now, which {@link #wrote} ends. */
  private synchronized boolean mayWrite() {
    boolean may = lent != null && !closing;
    writing += may ? 1 : 0;
    return may;
  }

  private synchronized void wrote() {
    writing--;
  }

  /** What was wrong when the bucket was asked last. */
  Optional<Trouble> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** What is wrong with it now; null if nothing is. Never suspends. */
  void noted(@Nullable Trouble what) {
    trouble = what;
  }

  /** What is known to be in the bucket. Never suspends. */
  BucketContents contents() {
    return contents;
  }

  /** Puts a block of this device there as well, if it is not there yet. Suspends. */
  void copy(StorageKey key) throws StoreException, BucketException {
    if (contents.has(key) || !mayWrite()) {
      return;
    }
    try {
      Optional<Bytes> block = store.block(key);
      if (block.isPresent()) {
        bucket().sure.put(key.toString(), block.get());
        trouble = null;
        copied(key, block.get());
      }
    } finally {
      wrote();
    }
  }

  private void copied(StorageKey key, Bytes block) throws StoreException {
    BucketContents.Kept copy = new BucketContents.Kept(block.length(), true);
    store.apply(new Batch().putRecord(Table.BUCKET, key.bytes(), copy.encoded()));
    // It may have been replaced meanwhile, which the next look mends.
    if (store.block(key).filter(block::equals).isPresent()) {
      contents.put(key, copy);
    }
  }

  @Override
  public Optional<String> link(StorageKey key) {
    Lent open = lent;
    BucketContents.Kept one = contents.of(key);
    if (open == null || one == null || one.here()) {
      return Optional.empty();
    }
    String name = key.toString();
    return offers.of(
        name, one.size(), () -> open.forOthers.offered(name, one.size(), BucketOffers.LIFE));
  }

  @Override
  public Optional<String> place(Bytes name, int length, Bytes sha256) {
    Lent open = lent;
    String left = LEFT + name.hex();
    return open == null
        ? Optional.empty()
        : offers.of(
            left, length, () -> open.forOthers.wanted(left, length, sha256, BucketOffers.LIFE));
  }

  /** A URL by which it was left may be used again, but nothing is read by this name any more. */
  @Override
  public Optional<Bytes> left(Bytes name) throws StoreException {
    String left = LEFT + name.hex();
    Optional<Integer> length = offers.use(left);
    if (length.isEmpty()) {
      return Optional.empty();
    }
    Bucket bucket = bucket().forOthers;
    try {
      Bytes found = bucket.get(left, Block.MAX_LENGTH, length.get());
      bucket.delete(left);
      return Optional.of(found);
    } catch (BucketException e) {
      if (e.trouble() == Trouble.NOT_THERE) {
        return Optional.empty();
      }
      throw failed(e);
    }
  }

  @Override
  public Optional<Bytes> block(StorageKey key) throws StoreException {
    return read(key, false);
  }

  @Override
  public Optional<Bytes> shown(StorageKey key) throws StoreException {
    return read(key, true);
  }

  private Optional<Bytes> read(StorageKey key, boolean must) throws StoreException {
    BucketContents.Kept one = contents.of(key);
    if (one == null || one.here()) {
      return store.block(key);
    }
    Lent open = bucket();
    Bucket bucket = must ? open.sure : open.forOthers;
    try {
      return Optional.of(bucket.get(key.toString(), Block.MAX_LENGTH, one.size()));
    } catch (BucketException e) {
      if (e.trouble() == Trouble.NOT_THERE) {
        throw new StoreException(StoreException.Reason.DAMAGED, "gone from the bucket");
      }
      throw failed(e);
    }
  }

  private Lent bucket() throws StoreException {
    Lent open = lent;
    if (open == null) {
      throw new StoreException(StoreException.Reason.ABORTED, "the bucket is not open");
    }
    return open;
  }

  private StoreException failed(BucketException e) {
    trouble = e.trouble();
    return new StoreException(
        e.trouble() == Trouble.FULL ? StoreException.Reason.FULL : StoreException.Reason.ABORTED,
        "the bucket: " + e.getMessage());
  }

  @Override
  public void apply(Batch batch) throws StoreException {
    boolean lending = mayWrite();
    List<StorageKey> gone;
    try {
      gone = write(batch, lending);
    } finally {
      if (lending) {
        wrote();
      }
    }
    for (StorageKey key : gone) {
      forget(key);
    }
  }

  /** Returns those that were in the bucket and are to go from there. */
  private List<StorageKey> write(Batch batch, boolean lending) throws StoreException {
    Map<StorageKey, BucketContents.@Nullable Kept> changed = new HashMap<>();
    List<StorageKey> gone = new ArrayList<>();
    Batch local = new Batch();
    for (Change change : batch.changes()) {
      switch (change) {
        case PutBlock put -> {
          if (lending && isForOthers(put.key(), batch)) {
            upload(put);
            changed.put(put.key(), new BucketContents.Kept(put.encoded().length(), false));
          } else {
            local.putBlock(put.key(), put.encoded());
            if (contents.has(put.key())) {
              changed.put(put.key(), null);
            }
          }
        }
        case RemoveBlock remove -> {
          local.removeBlock(remove.key());
          if (contents.has(remove.key())) {
            changed.put(remove.key(), null);
            gone.add(remove.key());
          }
        }
        case PutRecord put -> local.putRecord(put.table(), put.key(), put.value());
        case RemoveRecord remove -> local.removeRecord(remove.table(), remove.key());
      }
    }
    changed.forEach((key, one) -> note(key, one, local));
    store.apply(local);
    contents.change(changed);
    return gone;
  }

  private static void note(StorageKey key, BucketContents.@Nullable Kept one, Batch local) {
    if (one == null) {
      local.removeRecord(Table.BUCKET, key.bytes());
    } else {
      local.removeBlock(key).putRecord(Table.BUCKET, key.bytes(), one.encoded());
    }
  }

  private void upload(PutBlock put) throws StoreException {
    try {
      bucket().forOthers.put(put.key().toString(), put.encoded());
      trouble = null;
    } catch (BucketException e) {
      throw failed(e);
    }
  }

  /** In a task of its own would be too late: the same key may be put again. */
  private void forget(StorageKey key) {
    Lent open = lent;
    if (open == null) {
      return;
    }
    try {
      open.sure.delete(key.toString());
    } catch (BucketException e) {
      // An object too many; nothing relies on it.
      trouble = e.trouble();
      synchronized (this) {
        // Whoever leaves does not wait for each one that remains.
        lent = closing ? null : lent;
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
      if (contents.has(key) && !here.contains(key)) {
        here.add(key);
      }
    }
    return here;
  }

  @Override
  public List<StorageKey> keys() throws StoreException {
    List<StorageKey> all = new ArrayList<>(store.keys());
    all.addAll(contents.onlyThere());
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

  /** Without the bucket, as own blocks stay on the device. */
  @Override
  public Usage usage() throws StoreException {
    return store.usage();
  }

  /** Room for blocks of others as well. Suspends. */
  Usage usageWithBucket() throws StoreException {
    Usage own = store.usage();
    return new Usage(
        own.usedBytes() + contents.bytes(),
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
