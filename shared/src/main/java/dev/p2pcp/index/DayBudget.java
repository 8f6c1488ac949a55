package dev.p2pcp.index;

import java.util.Arrays;

/**
 * Bytes spent in a day, which slides with the time in steps of an hour: what any 24 hours came to
 * is never more than what is counted here.
 */
final class DayBudget {
  private static final long HOUR = 60 * 60 * 1000L;

  /** The hour that runs, and those of which a part is less than 24 hours ago. */
  private static final int HOURS = 25;

  private final int[] spent = new int[HOURS];
  private long hour;

  /** What was spent within the day before that moment of wall time. */
  int spent(long now) {
    move(now);
    int sum = 0;
    for (int bytes : spent) {
      sum += bytes;
    }
    return sum;
  }

  /** So many bytes are spent at that moment, or given back if they are fewer than none. */
  void spend(int bytes, long now) {
    move(now);
    int at = (int) (hour % HOURS);
    spent[at] = Math.max(0, spent[at] + bytes);
  }

  /** A clock that goes back stays in the hour that it had come to. */
  private void move(long now) {
    long to = now / HOUR;
    if (to - hour >= HOURS) {
      Arrays.fill(spent, 0);
      hour = to;
    }
    while (hour < to) {
      hour++;
      spent[(int) (hour % HOURS)] = 0;
    }
  }
}
