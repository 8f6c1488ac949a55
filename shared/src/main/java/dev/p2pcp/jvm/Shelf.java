package dev.p2pcp.jvm;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;

/**
 * Where the bytes of blocks lie; the journal of a {@link JournaledStore} says which of them count.
 * A place holds one block and is never written twice between {@link #take} and {@link #free}, so
 * that a crash leaves what counts untouched. For any number of threads.
 */
public interface Shelf extends AutoCloseable {
  /** Bytes that a place has room for: a block and a page. */
  int LONGEST = Block.MAX_LENGTH + 4096;

  /** A block of the journal and the place it is in. */
  record Placed(long place, StorageKey key) {}

  /** A place that nothing is in. Never waits. */
  long take();

  /**
   * Learns at the start which places are taken; whatever lies in others was left by a crash and may
   * be removed.
   */
  void begin(Iterable<Placed> taken) throws IOException;

  /** A block that is being written. */
  @FunctionalInterface
  interface Writing {
    /** Waits until it is written; it need not last before {@link #sync}. */
    void await() throws IOException;
  }

  /** There is no room, or more may not be spent. */
  final class FullException extends IOException {
    private static final long serialVersionUID = 1L;

    public FullException(String why) {
      super(why);
    }
  }

  /** Begins to write a block. */
  Writing write(Placed at, Bytes encoded);

  /**
   * Makes what was written in these places last.
   *
   * @throws IOException if it may not; what was written anywhere since is then not to be trusted
   */
  void sync(Collection<Placed> written) throws IOException;

  /**
   * Reads a block.
   *
   * @throws java.nio.file.NoSuchFileException if nothing is there
   * @throws java.io.EOFException if less is there
   */
  Bytes read(Placed at, int length) throws IOException;

  /** A URL at which anybody can read the block for some minutes, where there is such. */
  default Optional<String> link(Placed at) {
    return Optional.empty();
  }

  /** Nothing counts here any more: the place may be taken again. Never fails. */
  void free(Placed at);

  /** Bytes that can still be written, as far as that is known. */
  long room();

  @Override
  void close() throws IOException;
}
