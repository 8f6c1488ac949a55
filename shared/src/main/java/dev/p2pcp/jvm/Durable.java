package dev.p2pcp.jvm;

import dev.p2pcp.bytes.Bytes;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes that have reached the disk when they return. */
final class Durable {
  private static final boolean DIRECTORIES_OPEN = File.separatorChar == '/';

  private Durable() {}

  /** Creates or replaces a file; its directory must be synchronised before the name is sure. */
  static void write(Path file, Bytes content) throws IOException {
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      out.write(content.unsafeArray());
      out.getFD().sync();
    }
  }

  /**
   * Makes new, renamed and removed names of a directory last. Windows does so by itself and cannot
   * be asked.
   */
  static void syncNames(Path directory) throws IOException {
    if (DIRECTORIES_OPEN) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
