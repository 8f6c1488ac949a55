package dev.p2pcp.node;

import dev.p2pcp.bytes.Bytes;

/** The bytes of a file to store, read piece by piece: a Blob in the browser. */
public interface FileSource {
  long size();

  /**
   * Reads so many bytes from there. Suspends.
   *
   * @throws ItemException if they can't be read any more, as a file that was changed meanwhile
   */
  Bytes read(long from, int length) throws ItemException;
}
