package dev.p2pcp.jvm;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.block.StoreException.Reason;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keeps a directory for one store at a time; the system lets go of it when the process ends. */
final class FolderLock implements Closeable {
  private static final String NAME = "lock";

  private final FileOutputStream file;

  private FolderLock(FileOutputStream file) {
    this.file = file;
  }

  /**
   * Takes the lock.
   *
   * @throws StoreException with {@code CLOSED} if another store has it
   */
  static FolderLock take(Path folder) throws IOException, StoreException {
    FileOutputStream out = new FileOutputStream(folder.resolve(NAME).toFile());
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
    return new FolderLock(out);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static @Nullable FileLock tryLock(FileOutputStream out) throws IOException {
    try {
      return out.getChannel().tryLock();
    } catch (OverlappingFileLockException e) {
      // Another store of this very program.
      return null;
    }
  }
}
