package dev.p2pcp.jvm;

import dev.p2pcp.block.BlockStore.Change;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.jvm.Shelf.Placed;
import dev.p2pcp.jvm.StoreIndex.Located;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A batch on its way to the disk, together with what others want at the same time. */
final class Commit {
  final List<Change> changes;

  /** Bytes by which the store grows, 0 if it does not; held for it until it is done. */
  final long room;

  /** One for each block put, in order. */
  final List<Located> located = new ArrayList<>();

  final List<Placed> placed = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile @Nullable StoreException failure;

  Commit(List<Change> changes, long room) {
    this.changes = changes;
    this.room = room;
  }

  /** It has happened, and lasts. */
  void done() {
    over.countDown();
  }

  /** It has not happened. */
  void failed(StoreException why) {
    failure = why;
    over.countDown();
  }

  /** Waits for its end, interrupted or not, as nobody knows before whether it happened. */
  void await() throws StoreException {
    boolean interrupted = false;
    while (over.getCount() > 0) {
      try {
        over.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    StoreException why = failure;
    if (why != null) {
      // Made anew, as several threads may throw for one reason.
      StoreException own = new StoreException(why.reason(), String.valueOf(why.getMessage()));
      own.initCause(why);
      throw own;
    }
  }
}
