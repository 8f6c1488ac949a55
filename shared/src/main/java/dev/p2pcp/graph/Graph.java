package dev.p2pcp.graph;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The nodes of one graph that are here. Adding verifies a node before it counts, and suspends while
 * it does; everything else never suspends. Any number of tasks may call.
 */
public final class Graph {
  /** Nodes at most: whoever has more prunes. */
  public static final int MAX_NODES = 1_000_000;

  /** What came of a node that was brought. */
  public enum Outcome {
    /** It is in the graph, and so may others be that waited for it. */
    ADDED,
    /** It was there already. */
    KNOWN,
    /** It waits for a parent. */
    PARKED,
    /** It is older than what was pruned. */
    PRUNED,
    /** It is no node of this graph, forged, or its height is wrong: who sent it lied. */
    REFUSED,
    /** The graph is full. */
    FULL
  }

  private final Crypto crypto;
  private final Hash id;
  private final Map<Hash, GraphNode> nodes = new HashMap<>();
  private final Set<Hash> heads = new HashSet<>();
  private final Parked parked = new Parked();
  private final Pruned pruned = new Pruned();
  private final TreeSet<GraphNode> order = new TreeSet<>(GraphNode.ORDER);
  private final NameSet names = new NameSet();

  private final Inserted inserted;

  /** Hears of each node as it gets into the graph, parents first. Must not suspend. */
  @FunctionalInterface
  public interface Inserted {
    void inserted(GraphNode node);
  }

  public Graph(Crypto crypto, Hash id) {
    this(crypto, id, node -> {});
  }

  public Graph(Crypto crypto, Hash id, Inserted inserted) {
    this.crypto = crypto;
    this.id = id;
    this.inserted = inserted;
  }

  public Hash id() {
    return id;
  }

  /** What adding came to: the nodes that are in the graph by it, parents first. */
  public record Added(Outcome outcome, List<GraphNode> nodes) {}

  /** Takes a node from anywhere. Suspends. */
  public Added add(GraphNode node) {
    synchronized (this) {
      Optional<Outcome> early = judge(node);
      if (early.isPresent()) {
        return new Added(early.get(), List.of());
      }
    }
    if (!node.isGenuine(crypto)) {
      return new Added(Outcome.REFUSED, List.of());
    }
    synchronized (this) {
      return place(node);
    }
  }

  /**
   * Takes a node that was signed here, or verified before it was stored, as nobody else writes to
   * the own store.
   */
  public synchronized Added restore(GraphNode node) {
    Optional<Outcome> early = judge(node);
    return early.isPresent() ? new Added(early.get(), List.of()) : place(node);
  }

  /** What can be said before the signature is verified. */
  private Optional<Outcome> judge(GraphNode node) {
    if (nodes.containsKey(node.name()) || parked.has(node.name())) {
      return Optional.of(Outcome.KNOWN);
    }
    if (!node.graph().equals(id) || isTooLow(node)) {
      return Optional.of(Outcome.REFUSED);
    }
    if (pruned.has(node.name()) || node.height() < pruned.floor()) {
      return Optional.of(Outcome.PRUNED);
    }
    return nodes.size() >= MAX_NODES ? Optional.of(Outcome.FULL) : Optional.empty();
  }

  /** Whether a parent that is here shows the height to be wrong. */
  private boolean isTooLow(GraphNode node) {
    for (Hash parent : node.parents()) {
      if (heightOf(parent) >= node.height()) {
        return true;
      }
    }
    return false;
  }

  /** −1 if it is not here. */
  private long heightOf(Hash name) {
    GraphNode node = nodes.get(name);
    return node != null ? node.height() : pruned.heightOf(name);
  }

  private Added place(GraphNode node) {
    if (nodes.containsKey(node.name())) {
      return new Added(Outcome.KNOWN, List.of());
    }
    Optional<Hash> missing = missing(node);
    if (missing.isPresent()) {
      parked.park(missing.get(), node);
      return new Added(Outcome.PARKED, List.of());
    }
    List<GraphNode> added = new ArrayList<>();
    Deque<GraphNode> ready = new ArrayDeque<>(List.of(node));
    while (!ready.isEmpty()) {
      GraphNode next = ready.poll();
      Optional<Hash> lacks = missing(next);
      if (lacks.isPresent()) {
        parked.park(lacks.get(), next);
      } else if (hasRightHeight(next) && nodes.size() < MAX_NODES) {
        insert(next);
        added.add(next);
        ready.addAll(parked.takeWaiting(next.name()));
      }
    }
    Outcome outcome = added.isEmpty() ? Outcome.REFUSED : Outcome.ADDED;
    return new Added(outcome, List.copyOf(added));
  }

  private Optional<Hash> missing(GraphNode node) {
    for (Hash parent : node.parents()) {
      if (heightOf(parent) < 0) {
        return Optional.of(parent);
      }
    }
    return Optional.empty();
  }

  private boolean hasRightHeight(GraphNode node) {
    long highest = -1;
    for (Hash parent : node.parents()) {
      highest = Math.max(highest, heightOf(parent));
    }
    return node.height() == highest + 1;
  }

