package dev.p2pcp.channel;

import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.topic.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who looks at a channel now, as far as they said so lately. */
final class Presences {
  /** Between two signs of one who stays, in milliseconds. */
  static final long EVERY = 30_000;

  /** How long a sign counts, in milliseconds: one may be lost. */
  static final long LASTS = 75_000;

  /** How wrong clocks may be, in milliseconds. */
  private static final long SKEW = 5 * 60_000;

  /** Signs of one person come this far apart at least, in milliseconds; others go no further. */
  private static final long APART = 5_000;

  private static final int PEOPLE = 500;

  private final Platform platform;
  private final Hash graph;

  /** What somebody said last, by their clock, and until when it counts, by the own one. */
  private record Sign(long time, boolean here, long until) {}

  /** The longest silent first. */
  private final Map<PublicKey, Sign> signs = new LinkedHashMap<>();

  Presences(Platform platform, Hash graph) {
    this.platform = platform;
    this.graph = graph;
  }

  /** Signs that the person of a key is here, or leaves. Suspends. */
  Presence sign(Crypto.SigningKey key, boolean here) {
    Presence own = Presence.sign(key, graph, platform.clock().now(), here);
    note(own);
    return own;
  }

  /** Suspends. */
  Verdict take(Presence presence) {
    if (!presence.graph().equals(graph)) {
      return Verdict.BAD;
    }
    if (Math.abs(presence.time() - platform.clock().now()) > SKEW || !isNews(presence)) {
      return Verdict.KNOWN;
    }
    if (!presence.isGenuine(platform.crypto())) {
      return Verdict.BAD;
    }
    note(presence);
    return Verdict.NEW;
  }

  private synchronized boolean isNews(Presence presence) {
    Sign last = signs.get(presence.person());
    long apart = last == null || last.here != presence.here() ? 0 : APART - 1;
    return last == null || presence.time() > last.time + apart;
  }

  private synchronized void note(Presence presence) {
    signs.remove(presence.person());
    long until = platform.clock().ticks() + LASTS;
    signs.put(presence.person(), new Sign(presence.time(), presence.here(), until));
    if (signs.size() > PEOPLE) {
      signs.remove(signs.keySet().iterator().next());
    }
  }

  /** Never suspends. */
  synchronized List<PublicKey> here() {
    long now = platform.clock().ticks();
    List<PublicKey> here = new ArrayList<>();
    signs.forEach(
        (person, sign) -> {
          if (sign.here && sign.until > now) {
            here.add(person);
          }
        });
    return here;
  }
}
