package dev.p2pcp.donor;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.node.NodeStatus;
import dev.p2pcp.node.StoreCheck;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A headless agent that lends room for as long as it runs. */
final class Donor implements AutoCloseable {
  /** First it is to be back, in milliseconds. */
  private static final long CHECK_DELAY = 5_000;

  /** Milliseconds after each block of the check at the start: at most some 50 MB/s of a disk. */
  private static final long DISK_PAUSE = 5;

  /** Of a bucket every read costs, so that it is looked through in days: 100 blocks an hour. */
  private static final long BUCKET_PAUSE = 36_000;

  /** For so long figures are shown again, in milliseconds. */
  private static final long FRESH = 1_000;

  private static final long FRESH_OFFLINE = 500;

  /** And for so many times as long as it took to count them. */
  private static final long SHARE = 4;

  /** Between two looks at the state, in milliseconds. */
  private static final long LOOK = 1_000;

  private final MeteredStore store;
  private final HeadlessAgent agent;
  private final StoreCheck check;
  private final Optional<BucketOptions.Lent> lent;
  private @Nullable Figures latest;
  private long lookAgain;

  /** Begins to work over a store, whose blocks may be in a bucket. */
  Donor(MeteredStore store, HeadlessAgent agent, Optional<BucketOptions.Lent> lent)
      throws DonorException {
    this.store = store;
    this.agent = agent;
    this.lent = lent;
    this.check = new StoreCheck(agent.node(), agent.platform().tasks());
    long pause = lent.isPresent() ? BUCKET_PAUSE : DISK_PAUSE;
    agent.platform().tasks().spawn("check", () -> check(pause));
  }

  private void check(long pause) {
    agent.platform().tasks().sleep(CHECK_DELAY);
    try {
      check.run(pause);
    } catch (StoreException e) {
      // The store's state shows it, and the next start looks again.
      check.stop();
    }
  }

  /**
   * What it does now, or did a moment ago: to count who keeps what takes a while with many blocks.
   */
  synchronized Figures figures() throws DonorException {
    long now = agent.platform().clock().ticks();
    Figures known = latest;
    if (known == null || now >= lookAgain) {
      known = counted();
      latest = known;
      long after = agent.platform().clock().ticks();
      long fresh = known.state() == Figures.State.UP ? FRESH : FRESH_OFFLINE;
      // Seldom enough to cost little, however many blocks there are.
      lookAgain = after + Math.max(fresh, (after - now) * SHARE);
    }
    return known;
  }

  private Figures counted() throws DonorException {
    Map<StoreException.Reason, Long> failures = new EnumMap<>(StoreException.Reason.class);
    for (StoreException.Reason reason : StoreException.Reason.values()) {
      failures.put(reason, store.failures(reason));
    }
    return new Figures(status(agent), check.progress(), store.traffic(), failures, cost());
  }

  /** What the bucket was asked for, if there is one. */
  private Optional<Figures.Cost> cost() {
    return lent.map(
        one ->
            new Figures.Cost(one.bucket().traffic(), one.budget().spent(), one.budget().isSpent()));
  }

  /** What an agent does now. */
  static NodeStatus status(HeadlessAgent agent) throws DonorException {
    try {
      return agent.node().status();
    } catch (StoreException e) {
      throw new DonorException(ExitCode.FAILED, "the store failed: " + e.getMessage());
    }
  }

  /**
   * Shows what happens until it is to stop.
   *
   * @throws DonorException if it can't go on
   */
  void run(Screen screen, CountDownLatch stopping) throws DonorException {
    try {
      do {
        Optional<Throwable> crash = agent.crash();
        if (crash.isPresent()) {
          throw new DonorException(
              ExitCode.FAILED, "a fault of this program ended a task: " + crash.get());
        }
        if (!store.isOpen()) {
          throw new DonorException(
              ExitCode.FAILED, "the store can't be written to any more; see the disk, start again");
        }
        screen.show(figures(), agent.platform().clock().ticks());
      } while (!stopping.await(LOOK, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      screen.end();
    }
  }

  @Override
  public void close() {
    check.stop();
    if (lent.isPresent()) {
      try {
        lent.get().budget().note();
      } catch (IOException e) {
        // At most the last requests are missing from this month's count.
        check.stop();
      }
    }
  }
}
