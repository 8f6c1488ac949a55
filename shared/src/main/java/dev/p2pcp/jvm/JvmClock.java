package dev.p2pcp.jvm;

import dev.p2pcp.platform.Clock;

/** The machine's clocks. */
public final class JvmClock implements Clock {
  private static final long NANOS_PER_MILLI = 1_000_000;

  @Override
  public long now() {
    return System.currentTimeMillis();
  }

  @Override
  public long ticks() {
    return System.nanoTime() / NANOS_PER_MILLI;
  }
}
