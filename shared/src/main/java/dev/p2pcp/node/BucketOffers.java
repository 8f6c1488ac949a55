package dev.p2pcp.node;

import dev.p2pcp.platform.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * URLs of a bucket that were given away lately. Each new one counts as used, and asking costs
 * nothing: who asks again is given the same. Never suspends.
 */
final class BucketOffers {
  /** How long a URL is good, in seconds. */
  static final int LIFE = 600;

  /** How long the same is given: whoever gets it has as long to use it. In milliseconds. */
  private static final long SAME = LIFE * 1_000L / 2;

  /** Most that are remembered; while there are so many no other is given. */
  private static final int MOST = 4_000;

  private final Clock clock;
  private final Map<String, Offer> offers = new LinkedHashMap<>();

  private record Offer(String url, int length, long until, boolean used) {}

  BucketOffers(Clock clock) {
    this.clock = clock;
  }

  /** The URL of that name; a new one if none was given lately, and if one can be had. */
  synchronized Optional<String> of(String name, int length, Supplier<Optional<String>> fresh) {
    forgetOld();
    Offer before = offers.get(name);
    if (before != null) {
      return Optional.of(before.url);
    }
    Optional<String> url = offers.size() < MOST ? fresh.get() : Optional.empty();
    url.ifPresent(text -> offers.put(name, new Offer(text, length, clock.ticks() + SAME, false)));
    return url;
  }

  /** Once for each URL: the length of what may have been left there. */
  synchronized Optional<Integer> use(String name) {
    forgetOld();
    Offer before = offers.get(name);
    if (before == null || before.used) {
      return Optional.empty();
    }
    offers.replace(name, new Offer(before.url, before.length, before.until, true));
    return Optional.of(before.length);
  }

  synchronized void clear() {
    offers.clear();
  }

  /** All are good for the same time: the first is the oldest. */
  private void forgetOld() {
    Iterator<Offer> oldest = offers.values().iterator();
    while (oldest.hasNext() && oldest.next().until <= clock.ticks()) {
      oldest.remove();
    }
  }
}
