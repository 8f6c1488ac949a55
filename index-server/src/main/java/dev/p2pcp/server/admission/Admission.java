package dev.p2pcp.server.admission;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.wire.Refusal;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/**
 * Counts connections, all of them and by address, and says when there are enough: too many, event
 * loops that are behind, or a server that is about to go. Those that are here are served on.
 */
@Component
public class Admission {
  /** When an agent may try again at a server that is full or behind, in milliseconds. */
  static final int PAUSE = 15_000;

  /** Likewise at one that goes: its successor may be there already. */
  private static final int DRAINING_PAUSE = 1_000;

  /** Bytes of an address that an IPv6 subscriber can't choose. */
  private static final int SUBSCRIBER = 8;

  /** Connections that are only told why they can't stay, at once; more are refused by status. */
  private static final int EXPLAINED = 256;

  private final Settings settings;
  private final RateLimits rates;
  private final Lag lag;
  private final AtomicInteger all = new AtomicInteger();
  private final AtomicInteger explained = new AtomicInteger();
  private final Map<Bytes, Integer> bySubscriber = new ConcurrentHashMap<>();
  private volatile boolean draining;

  Admission(Settings settings, RateLimits rates, Lag lag) {
    this.settings = settings;
    this.rates = rates;
    this.lag = lag;
  }

  /** What becomes of a new connection. */
  public sealed interface Decision {}

  /** It may stay, and is counted until {@link #leave}. */
  public record Admitted() implements Decision {}

  /** It is told why not and when to come back; counted until {@link #explained}. */
  public record SentAway(Refusal why, int retryAfter) implements Decision {}

  /** There is no room even to say why. */
  public record Refused() implements Decision {}

  /** Decides about one more connection from that address. */
  public Decision enter(InetAddress address) {
    Bytes subscriber = subscriber(address);
    if (draining) {
      return sendAway(Refusal.of(Refusal.DRAINING, "server stops", DRAINING_PAUSE), DRAINING_PAUSE);
    }
    if (lag.now() > settings.shedLag().toMillis()) {
      return sendAway(Refusal.of(Refusal.BUSY, "server is behind", PAUSE), PAUSE);
    }
    long pause = rates.login(subscriber);
    if (pause > 0) {
      return sendAway(Refusal.of(Refusal.BUSY, "too many logins", pause), (int) pause);
    }
    if (all.incrementAndGet() > settings.sessions()) {
      all.decrementAndGet();
      return sendAway(Refusal.of(Refusal.BUSY, "server is full", PAUSE), PAUSE);
    }
    int here = bySubscriber.merge(subscriber, 1, Integer::sum);
    if (here > settings.sessionsPerAddress()) {
      leave(address);
      return new Refused();
    }
    return new Admitted();
  }

  /** One that had entered is gone. */
  public void leave(InetAddress address) {
    all.decrementAndGet();
    bySubscriber.computeIfPresent(subscriber(address), (s, count) -> count == 1 ? null : count - 1);
  }

  /** One that was sent away is gone. */
  public void explained() {
    explained.decrementAndGet();
  }

  /** Whether the server is about to go, so that nobody is admitted any more. */
  public void draining(boolean now) {
    draining = now;
  }

  /**
   * What one subscriber of a network has: an address of IPv4, or the first 64 bits of one of IPv6,
   * of whose others he may choose any.
   */
  static Bytes subscriber(InetAddress address) {
    byte[] bytes = address.getAddress();
    return Bytes.wrap(Arrays.copyOf(bytes, Math.min(bytes.length, SUBSCRIBER)));
  }

  private Decision sendAway(Refusal why, int retryAfter) {
    if (explained.incrementAndGet() > EXPLAINED) {
      explained.decrementAndGet();
      return new Refused();
    }
    return new SentAway(why, retryAfter);
  }
}
