package dev.p2pcp.jvm;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.block.StoreException.Reason;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * An append-only file of entries, each there as a whole or not at all.
 *
 * <pre>
 * "p2pcpst2" ‖ entry ‖ entry …
 *   entry: body length u32 ‖ CRC-32C of body u32 ‖ CRC-32C of the eight bytes before u32 ‖ body
 * </pre>
 *
 * <p>A crash can only leave the last entry torn: cut off, or with sectors that were never written.
 * Opening drops such an entry. Whatever else does not check was altered after it was written and is
 * reported as damage; guessing where the next entry begins could bring back what was removed.
 *
 * <p>Not for several threads. Plain streams instead of channels, as a channel closes when its
 * thread is interrupted.
 */
final class Journal implements Closeable {
  private static final Bytes MAGIC = Bytes.utf8("p2pcpst2");
  private static final int HEADER = 12;
  private static final int CHECKED_HEADER = 8;

  private static final String NAME = "journal";

  private final Path folder;
  private RandomAccessFile out;
  private long length;

  private Journal(Path folder, RandomAccessFile out, long length) {
    this.folder = folder;
    this.out = out;
    this.length = length;
  }

  /** Takes the entries of a journal that is opened, in order. */
  @FunctionalInterface
  interface Replay {
    void entry(Bytes body) throws MalformedFrameException;
  }

  /**
   * Opens the journal of a directory, or creates it, and replays what is there.
   *
   * @throws StoreException with {@code DAMAGED} if an entry is there but not as it was written
   */
  static Journal open(Path folder, Replay replay) throws IOException, StoreException {
    Path file = folder.resolve(NAME);
    if (!Files.exists(file)) {
      moveInPlace(writeBeside(folder, List.<Bytes>of().iterator()), folder);
    }
    long whole = replay(file, replay);
    RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw");
    if (whole < out.length()) {
      out.setLength(whole);
      out.getFD().sync();
    }
    out.seek(whole);
    return new Journal(folder, out, whole);
  }

  /** Bytes of the file. */
  long length() {
    return length;
  }

  /**
   * Appends an entry; it is on disk when this returns.
   *
   * @throws IOException if it was not written; the file is then as before, unless that failed too
   *     and {@link #isBroken()}
   */
  void append(Bytes body) throws IOException {
    try {
      out.write(entry(body).unsafeArray());
      out.getFD().sync();
      length += HEADER + body.length();
    } catch (IOException e) {
      undo(e);
      throw e;
    }
  }

  /**
   * Replaces all entries by others in one step.
   *
   * @throws IOException if that failed; the old entries are then still there, unless {@link
   *     #isBroken()}
   */
  void replace(Iterator<Bytes> bodies) throws IOException {
    Path fresh = writeBeside(folder, bodies);
    try {
      moveInPlace(fresh, folder);
      RandomAccessFile replaced = new RandomAccessFile(folder.resolve(NAME).toFile(), "rw");
      out.close();
      out = replaced;
      length = out.length();
      out.seek(length);
    } catch (IOException e) {
      // The open file may be one that has lost its name: nothing more must be written to it.
      length = -1;
      throw e;
    }
  }

  /** Whether only opening again can tell what the file holds; nothing more can be written. */
  boolean isBroken() {
    return length < 0;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void undo(IOException cause) {
    try {
      out.setLength(length);
      out.seek(length);
      out.getFD().sync();
    } catch (IOException e) {
      cause.addSuppressed(e);
      length = -1;
    }
  }

  private static Path writeBeside(Path folder, Iterator<Bytes> bodies) throws IOException {
    Path fresh = folder.resolve(NAME + ".new");
    try (FileOutputStream raw = new FileOutputStream(fresh.toFile());
        BufferedOutputStream buffered = new BufferedOutputStream(raw)) {
      buffered.write(MAGIC.unsafeArray());
      while (bodies.hasNext()) {
        buffered.write(entry(bodies.next()).unsafeArray());
      }
      buffered.flush();
      raw.getFD().sync();
    }
    return fresh;
  }

  private static void moveInPlace(Path fresh, Path folder) throws IOException {
    Files.move(
        fresh,
        folder.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    Durable.syncNames(folder);
  }

  private static Bytes entry(Bytes body) {
    Bytes head = new ByteWriter(CHECKED_HEADER).u32(body.length()).u32(crc(body)).toBytes();
    return new ByteWriter(HEADER + body.length()).bytes(head).u32(crc(head)).bytes(body).toBytes();
  }

  // Returns how many bytes are whole entries.
  private static long replay(Path file, Replay replay) throws IOException, StoreException {
    long size = Files.size(file);
    long at = MAGIC.length();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(new FileInputStream(file.toFile())))) {
      // A journal gets its name only once its head is on disk, so a shorter file is no torn one.
      if (!Bytes.wrap(in.readNBytes(MAGIC.length())).equals(MAGIC)) {
        throw damaged("no journal");
      }
      while (size - at >= HEADER) {
        Bytes header = Bytes.wrap(in.readNBytes(HEADER));
        Bytes head = header.slice(0, CHECKED_HEADER);
        if (crc(head) != u32(header, CHECKED_HEADER)) {
          if (isZero(header)) {
            return at;
          }
          throw damaged("entry header");
        }
        long bodyLength = u32(header, 0);
        long end = at + HEADER + bodyLength;
        if (end > size) {
          return at;
        }
        Bytes body = Bytes.wrap(in.readNBytes(Math.toIntExact(bodyLength)));
        if (crc(body) != u32(header, 4)) {
          if (end == size) {
            return at;
          }
          throw damaged("entry");
        }
        replay.entry(body);
        at = end;
      }
    } catch (MalformedFrameException e) {
      throw damaged(String.valueOf(e.getMessage()));
    }
    return at;
  }

  private static boolean isZero(Bytes bytes) {
    for (int i = 0; i < bytes.length(); i++) {
      if (bytes.at(i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static long u32(Bytes bytes, int at) {
    long value = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      value = value << 8 | bytes.at(at + i) & 0xff;
    }
    return value;
  }

  static long crc(Bytes bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.unsafeArray());
    return crc.getValue();
  }

  private static StoreException damaged(String what) {
    return new StoreException(Reason.DAMAGED, "the journal is damaged: " + what);
  }
}
