package dev.p2pcp.topic;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a topic that came lately: the names of many, so that none is looked at twice, and the
 * bytes of the newest, for who asks. Not safe for use by several threads at once.
 */
final class Recent {
  /** For how many milliseconds messages are handed out. */
  static final long LIFE = 60_000;

  private static final int SEEN = 4_096;
  private static final int KEPT = 256;
  private static final int KEPT_BYTES = 2 << 20;
  private static final int WANTED = 256;

  /** In how many milliseconds who named a message has to send it. */
  private static final long PROMISE = 10_000;

  private final Map<Hash, Boolean> seen = new LinkedHashMap<>();
  private final Map<Hash, Kept> kept = new LinkedHashMap<>();
  private final Map<Hash, Wanted> wanted = new LinkedHashMap<>();
  private int bytes;

  private record Kept(Bytes message, long at) {}

  private record Wanted(PeerId from, long until) {}

  /** Whether a message of that name has not come yet; from now on it has. */
  boolean isFirst(Hash name) {
    wanted.remove(name);
    if (seen.putIfAbsent(name, false) != null) {
      return false;
    }
    dropFirst(seen, SEEN);
    return true;
  }

  /** It was not looked at, and may come again. */
  void forget(Hash name) {
    seen.remove(name);
  }

  /** It is wrong. */
  void condemn(Hash name) {
    seen.put(name, true);
  }

  boolean isCondemned(Hash name) {
    return Boolean.TRUE.equals(seen.get(name));
  }

  /** Whether it is handed out; false if it is already. */
  boolean keep(Hash name, Bytes message, long now) {
    seen.put(name, false);
    dropFirst(seen, SEEN);
    if (kept.putIfAbsent(name, new Kept(message, now)) != null) {
      return false;
    }
    bytes += message.length();
    while (kept.size() > KEPT || bytes > KEPT_BYTES) {
      dropFirstKept();
    }
    return true;
  }

  @Nullable Bytes message(Hash name) {
    Kept one = kept.get(name);
    return one == null ? null : one.message;
  }

  /** Names of the newest that came after that, at most so many. */
  List<Hash> namesSince(long ticks, int most) {
    List<Hash> names = new ArrayList<>();
    for (Map.Entry<Hash, Kept> one : kept.entrySet()) {
      if (one.getValue().at > ticks) {
        names.add(one.getKey());
      }
    }
    return List.copyOf(names.subList(Math.max(0, names.size() - most), names.size()));
  }

  /** Of these names those that nobody has sent or promised; from now on that member has. */
  List<Hash> want(List<Hash> names, PeerId from, long now) {
    List<Hash> lacking = new ArrayList<>();
    for (Hash name : names) {
      if (!seen.containsKey(name) && wanted.size() < WANTED && !wanted.containsKey(name)) {
        wanted.put(name, new Wanted(from, now + PROMISE));
        lacking.add(name);
      }
    }
    return lacking;
  }

  /** Drops what is old; who did not keep promises, once for each. */
  List<PeerId> turn(long now) {
    while (!kept.isEmpty() && kept.values().iterator().next().at < now - LIFE) {
      dropFirstKept();
    }
    List<PeerId> broken = new ArrayList<>();
    Iterator<Wanted> all = wanted.values().iterator();
    while (all.hasNext()) {
      Wanted one = all.next();
      if (one.until < now) {
        broken.add(one.from);
        all.remove();
      }
    }
    return broken;
  }

  private void dropFirstKept() {
    Iterator<Kept> first = kept.values().iterator();
    bytes -= first.next().message.length();
    first.remove();
  }

  private static void dropFirst(Map<Hash, Boolean> map, int most) {
    if (map.size() > most) {
      map.remove(map.keySet().iterator().next());
    }
  }
}
