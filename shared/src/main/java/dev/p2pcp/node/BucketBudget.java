package dev.p2pcp.node;

import dev.p2pcp.bucket.Bucket;
import dev.p2pcp.bucket.BucketException;
import dev.p2pcp.bucket.Calendar;
import dev.p2pcp.bucket.Trouble;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.platform.Clock;

/**
 * What a bucket was asked for in this calendar month (UTC), and what it may be: once that is spent,
 * nothing is asked any more until the next. Never suspends.
 */
final class BucketBudget implements Bucket.Meter {
  private final Clock clock;
  private long requests;
  private long bytes;
  private Spent spent = new Spent(0, 0, 0, 0, 0);

  BucketBudget(Clock clock) {
    this.clock = clock;
  }

  /** In one month: requests that read, others, and bytes each way. */
  record Spent(long month, long gets, long puts, long bytesOut, long bytesIn) {
    Bytes encoded() {
      return new ByteWriter().u64(month).u64(gets).u64(puts).u64(bytesOut).u64(bytesIn).toBytes();
    }

    static Spent decode(Bytes encoded) throws MalformedFrameException {
      ByteReader in = new ByteReader(encoded);
      Spent spent =
          new Spent(in.u64("month"), in.u64("gets"), in.u64("puts"), in.u64("out"), in.u64("in"));
      in.end();
      return spent;
    }
  }

  /** Allows so much from now on; 0 for any number. */
  synchronized void allow(long monthlyRequests, long monthlyBytes) {
    requests = monthlyRequests;
    bytes = monthlyBytes;
  }

  synchronized void restore(Spent before) {
    spent = before;
  }

  @Override
  public synchronized void spend(boolean reading, int length) throws BucketException {
    Spent now = spent();
    boolean over =
        requests > 0 && now.gets + now.puts >= requests
            || bytes > 0 && now.bytesIn + now.bytesOut + length > bytes;
    if (over) {
      throw new BucketException(Trouble.FULL);
    }
    spent =
        reading
            ? new Spent(now.month, now.gets + 1, now.puts, now.bytesOut + length, now.bytesIn)
            : new Spent(now.month, now.gets, now.puts + 1, now.bytesOut, now.bytesIn + length);
  }

  /** This month's. */
  synchronized Spent spent() {
    long month = monthOf(clock.now());
    return spent.month == month ? spent : new Spent(month, 0, 0, 0, 0);
  }

  /** Whether nothing more is asked this month. */
  synchronized boolean isSpent() {
    Spent now = spent();
    return requests > 0 && now.gets + now.puts >= requests
        || bytes > 0 && now.bytesIn + now.bytesOut >= bytes;
  }

  /** Such as 202611. */
  static long monthOf(long millis) {
    return Integer.parseInt(Calendar.stamp(millis).substring(0, 6));
  }
}
