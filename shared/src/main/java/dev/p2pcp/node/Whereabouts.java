package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.platform.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who has the blocks of a file, asked for many at once and believed for a while. */
final class Whereabouts {
  private static final int AT_ONCE = 256;

  /** How long an answer is believed, in milliseconds; shorter where nobody had the block. */
  private static final long BELIEVED = 60_000;

  private static final long NOBODY_BELIEVED = 1_000;

  /** Blocks remembered. */
  private static final int MOST = 4_096;

  private final Clock clock;
  private final Servers servers;
  private final Map<StorageKey, Seen> seen = new HashMap<>();

  Whereabouts(Clock clock, Servers servers) {
    this.clock = clock;
    this.servers = servers;
  }

  private record Seen(long at, List<Servers.Location> locations) {}

  /**
   * Who has a block. Suspends if that is to be asked.
   *
   * @param near blocks that are likely to be asked for next, this one first
   * @param anew whether what was seen turned out to be wrong
   */
  List<Servers.Location> of(StorageKey key, List<StorageKey> near, boolean anew) {
    synchronized (seen) {
      Seen known = seen.get(key);
      if (known != null && !anew) {
        long age = clock.ticks() - known.at();
        if (age < (known.locations().isEmpty() ? NOBODY_BELIEVED : BELIEVED)) {
          return known.locations();
        }
      }
    }
    List<StorageKey> keys = near.subList(0, Math.min(near.size(), AT_ONCE));
    Map<StorageKey, List<Servers.Location>> found = servers.lookup(keys);
    synchronized (seen) {
      if (seen.size() + found.size() > MOST) {
        seen.clear();
      }
      found.forEach((at, locations) -> seen.put(at, new Seen(clock.ticks(), locations)));
    }
    return found.getOrDefault(key, List.of());
  }
}
