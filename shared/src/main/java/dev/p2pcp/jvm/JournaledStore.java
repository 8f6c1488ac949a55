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
 * moment it happens; both are on disk before {@link #apply} returns. Batches that come while others
 * are being synchronised wait for each other and share one entry: two synchronisations for all of
 * them. The journal is rewritten when most of it is history.
 *
 * <p>Lock order: {@code turn}, then {@code planning}, then {@code indexLock}, then that of pins and
 * shelf.
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

  /** Held by who synchronises for all. */
  private final ReentrantLock turn = new ReentrantLock();

  private final ReentrantLock planning = new ReentrantLock();
  private final ReentrantReadWriteLock indexLock = new ReentrantReadWriteLock();
  private final StoreIndex index = new StoreIndex();
  private final Journal journal;
  private List<Commit> waiting = new ArrayList<>();
  private long promised;
  private long compactAt;
  private volatile boolean closed;

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
    Commit commit = admit(batch.changes());
    try {
      shelve(commit);
    } catch (IOException e) {
      Reason reason = isDiskFull(commit) ? Reason.FULL : Reason.ABORTED;
      planning.lock();
      try {
        drop(commit);
      } finally {
        planning.unlock();
      }
      throw failed(reason, e);
    }
    enqueue(commit);
    turn.lock();
    try {
      if (!commit.isDone()) {
        commitWaiting();
      }
      commit.result();
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void close() {
    turn.lock();
    try {
      closeFiles(new StoreException(Reason.CLOSED, "the store is closed"));
    } catch (IOException e) {
      // Everything acknowledged is on disk already; a handle that cannot be closed is a broken
      // program.
      throw new IllegalStateException("the store's files cannot be closed", e);
    } finally {
      turn.unlock();
    }
  }

  /** Takes room and places for a batch. */
  private Commit admit(List<Change> changes) throws StoreException {
    planning.lock();
    try {
      long growth = reading(() -> Growth.of(changes, index));
      if (growth > 0 && index.usedBytes() + promised + growth > limitBytes) {
        throw new StoreException(Reason.FULL, "the store is full");
      }
      Commit commit = new Commit(changes, Math.max(0, growth));
      promised += commit.room;
      for (Change change : changes) {
        if (change instanceof PutBlock(StorageKey key, Bytes encoded)) {
          long place = shelf.take();
          commit.placed.add(new Placed(place, key));
          commit.located.add(new Located(place, encoded.length(), Journal.crc(encoded)));
        }
      }
      return commit;
    } finally {
      planning.unlock();
    }
  }

  private void shelve(Commit commit) throws IOException {
    int next = 0;
    for (Change change : commit.changes) {
      if (change instanceof PutBlock put) {
        shelf.write(commit.placed.get(next++), put.encoded());
      }
    }
  }

  private void enqueue(Commit commit) throws StoreException {
    planning.lock();
    try {
      if (closed) {
        drop(commit);
        requireOpen();
      }
      waiting.add(commit);
    } finally {
      planning.unlock();
    }
  }

  /** Gives back what a batch had taken that will not happen. */
  private void drop(Commit commit) {
    promised -= commit.room;
    commit.placed.forEach(pins::free);
  }

  private List<Commit> takeWaiting() {
    planning.lock();
    try {
      List<Commit> taken = waiting;
      waiting = new ArrayList<>();
      return taken;
    } finally {
      planning.unlock();
    }
  }

  private void commitWaiting() {
    List<Commit> group = takeWaiting();
    List<Bytes> entries = new ArrayList<>();
    List<Placed> written = new ArrayList<>();
    for (Commit commit : group) {
      entries.add(StoreIndex.entry(commit.changes, commit.located.iterator()));
      written.addAll(commit.placed);
    }
    Bytes entry = Bytes.concat(entries.toArray(new Bytes[0]));
    try {
      shelf.sync(written);
    } catch (IOException e) {
      // What others wrote before may be lost with it, and no later call would tell: only opening
      // again shows what is there.
      fail(group, failed(Reason.ABORTED, e));
      broken(e);
      return;
    }
    try {
      journal.append(entry);
    } catch (IOException e) {
      fail(group, failed(shelf.room() < JOURNAL_SLACK ? Reason.FULL : Reason.ABORTED, e));
      if (journal.isBroken()) {
        broken(e);
      }
      return;
    }
    publish(group, entry);
    compactIfLong();
  }

  private void fail(List<Commit> group, StoreException why) {
    planning.lock();
    try {
      for (Commit commit : group) {
        // If the journal is broken they may have happened, so that their places stay as they are.
        if (!journal.isBroken()) {
          drop(commit);
        }
        commit.failed(why);
      }
    } finally {
      planning.unlock();
    }
  }

  private void publish(List<Commit> group, Bytes entry) {
    planning.lock();
    indexLock.writeLock().lock();
    try {
      index.follow(entry).forEach(pins::free);
      for (Commit commit : group) {
        promised -= commit.room;
        commit.done();
      }
    } catch (MalformedFrameException e) {
      throw new IllegalStateException("own entry is malformed", e);
    } finally {
      indexLock.writeLock().unlock();
      planning.unlock();
    }
  }

  private void broken(IOException cause) {
    try {
      closeFiles(failed(Reason.CLOSED, cause));
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void closeFiles(StoreException why) throws IOException {
    planning.lock();
    indexLock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        waiting.forEach(commit -> commit.failed(why));
        waiting = new ArrayList<>();
        journal.close();
        shelf.close();
        lock.close();
      }
    } finally {
      indexLock.writeLock().unlock();
      planning.unlock();
    }
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
        broken(e);
      } else {
        // The old journal is whole and goes on; most likely there is no room for two just now.
        compactAt = 2 * journal.length();
      }
    }
  }

  private boolean isDiskFull(Commit commit) {
    long needed = JOURNAL_SLACK;
    for (Located located : commit.located) {
      needed += located.length();
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
