package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Copies of own blocks that nobody counts, with peers that announce them: those that holders made
 * in the stead of others who are back by now. Another device of the account may be about to place
 * one: it is left alone for a while. Who is told once and has the block still has it for itself.
 */
final class Strays {
  /** How long one is left alone, in milliseconds. */
  static final long PATIENCE = 60_000;

  /** Remembered at once; beyond, all are found anew. */
  private static final int MOST = 10_000;

  private static final long TOLD = Long.MAX_VALUE;

  private final Clock clock;
  private final Map<Stray, Long> due = new HashMap<>();
  private boolean waiting;

  Strays(Clock clock) {
    this.clock = clock;
  }

  private record Stray(StorageKey key, PeerId peer) {}

  /** All blocks are gone through once more. */
  synchronized void lookAgain() {
    waiting = false;
  }

  /** Whether some were found that are left alone as yet. */
  synchronized boolean isWaiting() {
    return waiting;
  }

  /** Of those who announce the block, those that are to let go of it now. */
  synchronized List<PeerId> of(StorageKey key, OwnBlock block, Set<PeerId> online) {
    List<PeerId> now = new ArrayList<>();
    for (PeerId peer : online) {
      if (block.copyWith(peer).isEmpty()) {
        if (due.size() >= MOST) {
          due.clear();
        }
        long ticks = clock.ticks();
        long at = due.computeIfAbsent(new Stray(key, peer), s -> ticks + PATIENCE);
        if (at <= ticks) {
          now.add(peer);
        }
        waiting |= at > ticks && at < TOLD;
      }
    }
    return now;
  }

  /** They were told. */
  synchronized void told(List<StorageKey> keys, PeerId peer) {
    keys.forEach(key -> due.computeIfPresent(new Stray(key, peer), (s, at) -> TOLD));
  }
}
