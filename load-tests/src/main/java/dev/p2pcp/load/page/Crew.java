package dev.p2pcp.load.page;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import org.jspecify.annotations.Nullable;

/** Some workers that share a run of numbered jobs. */
final class Crew {
  private static final long MILLIS = 600_000;

  private final Platform platform;
  private final int jobs;
  private final int workers;
  private final Pending<Boolean> all;
  private int next;
  private int left;
  private @Nullable Exception failure;

  Crew(Platform platform, int jobs, int workers) {
    this.platform = platform;
    this.jobs = jobs;
    this.workers = workers;
    this.left = workers;
    this.all = platform.tasks().pending();
  }

  /** One job, by its number. */
  @FunctionalInterface
  interface Job {
    void run(int index) throws StoreException;
  }

  /** Suspends until all jobs are done. */
  void run(Job job) {
    for (int i = 0; i < workers; i++) {
      platform.tasks().spawn("worker", () -> work(job));
    }
    if (all.await(platform.deadline(MILLIS)).isEmpty() || failure != null) {
      throw new IllegalStateException("not all jobs were done: " + failure);
    }
  }

  private void work(Job job) {
    try {
      while (next < jobs && failure == null) {
        job.run(next++);
      }
    } catch (StoreException | RuntimeException e) {
      failure = e;
    }
    if (--left == 0) {
      all.complete(true);
    }
  }
}
