package dev.p2pcp.trust;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.Arrays;

/**
 * Bytes of audits within a day, which slides with the time in steps of an hour: what any 24 hours
 * came to is never more than what is counted here. Stored as {@code hour u64 ‖ 25 × spent u32}. Not
 * safe for use by several threads at once.
 */
public final class DayBudget {
  /**
   * Bytes of audits, both ways, that a peer has to answer within any 24 hours. With those that it
   * declines, though servers forget five times a day, it has to bear under 50 KiB.
   */
  public static final int LIMIT = 46 * 1024;

  /** What carries the two frames of an audit: the tunnel's envelopes, with those of WebSocket. */
  public static final int ENVELOPES = 90;

  private static final long HOUR = 60 * 60 * 1000L;

  /** The hour that runs, and those of which a part is less than 24 hours ago. */
  private static final int HOURS = 25;

  private final int[] spent = new int[HOURS];
  private long hour;

  /** What {@link #encoded} gave. */
  public static DayBudget decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    DayBudget budget = new DayBudget();
    budget.hour = reader.u64("hour");
    for (int i = 0; i < HOURS; i++) {
      budget.spent[i] = reader.count(Integer.MAX_VALUE, "spent");
    }
    reader.end();
    return budget;
  }

  public Bytes encoded() {
    ByteWriter writer = new ByteWriter().u64(hour);
    for (int bytes : spent) {
      writer.u32(bytes);
    }
    return writer.toBytes();
  }

  /** What was spent within the day before that moment of wall time. */
  public int spent(long now) {
    move(now);
    int sum = 0;
    for (int bytes : spent) {
      sum += bytes;
    }
    return sum;
  }

  /** So many bytes are spent at that moment, or given back if they are fewer than none. */
  public void spend(int bytes, long now) {
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
