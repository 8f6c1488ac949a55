package dev.p2pcp.jvm;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.Growth;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.block.StoreException.Reason;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.jvm.Shelf.Placed;
import dev.p2pcp.jvm.StoreIndex.Located;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A store in a directory, whose blocks lie on a {@link Shelf}: in the same directory or elsewhere.
 *
 * <pre>
 * lock               held while the store is open
 * journal            what is stored where, and all records; see {@link Journal} and {@link StoreIndex}
 * slots/             the blocks, unless the shelf is elsewhere; see {@link SlotShelf}
 * </pre>
 *
 * <p>A batch first writes its blocks where nothing counts, then one journal entry, which is the
 * moment it happens; both are on disk before {@link #apply} returns. These are two stages. Batches
 * that come while a stage synchronises are taken together by it afterwards: one synchronisation of
 * the shelf and one of the journal for all of them. The journal is rewritten when most of it is
 * history.
 *
 * <p>Lock order: {@code planning}, then {@code indexLock}, then those of pins, shelf and stages.
 */
public final class JournaledStore implements BlockStore {
  /**
   * History that the journal may carry before it is rewritten, beside twice the state, in bytes.
   */
  private static final long JOURNAL_SLACK = 1024 * 1024;

  private final long limitBytes;
  private final long journalSlack;
  private final FolderLock lock;
  private final Shelf shelf;
  private final Pins pins;

  private final Stage shelving = new Stage("store-shelf", this::shelve);
  private final Stage journaling = new Stage("store-journal", this::journal);
  private final ReentrantLock planning = new ReentrantLock();
  private final ReentrantReadWriteLock indexLock = new ReentrantReadWriteLock();
  private final StoreIndex index = new StoreIndex();
  private final Journal journal;
  private final AtomicBoolean released = new AtomicBoolean();
  private long promised;
  private long compactAt;
  private volatile boolean closed;

  /** Set once the disk may have lost something that was written; then it closes itself. */
  private volatile boolean broken;

  /** Makes the shelf of a store once its directory is there and locked. */
  @FunctionalInterface
  public interface ShelfMaker {
    Shelf in(Path folder) throws IOException;
  }

  /**
   * Opens or creates a store that may use so many bytes of keys and values, with its blocks in the
   * same directory.
   *
   * @throws StoreException {@code CLOSED} if another store has the directory open, {@code DAMAGED}
   *     if what is there was altered, {@code ABORTED} if the directory cannot be used
   */
  public static JournaledStore open(Path folder, long limitBytes) throws StoreException {
    return open(folder, limitBytes, JOURNAL_SLACK, SlotShelf::new);
  }

  /** As {@link #open(Path, long)}, with the blocks on another shelf. */
  public static JournaledStore open(Path folder, long limitBytes, ShelfMaker shelf)
      throws StoreException {
    return open(folder, limitBytes, JOURNAL_SLACK, shelf);
  }

  static JournaledStore open(Path folder, long limitBytes, long journalSlack, ShelfMaker maker)
      throws StoreException {
    try {
      Files.createDirectories(folder);
      FolderLock lock = FolderLock.take(folder);
      try {
        return new JournaledStore(folder, limitBytes, journalSlack, lock, maker);
      } catch (IOException | StoreException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw failed(Reason.ABORTED, e);
    }
  }

  private JournaledStore(
      Path folder, long limitBytes, long journalSlack, FolderLock lock, ShelfMaker maker)
      throws IOException, StoreException {
    this.limitBytes = limitBytes;
    this.journalSlack = journalSlack;
    this.lock = lock;
    journal =
        Journal.open(
            folder,
            body -> {
              var _ = index.follow(body);
            });
    shelf = maker.in(folder);
    pins = new Pins(shelf);
    shelf.begin(index.places());
    compactAt = journalSlack + 2 * index.snapshotBytes();
    shelving.start();
    journaling.start();
  }

  @Override
  public Optional<Bytes> block(StorageKey key) throws StoreException {
    Located located =
        reading(
                () -> {
                  Located found = index.located(key);
                  if (found != null) {
                    pins.pin(new Placed(found.place(), key));
                  }
                  return Optional.ofNullable(found);
                })
            .orElse(null);
    if (located == null) {
      return Optional.empty();
    }
    Placed at = new Placed(located.place(), key);
    try {
      return Optional.of(load(at, located));
    } finally {
      pins.unpin(at);
    }
  }

  @Override
  public Optional<String> link(StorageKey key) {
    try {
      return reading(() -> Optional.ofNullable(index.located(key)))
          .flatMap(located -> shelf.link(new Placed(located.place(), key)));
    } catch (StoreException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<StorageKey> present(List<StorageKey> keys) throws StoreException {
    return reading(() -> keys.stream().filter(key -> index.located(key) != null).toList());
  }

  @Override
  public List<StorageKey> keys() throws StoreException {
    return reading(index::keys);
  }

  @Override
  public Optional<Bytes> record(Table table, Bytes key) throws StoreException {
    return reading(() -> Optional.ofNullable(index.value(table, key)));
  }

  @Override
  public Map<Bytes, Bytes> records(Table table) throws StoreException {
    return reading(() -> index.records(table));
  }

  @Override
  public Usage usage() throws StoreException {
    return reading(() -> new Usage(index.usedBytes(), limitBytes, true));
  }

  @Override
  public void apply(Batch batch) throws StoreException {
    admit(batch.changes()).await();
  }

  @Override
  public void close() {
    planning.lock();
    try {
      closed = true;
    } finally {
      planning.unlock();
    }
    if (released.getAndSet(true)) {
      return;
    }
    shelving.end();
    journaling.end();
    indexLock.writeLock().lock();
    try {
      journal.close();
      shelf.close();
      lock.close();
    } catch (IOException e) {
      // Everything acknowledged is on disk already; a handle that cannot be closed is a broken
      // program.
      throw new IllegalStateException("the store's files cannot be closed", e);
    } finally {
      indexLock.writeLock().unlock();
    }
  }

  /** Takes room and places for a batch, and sends it on its way. */
  private Commit admit(List<Change> changes) throws StoreException {
    for (Change change : changes) {
      if (change instanceof PutBlock put && put.encoded().length() > Shelf.LONGEST) {
        throw new IllegalArgumentException("no block has " + put.encoded().length() + " bytes");
      }
    }
    planning.lock();
    try {
      long growth = reading(() -> Growth.of(changes, index));
      if (growth > 0 && index.usedBytes() + promised + growth > limitBytes) {
        throw new StoreException(Reason.FULL, "the store is full");
      }
      Commit commit = new Commit(changes, Math.max(0, growth));
      promised += commit.room;
      for (Change change : changes) {
        if (change instanceof PutBlock put) {
          commit.placed.add(new Placed(shelf.take(), put.key()));
        }
      }
      shelving.add(List.of(commit));
      return commit;
    } finally {
      planning.unlock();
    }
  }

  /** The first stage. */
  private void shelve(List<Commit> together) {
    List<List<Shelf.Writing>> writings = together.stream().map(this::begin).toList();
    List<Commit> written = new ArrayList<>();
    List<Placed> places = new ArrayList<>();
    for (int i = 0; i < together.size(); i++) {
      Commit commit = together.get(i);
      if (isWritten(commit, writings.get(i))) {
        written.add(commit);
        places.addAll(commit.placed);
      }
    }
    try {
      shelf.sync(places);
      journaling.add(written);
    } catch (IOException e) {
      // What others wrote before may be lost with it, and no later call would tell: only opening
      // again shows what is there.
      broken();
      written.forEach(commit -> fail(commit, failed(Reason.ABORTED, e)));
    }
  }

  private List<Shelf.Writing> begin(Commit commit) {
    List<Shelf.Writing> writings = new ArrayList<>();
    for (Change change : commit.changes) {
      if (change instanceof PutBlock(StorageKey key, Bytes encoded)) {
        Placed at = commit.placed.get(writings.size());
        writings.add(shelf.write(at, encoded));
        commit.located.add(new Located(at.place(), encoded.length(), Journal.crc(encoded)));
      }
    }
    return writings;
  }

  private boolean isWritten(Commit commit, List<Shelf.Writing> writings) {
    IOException failure = broken ? new IOException("the store failed before") : null;
    // All of them, as none may go on once its place is given back.
    for (Shelf.Writing writing : writings) {
      try {
        writing.await();
      } catch (IOException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      boolean full = failure instanceof Shelf.FullException || isDiskFull(commit);
      fail(commit, failed(full ? Reason.FULL : Reason.ABORTED, failure));
    }
    return failure == null;
  }

  /** The second stage. */
  private void journal(List<Commit> together) {
    List<Bytes> entries = new ArrayList<>();
    for (Commit commit : together) {
      entries.add(StoreIndex.entry(commit.changes, commit.located.iterator()));
    }
    Bytes entry = Bytes.concat(entries.toArray(new Bytes[0]));
    try {
      if (journal.isBroken()) {
        throw new IOException("the journal failed before");
      }
      journal.append(entry);
    } catch (IOException e) {
      Reason reason = shelf.room() < JOURNAL_SLACK ? Reason.FULL : Reason.ABORTED;
      if (journal.isBroken()) {
        broken();
      }
      together.forEach(commit -> fail(commit, failed(reason, e)));
      return;
    }
    publish(together, entry);
    compactIfLong();
  }

  private void fail(Commit commit, StoreException why) {
    planning.lock();
    try {
      promised -= commit.room;
      // If the journal is broken it may have happened, so that its places stay as they are.
      if (!journal.isBroken()) {
        commit.placed.forEach(pins::free);
      }
    } finally {
      planning.unlock();
    }
    commit.failed(why);
  }

  private void publish(List<Commit> together, Bytes entry) {
    planning.lock();
    indexLock.writeLock().lock();
    try {
      index.follow(entry).forEach(pins::free);
      together.forEach(commit -> promised -= commit.room);
    } catch (MalformedFrameException e) {
      throw new IllegalStateException("own entry is malformed", e);
    } finally {
      indexLock.writeLock().unlock();
      planning.unlock();
    }
    together.forEach(Commit::done);
  }

  private Bytes load(Placed at, Located located) throws StoreException {
    Bytes encoded;
    try {
      encoded = shelf.read(at, located.length());
    } catch (NoSuchFileException | EOFException e) {
      throw failed(Reason.DAMAGED, e);
    } catch (IOException e) {
      throw failed(Reason.ABORTED, e);
    }
    if (Journal.crc(encoded) != located.crc()) {
      throw new StoreException(Reason.DAMAGED, "a block is not as it was written");
    }
    return encoded;
  }

  private void compactIfLong() {
    if (journal.length() <= compactAt) {
      return;
    }
    try {
      journal.replace(index.snapshot());
      compactAt = journalSlack + 2 * journal.length();
    } catch (IOException e) {
      if (journal.isBroken()) {
        broken();
      } else {
        // The old journal is whole and goes on; most likely there is no room for two just now.
        compactAt = 2 * journal.length();
      }
    }
  }

  private void broken() {
    broken = true;
    closed = true;
  }

  private boolean isDiskFull(Commit commit) {
    long needed = JOURNAL_SLACK;
    for (Change change : commit.changes) {
      needed += change instanceof PutBlock put ? put.encoded().length() : 0;
    }
    return shelf.room() < needed;
  }

  private <T> T reading(Reading<T> reading) throws StoreException {
    indexLock.readLock().lock();
    try {
      requireOpen();
      return reading.read();
    } finally {
      indexLock.readLock().unlock();
    }
  }

  private void requireOpen() throws StoreException {
    if (closed) {
      throw new StoreException(Reason.CLOSED, "the store is closed");
    }
  }

  private static StoreException failed(Reason reason, IOException cause) {
    StoreException failure = new StoreException(reason, cause.toString());
    failure.initCause(cause);
    return failure;
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read() throws StoreException;
  }
}
