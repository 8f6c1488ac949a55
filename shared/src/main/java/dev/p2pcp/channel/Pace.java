package dev.p2pcp.channel;

import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.platform.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How fast new messages of each author are taken and passed on: who floods slows only itself. What
 * is over the pace is not lost: it is there when histories are compared.
 */
final class Pace {
  /** Messages at once at most. */
  static final int BURST = 60;

  /** Milliseconds until one more may come. */
  static final long EVERY = 500;

  /** Authors remembered. */
  private static final int AUTHORS = 2_000;

  private final Clock clock;

  /** By author, when all that was taken is made up for, on the clock's ticks; oldest first. */
  private final Map<PublicKey, Long> until = new LinkedHashMap<>();

  Pace(Clock clock) {
    this.clock = clock;
  }

  synchronized boolean allows(PublicKey author) {
    return until.getOrDefault(author, Long.MIN_VALUE) <= clock.ticks() + (BURST - 1) * EVERY;
  }

  synchronized void taken(PublicKey author) {
    long now = clock.ticks();
    Long before = until.remove(author);
    until.put(author, Math.max(before == null ? now : before, now) + EVERY);
    if (until.size() > AUTHORS) {
      until.remove(until.keySet().iterator().next());
    }
  }
}
