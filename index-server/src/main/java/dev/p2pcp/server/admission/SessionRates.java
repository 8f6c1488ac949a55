package dev.p2pcp.server.admission;

import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.SessionFrame;
import io.github.bucket4j.Bucket;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What one session may still ask for, by its own buckets and those of its account. Hits and misses
 * cost alike.
 */
public final class SessionRates {
  private final RateLimits.Allotment own;
  private final RateLimits.Allotment account;
  private final Function<PeerId, Bucket> targets;

  SessionRates(
      RateLimits.Allotment own, RateLimits.Allotment account, Function<PeerId, Bucket> targets) {
    this.own = own;
    this.account = account;
    this.targets = targets;
  }

  /** Milliseconds after which that may be asked; 0 if it may now, and is counted. */
  public long request(SessionFrame.Request request) {
    long pause = take(buckets -> buckets.requests, 1);
    if (pause > 0) {
      return pause;
    }
    return switch (request) {
      case SessionFrame.Announce r -> take(buckets -> buckets.announced, r.keys().size());
      case SessionFrame.Withdraw r -> take(buckets -> buckets.announced, r.keys().size());
      case SessionFrame.Lookup r -> take(buckets -> buckets.lookedUp, r.keys().size());
      case SessionFrame.Join r -> take(buckets -> buckets.lookedUp, r.topics().size());
      case SessionFrame.Signal r -> {
        long busy = take(buckets -> buckets.signals, 1);
        yield busy > 0 ? busy : RateLimits.take(targets.apply(r.to()), 1);
      }
      default -> 0;
    };
  }

  /** Milliseconds after which a stream may be opened; 0 if one may now, and is counted. */
  public long stream() {
    return take(buckets -> buckets.streams, 1);
  }

  /** Milliseconds after which so many bytes may be taken; they are counted. */
  public long bytes(int count) {
    return Math.max(debt(own.tunnelBytes, count), debt(account.tunnelBytes, count));
  }

  private long take(Function<RateLimits.Allotment, Bucket> which, int tokens) {
    if (tokens == 0) {
      return 0;
    }
    long pause = RateLimits.take(which.apply(own), tokens);
    return pause > 0 ? pause : RateLimits.take(which.apply(account), tokens);
  }

  private static long debt(Bucket bucket, int count) {
    return TimeUnit.NANOSECONDS.toMillis(bucket.consumeIgnoringRateLimits(count));
  }
}
