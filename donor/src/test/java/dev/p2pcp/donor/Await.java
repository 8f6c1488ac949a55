package dev.p2pcp.donor;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another process or a server does a moment later, which tells no test. */
final class Await {
  private static final long LONGEST = 90_000_000_000L;
  private static final long LOOK = 20_000_000L;

  private Await() {}

  static void until(String what, Callable<Boolean> condition) throws Exception {
    long begun = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - begun > LONGEST) {
        throw new AssertionError("in vain: " + what);
      }
      LockSupport.parkNanos(LOOK);
    }
  }
}
