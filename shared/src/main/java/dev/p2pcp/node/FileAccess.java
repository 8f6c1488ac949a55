package dev.p2pcp.node;

import dev.p2pcp.bytes.Bytes;

/** Reads files of whoever gave the link. Methods suspend; any number of tasks may call. */
public interface FileAccess {
  /** What a file is. */
  FileInfo info(FileLink link) throws ItemException;

  /** Some bytes of a file, at most 1 MiB, fewer at its end. */
  Bytes part(FileLink link, long from, int length) throws ItemException;
}
