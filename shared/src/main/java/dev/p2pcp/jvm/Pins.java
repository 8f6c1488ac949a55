package dev.p2pcp.jvm;

import dev.p2pcp.jvm.Shelf.Placed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Keeps places from being taken again while somebody reads from them. */
final class Pins {
  private final Shelf shelf;
  private final Map<Placed, Integer> readers = new HashMap<>();
  private final Set<Placed> doomed = new HashSet<>();

  Pins(Shelf shelf) {
    this.shelf = shelf;
  }

  synchronized void pin(Placed at) {
    readers.merge(at, 1, Integer::sum);
  }

  synchronized void unpin(Placed at) {
    boolean last = readers.merge(at, -1, (before, less) -> before == 1 ? null : before - 1) == null;
    if (last && doomed.remove(at)) {
      shelf.free(at);
    }
  }

  /** Frees the place now, or when the last reader is through. */
  synchronized void free(Placed at) {
    if (readers.containsKey(at)) {
      doomed.add(at);
    } else {
      shelf.free(at);
    }
  }
}
