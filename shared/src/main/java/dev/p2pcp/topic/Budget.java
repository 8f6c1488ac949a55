package dev.p2pcp.topic;

/**
 * What one member may cost: a bucket that leaks (a rate, and what may come at once). Who has been
 * told to wait and does not is told apart from who could not know. Not safe for use by several
 * threads at once.
 */
final class Budget {
  /** What a call, and each message and name in it, counts beside its bytes. */
  static final int CALL = 256;

  static final int MESSAGE = 512;

  private final long rate;
  private final long burst;
  private long level;
  private long at;
  private long until = Long.MIN_VALUE;

  /**
   * So much.
   *
   * @param rate bytes in a millisecond
   * @param burst bytes at once
   */
  Budget(long rate, long burst) {
    this.rate = rate;
    this.burst = burst;
  }

  /** Takes so many bytes; else says how many milliseconds to wait, and 0 if they are taken. */
  long take(long bytes, long now) {
    level = Math.max(0, level - rate * (now - at));
    at = now;
    if (level + bytes <= burst) {
      level += bytes;
      return 0;
    }
    return 1 + (level + bytes - burst) / rate;
  }

  /** It is told to wait until then. */
  void warn(long ticks) {
    until = ticks;
  }

  /** Whether it was told to wait until later than that. */
  boolean isToWait(long now) {
    return now < until;
  }

  /** What was given that nobody could know before. */
  void charge(long bytes) {
    level += bytes;
  }
}
