package dev.p2pcp.index;

import java.util.Arrays;

/**
 * When nothing is to be repaired: just after the start, since most holders are only not back yet,
 * and while a large part of the sessions vanished at once, since most will come back at once.
 *
 * <p>Times are wall time in milliseconds. Not safe for use by several threads at once.
 */
public final class Calm {
  private static final long MINUTE = 60_000;

  /** After the start of a server. */
  public static final long AFTER_START = 10 * MINUTE;

  /** After the last moment at which too many were missing. */
  static final long AFTER_LOSS = 30 * MINUTE;

  /** The loss is measured against the most sessions of so many minutes. */
  private static final int WINDOW = 10;

  /** Over a fifth is too many. */
  private static final int PART = 5;

  /** Fewer sessions than this may always go: in a small network few people are a large part. */
  static final int LEAST = 10;

  private final long[] minutes = new long[WINDOW];
  private final int[] most = new int[WINDOW];
  private long until;

  /** With the moment of the start and how long it is calm from then on. */
  public Calm(long start, long afterStart) {
    this.until = start + afterStart;
    Arrays.fill(minutes, Long.MIN_VALUE);
  }

  /** So many sessions there are now; to be told whenever one begins or ends. */
  public void sessions(int count, long now) {
    long minute = now / MINUTE;
    int at = (int) (minute % WINDOW);
    if (minutes[at] != minute) {
      minutes[at] = minute;
      most[at] = count;
    }
    most[at] = Math.max(most[at], count);
    int before = 0;
    for (int i = 0; i < WINDOW; i++) {
      if (minutes[i] > minute - WINDOW) {
        before = Math.max(before, most[i]);
      }
    }
    int gone = before - count;
    if (gone >= LEAST && gone * PART > before) {
      until = Math.max(until, now + AFTER_LOSS);
    }
  }

  /** Milliseconds for which nothing is to be repaired; 0 if all is well. */
  public long left(long now) {
    return Math.max(0, until - now);
  }
}
