package dev.p2pcp.server.admission;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.Limits;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Token buckets by address, account and session. An account's are remembered while it is used, so
 * that logging in again does not fill them.
 */
@Component
public class RateLimits {
  /** Seconds of a rate that may be used at once. */
  private static final int BURST = 10;

  /** What all sessions of an account together may use, in rates of one. */
  private static final int SESSIONS = 4;

  /** Addresses and accounts remembered; the longest unused are forgotten first. */
  private static final int REMEMBERED = 200_000;

  /** Unused for so long, a bucket is full again. */
  private static final Duration FULL = Duration.ofMinutes(2);

  private final Rates rates;
  private final LoadingCache<Bytes, Bucket> logins;
  private final LoadingCache<AccountId, Allotment> accounts;
  private final LoadingCache<PeerId, Bucket> targets;

  RateLimits(Rates rates) {
    this.rates = rates;
    this.logins =
        remembered().build(subscriber -> bucket(rates.logins(), (long) BURST * rates.logins()));
    this.accounts = remembered().build(account -> new Allotment(rates, SESSIONS));
    this.targets =
        remembered().build(peer -> bucket(rates.signalsTo(), (long) BURST * rates.signalsTo()));
  }

  private static Caffeine<Object, Object> remembered() {
    return Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterAccess(FULL);
  }

  /** Milliseconds after which that subscriber may connect again; 0 if now, which is counted. */
  long login(Bytes subscriber) {
    return take(logins.get(subscriber), 1);
  }

  /** What a session of that account may use. */
  public SessionRates session(AccountId account) {
    return new SessionRates(new Allotment(rates, 1), accounts.get(account), targets::get);
  }

  /** One session's, or one account's, buckets. */
  static final class Allotment {
    final Bucket requests;
    final Bucket announced;
    final Bucket lookedUp;
    final Bucket streams;
    final Bucket signals;
    final Bucket tunnelBytes;

    Allotment(Rates rates, int times) {
      requests = bucket((long) times * rates.requests(), (long) times * BURST * rates.requests());
      announced =
          bucket(
              (long) times * rates.announced(),
              times * Math.max((long) Limits.SESSION_KEYS, (long) BURST * rates.announced()));
      lookedUp = bucket((long) times * rates.lookedUp(), (long) times * BURST * rates.lookedUp());
      streams = bucket((long) times * rates.streams(), (long) times * BURST * rates.streams());
      signals = bucket((long) times * rates.signals(), (long) times * BURST * rates.signals());
      tunnelBytes = bucket((long) times * rates.tunnelBytes(), (long) times * rates.tunnelBytes());
    }
  }

  /** Milliseconds after which so much may be taken; 0 if it could be, and was. */
  static long take(Bucket bucket, long tokens) {
    ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(tokens);
    return probe.isConsumed()
        ? 0
        : 1 + TimeUnit.NANOSECONDS.toMillis(probe.getNanosToWaitForRefill());
  }

  private static Bucket bucket(long perSecond, long capacity) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(capacity).refillGreedy(perSecond, Duration.ofSeconds(1)))
        .build();
  }
}