  private void insert(GraphNode node) {
    nodes.put(node.name(), node);
    order.add(node);
    names.add(node.name());
    node.parents().forEach(heads::remove);
    heads.add(node.name());
    inserted.inserted(node);
  }

  /** Adds a value that follows on all heads that are known here. Suspends. */
  public Added append(Crypto.SigningKey author, long time, Bytes value) {
    return restore(next(author, time, value));
  }

  /** Signs a value that follows on all heads that are known here, and adds nothing. Suspends. */
  public GraphNode next(Crypto.SigningKey author, long time, Bytes value) {
    List<GraphNode> merged;
    synchronized (this) {
      merged = toMerge();
    }
    long height = -1;
    List<Hash> parents = new ArrayList<>();
    for (GraphNode head : merged) {
      parents.add(head.name());
      height = Math.max(height, head.height());
    }
    return GraphNode.sign(author, id, time, height + 1, parents, value);
  }

  /** The heads; of too many the highest, which are new, and the lowest, which nobody merged. */
  private List<GraphNode> toMerge() {
    List<GraphNode> all = new ArrayList<>();
    heads.forEach(
        head -> {
          GraphNode node = nodes.get(head);
          if (node != null) {
            all.add(node);
          }
        });
    all.sort(GraphNode.ORDER);
    if (all.size() > GraphNode.MAX_PARENTS) {
      all.subList(GraphNode.MAX_PARENTS / 2, all.size() - GraphNode.MAX_PARENTS / 2).clear();
    }
    return all;
  }

  public synchronized Optional<GraphNode> node(Hash name) {
    return Optional.ofNullable(nodes.get(name));
  }

  public synchronized int size() {
    return nodes.size();
  }

  /** Nodes that are nobody's parents, in order. */
  public synchronized List<Hash> heads() {
    List<Hash> sorted = new ArrayList<>(heads);
    sorted.sort((a, b) -> a.bytes().compareTo(b.bytes()));
    return sorted;
  }

  /** All nodes, in the order that everybody sees who has them. */
  public synchronized List<GraphNode> inOrder() {
    return List.copyOf(order);
  }

  /** The first nodes behind that one, or of all if there is no such node; at most so many. */
  public synchronized List<GraphNode> after(Hash name, int most) {
    GraphNode last = nodes.get(name);
    List<GraphNode> next = new ArrayList<>();
    Iterator<GraphNode> rest = (last == null ? order : order.tailSet(last, false)).iterator();
    while (rest.hasNext() && next.size() < most) {
      next.add(rest.next());
    }
    return next;
  }

  /** Nodes from the last one on backwards, until one is not wanted. */
  public synchronized void backwards(Seen seen) {
    Iterator<GraphNode> all = order.descendingIterator();
    while (all.hasNext() && seen.goesOn(all.next())) {
      continue;
    }
  }

  /** Looks at nodes. Must not suspend. */
  @FunctionalInterface
  public interface Seen {
    /** Whether to go on with the next one. */
    boolean goesOn(GraphNode node);
  }

  /** Whether nodes wait for that one. */
  public synchronized boolean isMissing(Hash name) {
    return parked.isAwaited(name);
  }

  /** Names that nodes wait for, to be asked for. */
  public synchronized List<Hash> missing() {
    return parked.missing();
  }

  /** Nodes that wait for parents. */
  public synchronized int waiting() {
    return parked.size();
  }

  /** The names of all nodes, sorted, for {@link Reconciliation}; stays as it is now. */
  public synchronized NameSet.Sorted names() {
    return names.sorted();
  }

  /** All that some nodes follow on, themselves not included, as far as it is here. */
  public synchronized Set<Hash> past(Collection<Hash> of) {
    Set<Hash> past = new HashSet<>();
    Deque<Hash> left = new ArrayDeque<>(of);
    while (!left.isEmpty()) {
      GraphNode node = nodes.get(left.poll());
      if (node != null) {
        for (Hash parent : node.parents()) {
          if (nodes.containsKey(parent) && past.add(parent)) {
            left.add(parent);
          }
        }
      }
    }
    return past;
  }

  /** What a checkpoint that follows on all heads would say. */
  public synchronized Checkpoint summary() {
    return Checkpoint.of(crypto.hasher(), pruned.summary(), order);
  }

  /**
   * Forgets all that a checkpoint follows on, if that is just what it says. What comes later and
   * follows on something older than what is remembered of it is refused.
   *
   * @return the nodes that were forgotten
   */
  public synchronized List<GraphNode> prune(Hash name) {
    GraphNode node = nodes.get(name);
    Optional<Checkpoint> said = node == null ? Optional.empty() : Checkpoint.in(node.value());
    if (node == null || said.isEmpty()) {
      return List.of();
    }
    Set<Hash> past = past(List.of(name));
    List<GraphNode> old = order.stream().filter(n -> past.contains(n.name())).toList();
    if (!Checkpoint.of(crypto.hasher(), pruned.summary(), old).equals(said.get())) {
      return List.of();
    }
    for (GraphNode forgotten : old) {
      nodes.remove(forgotten.name());
      order.remove(forgotten);
      names.remove(forgotten.name());
    }
    pruned.add(said.get(), old);
    return old;
  }
}
