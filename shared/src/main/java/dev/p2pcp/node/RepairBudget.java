package dev.p2pcp.node;

import dev.p2pcp.platform.Clock;

/**
 * What repair may send: a token bucket of bytes, so that who lost many copies at once does not take
 * the line from whoever uses the device.
 */
final class RepairBudget {
  /** Bytes in a second in the long run: 2 Mbit/s, a quarter of a slow uplink. */
  static final long RATE = 256 * 1024;

  /** Bytes at once after a rest. */
  static final long MOST = 16L * 1024 * 1024;

  private final Clock clock;
  private long bytes = MOST;
  private long since;

  RepairBudget(Clock clock) {
    this.clock = clock;
    this.since = clock.ticks();
  }

  /** Takes so many bytes if there are any left; a large thing may take more than are. */
  boolean take(long wanted) {
    long now = clock.ticks();
    bytes = Math.min(MOST, bytes + (now - since) * RATE / 1000);
    since = now;
    if (bytes <= 0) {
      return false;
    }
    bytes -= wanted;
    return true;
  }
}
