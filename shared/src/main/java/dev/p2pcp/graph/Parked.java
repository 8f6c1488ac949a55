package dev.p2pcp.graph;

import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Nodes that wait for a parent, within bounds: when there is no room, the oldest one goes of the
 * author who has most here, so that one who sends nodes without end displaces nobody else's.
 */
final class Parked {
  /** Nodes, and bytes of them, at most. */
  static final int MAX_NODES = 4096;

  static final int MAX_BYTES = 4 * 1024 * 1024;

  private record Waiting(GraphNode node, Hash parent) {}

  /** In the order in which they came. */
  private final Map<Hash, Waiting> nodes = new LinkedHashMap<>();

  private final Map<Hash, List<Hash>> byParent = new HashMap<>();
  private final Map<PublicKey, Integer> byAuthor = new HashMap<>();
  private int bytes;

  boolean has(Hash name) {
    return nodes.containsKey(name);
  }

  int size() {
    return nodes.size();
  }

  int bytes() {
    return bytes;
  }

  boolean isAwaited(Hash name) {
    return byParent.containsKey(name) && !nodes.containsKey(name);
  }

  List<Hash> missing() {
    return byParent.keySet().stream().filter(parent -> !nodes.containsKey(parent)).toList();
  }

  void park(Hash parent, GraphNode node) {
    if (nodes.containsKey(node.name())) {
      return;
    }
    nodes.put(node.name(), new Waiting(node, parent));
    byParent.computeIfAbsent(parent, p -> new ArrayList<>()).add(node.name());
    byAuthor.merge(node.author(), node.encoded().length(), Integer::sum);
    bytes += node.encoded().length();
    while (nodes.size() > MAX_NODES || bytes > MAX_BYTES) {
      drop();
    }
  }

  /** Those that wait for a node; they are no longer parked. */
  List<GraphNode> takeWaiting(Hash parent) {
    List<Hash> names = byParent.remove(parent);
    if (names == null) {
      return List.of();
    }
    List<GraphNode> ready = new ArrayList<>(names.size());
    for (Hash name : names) {
      Waiting waiting = nodes.remove(name);
      if (waiting != null) {
        forget(waiting.node);
        ready.add(waiting.node);
      }
    }
    return ready;
  }

  private void drop() {
    PublicKey most = null;
    int held = -1;
    for (Map.Entry<PublicKey, Integer> author : byAuthor.entrySet()) {
      if (author.getValue() > held) {
        most = author.getKey();
        held = author.getValue();
      }
    }
    Iterator<Waiting> all = nodes.values().iterator();
    while (all.hasNext()) {
      Waiting waiting = all.next();
      if (waiting.node.author().equals(most)) {
        all.remove();
        forget(waiting.node);
        List<Hash> siblings = byParent.get(waiting.parent);
        if (siblings != null && siblings.remove(waiting.node.name()) && siblings.isEmpty()) {
          byParent.remove(waiting.parent);
        }
        return;
      }
    }
  }

  private void forget(GraphNode node) {
    int length = node.encoded().length();
    bytes -= length;
    byAuthor.computeIfPresent(node.author(), (a, held) -> held == length ? null : held - length);
  }
}
