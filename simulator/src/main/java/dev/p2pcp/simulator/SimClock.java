package dev.p2pcp.simulator;

import dev.p2pcp.platform.Clock;

/** Simulated time: moves only when the simulation moves it. */
final class SimClock implements Clock {
  /** Wall time at the beginning of every run, in milliseconds since 1970. */
  static final long EPOCH = 1_800_000_000_000L;

  private long ticks;

  @Override
  public long now() {
    return EPOCH + ticks;
  }

  @Override
  public long ticks() {
    return ticks;
  }

  void moveTo(long later) {
    if (later < ticks) {
      throw new IllegalStateException("time goes forward only");
    }
    ticks = later;
  }
}
