package dev.p2pcp.server;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what happens in the server a moment later and tells no test. */
final class Await {
  private static final long LONGEST = 60_000_000_000L;
  private static final long LOOK = 10_000_000L;

  private Await() {}

  static void until(String what, BooleanSupplier condition) {
    until(what, LONGEST, condition);
  }

  /** Waits at most so many nanoseconds. */
  static void until(String what, long longest, BooleanSupplier condition) {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begun > longest) {
        throw new AssertionError("in vain: " + what);
      }
      LockSupport.parkNanos(LOOK);
    }
  }
}
