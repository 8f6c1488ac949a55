package dev.p2pcp.simulator;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;

/**
 * A task that runs on the thread of whoever gives it the turn, and keeps its stack while it has
 * not. It is a continuation of the JDK, which virtual threads are made of: an interface that nobody
 * promises to keep, and that is used in no other place (decision 10).
 */
final class Strand {
  private static final ContinuationScope SCOPE = new ContinuationScope("simulation");

  private final Continuation continuation;

  Strand(Runnable task) {
    continuation = new Continuation(SCOPE, task);
  }

  /** Gives it the turn; returns when it suspends or ends. */
  void run() {
    continuation.run();
  }

  /**
   * Hands the turn back until {@link #run} is called again. To be called by the task itself.
   *
   * @throws IllegalStateException if the task holds a monitor, or native code is on its stack
   */
  static void suspend() {
    Continuation.yield(SCOPE);
  }
}
