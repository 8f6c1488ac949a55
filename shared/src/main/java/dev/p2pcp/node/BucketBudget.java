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
 * nothing is asked any more until the next. A quarter of it is left for what keeps the standing of
 * this device: audits, and its public items. Never suspends.
 */
final class BucketBudget implements Bucket.Meter {
  private final Clock clock;
  private long requests;
  private long bytes;
  private Spent spent = Spent.NOTHING;

  BucketBudget(Clock clock) {
    this.clock = clock;
  }

  /** In one month: requests that read, others, and bytes each way. */
  record Spent(long month, long gets, long puts, long bytesOut, long bytesIn) {
    static final Spent NOTHING = new Spent(0, 0, 0, 0, 0);

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
  public void spend(boolean reading, int length) throws BucketException {
    spend(reading, length, 0);
  }

  /** As {@link #spend}, for what others ask: as long as more than the last quarter is left. */
  void spendForOthers(boolean reading, int length) throws BucketException {
    spend(reading, length, 4);
  }

  private synchronized void spend(boolean reading, int length, int left) throws BucketException {
    if (isOver(length, left)) {
      throw new BucketException(Trouble.FULL);
    }
    Spent now = spent();
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

  /** Whether nothing more is asked for others this month. */
  synchronized boolean isSpent() {
    return isOver(1, 4);
  }

  /** Whether so many bytes more are too many, where a part of all is left alone; 0 for none. */
  private boolean isOver(int length, int part) {
    Spent now = spent();
    return requests > 0 && now.gets + now.puts >= without(requests, part)
        || bytes > 0 && now.bytesIn + now.bytesOut + length > without(bytes, part);
  }

  private static long without(long all, int part) {
    return part == 0 ? all : all - all / part;
  }

  /** Such as 202611. */
  static long monthOf(long millis) {
    return Integer.parseInt(Calendar.stamp(millis).substring(0, 6));
  }
}
