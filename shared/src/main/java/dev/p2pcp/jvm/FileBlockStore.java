package dev.p2pcp.jvm;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.Growth;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.block.StoreException.Reason;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.jvm.StoreIndex.Located;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store in a directory.
 *
 * <pre>
 * lock               held while the store is open
 * journal            what is stored where, and all records; see {@link Journal} and {@link StoreIndex}
 * blocks/3/3172      the bytes of one block; a file is written once and never changed
 * </pre>
 *
 * <p>A batch first writes its blocks to new files and then one journal entry, which is the moment
 * it happens; both are on disk before {@link #apply} returns. Files that no entry names, left by a
 * crash, are removed on opening. The journal is rewritten when most of it is history.
 *
 * <p>Lock order: {@code writing}, then {@code indexLock}.
 */
public final class FileBlockStore implements BlockStore {
  /**
   * History that the journal may carry before it is rewritten, beside twice the state, in bytes.
   */
  private static final long JOURNAL_SLACK = 1024 * 1024;

  private static final int FILES_PER_FOLDER_BITS = 10;
  private static final int FOLDERS = 256;

  private final Path folder;
  private final long limitBytes;
  private final long journalSlack;
  private final FileOutputStream lockFile;
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantReadWriteLock indexLock = new ReentrantReadWriteLock();
  private final StoreIndex index = new StoreIndex();
  private final Journal journal;
  private final Deque<Long> doomed = new ArrayDeque<>();
  private long nextFile;
  private long compactAt;
  private volatile boolean closed;

  /**
   * Opens or creates a store that may use so many bytes of keys and values.
   *
   * @throws StoreException {@code CLOSED} if another store has the directory open, {@code DAMAGED}
   *     if what is there was altered, {@code ABORTED} if the directory cannot be used
   */
  public static FileBlockStore open(Path folder, long limitBytes) throws StoreException {
    return open(folder, limitBytes, JOURNAL_SLACK);
  }

  static FileBlockStore open(Path folder, long limitBytes, long journalSlack)
      throws StoreException {
    try {
      Files.createDirectories(folder.resolve("blocks"));
      FileOutputStream lockFile = lock(folder.resolve("lock"));
      try {
        return new FileBlockStore(folder, limitBytes, journalSlack, lockFile);
      } catch (IOException | StoreException e) {
        lockFile.close();
        throw e;
      }
    } catch (IOException e) {
      throw failed(Reason.ABORTED, e);
    }
  }

  private FileBlockStore(Path folder, long limitBytes, long journalSlack, FileOutputStream lockFile)
      throws IOException, StoreException {
    this.folder = folder;
    this.limitBytes = limitBytes;
    this.journalSlack = journalSlack;
    this.lockFile = lockFile;
    journal =
        Journal.open(
            folder,
            body -> {
              var _ = index.follow(body);
            });
    nextFile = index.nextFile();
    removeStrays();
    compactAt = journalSlack + 2 * index.snapshotBytes();
  }

  @Override
  public Optional<Bytes> block(StorageKey key) throws StoreException {
    // Under the lock, so that the file is not removed between looking up and reading.
    return reading(
        () -> {
          Located located = index.located(key);
          return located == null ? Optional.empty() : Optional.of(load(located));
        });
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
    writing.lock();
    try {
      requireOpen();
      List<Change> changes = batch.changes();
      long growth = Growth.of(changes, index);
      if (growth > 0 && index.usedBytes() + growth > limitBytes) {
        throw new StoreException(Reason.FULL, "the store is full");
      }
      commit(changes);
      removeDoomed();
      compactIfLong();
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void close() {
    writing.lock();
    indexLock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        journal.close();
        lockFile.close();
      }
    } catch (IOException e) {
      // Everything acknowledged is on disk already; a handle that cannot be closed is a broken
      // program.
      throw new IllegalStateException("the store's files cannot be closed", e);
    } finally {
      indexLock.writeLock().unlock();
      writing.unlock();
    }
  }

  private void commit(List<Change> changes) throws StoreException {
    List<Located> written = new ArrayList<>();
    Bytes entry;
    try {
      writeBlocks(changes, written);
      entry = StoreIndex.entry(changes, written.iterator());
      journal.append(entry);
    } catch (IOException e) {
      if (journal.isBroken()) {
        // Only opening again can tell whether the batch happened, so its files stay until then.
        close();
      } else {
        written.forEach(located -> doomed.add(located.file()));
        removeDoomed();
      }
      throw failed(isDiskFull(changes) ? Reason.FULL : Reason.ABORTED, e);
    }
    indexLock.writeLock().lock();
    try {
      doomed.addAll(index.follow(entry));
    } catch (MalformedFrameException e) {
      throw new IllegalStateException("own entry is malformed", e);
    } finally {
      indexLock.writeLock().unlock();
    }
  }

  // Adds each file to the list before it is written, so that the caller can remove it after a
  // failure.
  private void writeBlocks(List<Change> changes, List<Located> written) throws IOException {
    Set<Path> touched = new LinkedHashSet<>();
    for (Change change : changes) {
      if (change instanceof PutBlock(StorageKey key, Bytes encoded)) {
        Located located = new Located(nextFile++, encoded.length(), Journal.crc(encoded));
        written.add(located);
        Path file = file(located.file());
        Path parent = folder(located.file());
        if (!Files.isDirectory(parent)) {
          Files.createDirectories(parent);
          touched.add(folder.resolve("blocks"));
        }
        Durable.write(file, encoded);
        touched.add(parent);
      }
    }
    for (Path path : touched) {
      Durable.syncNames(path);
    }
  }

  private Bytes load(Located located) throws StoreException {
    byte[] read;
    try {
      read = Files.readAllBytes(file(located.file()));
    } catch (NoSuchFileException e) {
      throw failed(Reason.DAMAGED, e);
    } catch (IOException e) {
      throw failed(Reason.ABORTED, e);
    }
    Bytes encoded = Bytes.wrap(read);
    if (read.length != located.length() || Journal.crc(encoded) != located.crc()) {
      throw new StoreException(Reason.DAMAGED, "a block is not as it was written");
    }
    return encoded;
  }

  // What cannot be removed now is tried again with the next batch, and on opening.
  private void removeDoomed() {
    for (int left = doomed.size(); left > 0; left--) {
      long file = doomed.remove();
      try {
        Files.deleteIfExists(file(file));
      } catch (IOException e) {
        doomed.add(file);
      }
    }
  }

  private void removeStrays() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("blocks"), 2)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        if (!index.uses(number(file))) {
          Files.delete(file);
        }
      }
    }
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
        close();
      } else {
        // The old journal is whole and goes on; most likely there is no room for two just now.
        compactAt = 2 * journal.length();
      }
    }
  }

  private boolean isDiskFull(List<Change> changes) {
    long needed = 0;
    for (Change change : changes) {
      if (change instanceof PutBlock put) {
        needed += put.encoded().length();
      }
    }
    try {
      return Files.getFileStore(folder).getUsableSpace() < needed + JOURNAL_SLACK;
    } catch (IOException e) {
      return false;
    }
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

  private Path folder(long number) {
    return folder
        .resolve("blocks")
        .resolve(Long.toString((number >> FILES_PER_FOLDER_BITS) % FOLDERS));
  }

  private Path file(long number) {
    return folder(number).resolve(Long.toString(number));
  }

  // A name that is no number is a stray as well: no file has number −1.
  private static long number(Path file) {
    String name = String.valueOf(file.getFileName());
    boolean isNumber = name.length() < 19 && name.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Long.parseLong(name) : -1;
  }

  private static FileOutputStream lock(Path file) throws IOException, StoreException {
    FileOutputStream out = new FileOutputStream(file.toFile());
    FileLock lock = null;
    try {
      lock = tryLock(out);
    } finally {
      if (lock == null) {
        out.close();
      }
    }
    if (lock == null) {
      throw new StoreException(Reason.CLOSED, "another store has the directory open");
    }
    return out;
  }

  private static @Nullable FileLock tryLock(FileOutputStream out) throws IOException {
    try {
      return out.getChannel().tryLock();
    } catch (OverlappingFileLockException e) {
      // Another store of this very program.
      return null;
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
