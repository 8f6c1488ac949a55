package dev.p2pcp.jvm;

import dev.p2pcp.bytes.Bytes;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Blocks in files of slots, each with room for the longest block: what is lent is what the disk
 * must have, files never need to be tidied up, and a short block takes only the pages that it
 * fills, as the rest of its slot is never written.
 *
 * <pre>
 * slots/0       slots 0 to 1023, of 65 pages of 4096 bytes each; a block begins at its slot
 * slots/1       slots 1024 to 2047 …
 * </pre>
 *
 * <p>The lowest free slot is taken first, so that a new shelf is written in sequence. Plain files
 * instead of channels, as a channel closes when its thread is interrupted.
 */
final class SlotShelf implements Shelf {
  /** Bytes of a slot. */
  static final int SLOT = LONGEST;

  static final int SLOTS_PER_FILE = 1024;

  private final Path folder;
  private final ReentrantLock lock = new ReentrantLock();
  private final BitSet taken = new BitSet();
  private final Map<Integer, Writer> writers = new HashMap<>();

  SlotShelf(Path folder) throws IOException {
    this.folder = folder.resolve("slots");
    Files.createDirectories(this.folder);
    Durable.syncNames(folder);
  }

  @Override
  public long take() {
    lock.lock();
    try {
      int slot = taken.nextClearBit(0);
      taken.set(slot);
      return slot;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void begin(Iterable<Placed> places) {
    lock.lock();
    try {
      places.forEach(place -> taken.set(slot(place)));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Writing write(Placed at, Bytes encoded) {
    return () -> writer(slot(at) / SLOTS_PER_FILE).write(offset(at), encoded);
  }

  @Override
  public void sync(Collection<Placed> written) throws IOException {
    Set<Integer> files = new TreeSet<>();
    written.forEach(place -> files.add(slot(place) / SLOTS_PER_FILE));
    for (int file : files) {
      writer(file).sync();
    }
  }

  @Override
  public Bytes read(Placed at, int length) throws IOException {
    Path file = file(slot(at) / SLOTS_PER_FILE);
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    byte[] bytes = new byte[length];
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(offset(at));
      in.readFully(bytes);
    }
    return Bytes.wrap(bytes);
  }

  @Override
  public void free(Placed at) {
    lock.lock();
    try {
      taken.clear(slot(at));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long room() {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      for (Writer writer : writers.values()) {
        writer.close();
      }
      writers.clear();
    } finally {
      lock.unlock();
    }
  }

  private static int slot(Placed at) {
    return Math.toIntExact(at.place());
  }

  private static long offset(Placed at) {
    return (long) (slot(at) % SLOTS_PER_FILE) * SLOT;
  }

  private Path file(int number) {
    return folder.resolve(Integer.toString(number));
  }

  private Writer writer(int number) throws IOException {
    lock.lock();
    try {
      Writer writer = writers.get(number);
      if (writer == null) {
        boolean isNew = !Files.exists(file(number));
        writer = new Writer(new RandomAccessFile(file(number).toFile(), "rw"));
        writers.put(number, writer);
        if (isNew) {
          Durable.syncNames(folder);
        }
      }
      return writer;
    } finally {
      lock.unlock();
    }
  }

  /** One file that is written to, by one thread at a time. */
  private static final class Writer {
    private final RandomAccessFile file;
    private final ReentrantLock turn = new ReentrantLock();

    Writer(RandomAccessFile file) {
      this.file = file;
    }

    void write(long offset, Bytes encoded) throws IOException {
      turn.lock();
      try {
        file.seek(offset);
        file.write(encoded.unsafeArray());
      } finally {
        turn.unlock();
      }
    }

    /** Not in turn: what others write meanwhile waits for a sync of its own. */
    void sync() throws IOException {
      if (!file.getFD().valid()) {
        throw new EOFException("the file is closed");
      }
      file.getFD().sync();
    }

    void close() throws IOException {
      file.close();
    }
  }
}
