package dev.p2pcp.platform;

/** A moment on {@link Clock#ticks()} after which a wait gives up. */
public record Deadline(long ticks) {
  /** For a wait whose end is certain by other means. */
  public static final Deadline NEVER = new Deadline(Long.MAX_VALUE);

  public static Deadline in(Clock clock, long millis) {
    return new Deadline(clock.ticks() + millis);
  }

  /** Milliseconds left, never negative. */
  public long left(Clock clock) {
    return Math.max(0, ticks - clock.ticks());
  }

  public boolean passed(Clock clock) {
    return clock.ticks() >= ticks;
  }
}
