package dev.p2pcp.graph;

import dev.p2pcp.crypto.Hash;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is remembered of nodes that were forgotten: the last names, and a summary of all. */
final class Pruned {
  /** Names at most; what follows on older ones comes too late. */
  static final int REMEMBERED = 4096;

  private final Map<Hash, Long> heights = new LinkedHashMap<>();
  private Checkpoint summary = Checkpoint.NOTHING;
  private long floor;

  boolean has(Hash name) {
    return heights.containsKey(name);
  }

  /** −1 if it is not known. */
  long heightOf(Hash name) {
    return heights.getOrDefault(name, -1L);
  }

  /** Nodes lower than this are too old. */
  long floor() {
    return floor;
  }

  Checkpoint summary() {
    return summary;
  }

  /** These were forgotten, in their order. */
  void add(Checkpoint now, List<GraphNode> nodes) {
    summary = now;
    for (GraphNode node : nodes) {
      heights.put(node.name(), node.height());
      if (heights.size() > REMEMBERED) {
        Hash oldest = heights.keySet().iterator().next();
        Long height = heights.remove(oldest);
        floor = Math.max(floor, height == null ? 0 : height);
      }
    }
  }
}
