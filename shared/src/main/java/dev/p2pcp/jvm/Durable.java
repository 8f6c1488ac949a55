package dev.p2pcp.jvm;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes that have reached the disk when they return. */
final class Durable {
  private static final boolean DIRECTORIES_OPEN = File.separatorChar == '/';

  private Durable() {}

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
