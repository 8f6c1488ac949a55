package dev.p2pcp.jvm;

import dev.p2pcp.block.BlockStore.Change;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.jvm.Shelf.Placed;
import dev.p2pcp.jvm.StoreIndex.Located;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch on its way to the disk, together with what others want at the same time. Guarded by the
 * locks of its store.
 */
final class Commit {
  final List<Change> changes;

  /** Bytes by which the store grows, 0 if it does not; held for it until it is done. */
  final long room;

  /** One for each block put, in order. */
  final List<Located> located = new ArrayList<>();

  final List<Placed> placed = new ArrayList<>();
  private boolean done;
  private @Nullable StoreException failure;

  Commit(List<Change> changes, long room) {
    this.changes = changes;
    this.room = room;
  }

  void done() {
    done = true;
  }

  void failed(StoreException why) {
    done = true;
    failure = why;
  }

  boolean isDone() {
    return done;
  }

  /** Ends as it went. */
  void result() throws StoreException {
    if (failure != null) {
      // Made anew, as several threads may throw for one reason.
      StoreException own =
          new StoreException(failure.reason(), String.valueOf(failure.getMessage()));
      own.initCause(failure);
      throw own;
    }
  }
}
