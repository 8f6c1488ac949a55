package dev.p2pcp.channel;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.graph.Graph;
import dev.p2pcp.graph.GraphNode;
import dev.p2pcp.graph.Roles;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.topic.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The messages of a channel that are here, and the rules of what is taken among them. */
final class History {
  /** Nodes of a channel at most, and of one author who is not its founder. */
  static final int MAX_NODES = 20_000;

  static final int MAX_OF_ONE = MAX_NODES / 4;

  /** Bytes of them likewise, as all are in memory. */
  static final long MAX_BYTES = 16 * 1024 * 1024;

  static final long MAX_BYTES_OF_ONE = MAX_BYTES / 4;

  /** Longest value in a channel, in bytes, so that several have room in one message. */
  static final int MAX_VALUE = 16 * 1024;

  /** Latest time that calendars know, in milliseconds since 1970: that of ECMAScript. */
  static final long MAX_TIME = 8_640_000_000_000_000L;

  /** At most so many heads that came by comparing are told at once. */
  static final int TOLD = 16;

  private final Platform platform;
  private final Graph graph;
  private final PublicKey founder;
  private final ChannelSync sync;
  private final Pace pace;
  private final Added added;
  private final Map<PublicKey, Share> byAuthor = new HashMap<>();
  private final Share all = new Share();
  private @Nullable Roles roles;
  private Set<Hash> told;

  /** Nodes that the store lacks, parents first, so that no child is there without them. */
  private final List<GraphNode> unstored = new ArrayList<>();

  /** How much there is. Guarded by the history. */
  private static final class Share {
    private int nodes;
    private long bytes;

    void add(GraphNode node) {
      nodes++;
      bytes += node.encoded().length();
    }
  }

  /** Hears of nodes of others that are in the graph. Suspends. */
  @FunctionalInterface
  interface Added {
    /**
     * @param old whether they were there long before this member came
     */
    void added(List<GraphNode> nodes, boolean old);
  }

  /** Looks at a message. Must not suspend. */
  @FunctionalInterface
  interface SeenPost {
    /** Whether to go on with the one before. */
    boolean goesOn(GraphNode node, Post post);
  }

  History(Platform platform, ChannelLink link, List<GraphNode> kept, Added added) {
    this.platform = platform;
    this.founder = link.founder();
    this.graph = new Graph(platform.crypto(), link.graph(), this::unstored);
    this.sync = new ChannelSync(platform, graph, this::take);
    this.pace = new Pace(platform.clock());
    this.added = added;
    List<GraphNode> inOrder = new ArrayList<>(kept);
    inOrder.sort((a, b) -> Long.compare(a.height(), b.height()));
    for (GraphNode node : inOrder) {
      count(graph.restore(node).nodes());
    }
    told = new HashSet<>(graph.heads());
    unstored.clear();
  }

  private void unstored(GraphNode node) {
    synchronized (unstored) {
      unstored.add(node);
    }
  }

  /** What is to be stored now. */
  List<GraphNode> takeUnstored() {
    synchronized (unstored) {
      List<GraphNode> taken = List.copyOf(unstored);
      unstored.clear();
      return taken;
    }
  }

  /** It could not be stored. */
  void putBack(List<GraphNode> taken) {
    synchronized (unstored) {
      unstored.addAll(0, taken);
    }
  }

  ChannelSync sync() {
    return sync;
  }

  /** A node came by the mesh. Suspends. */
  Verdict take(GraphNode node) {
    if (isWrong(node)) {
      return Verdict.BAD;
    }
    if (!pace.allows(node.author())) {
      return Verdict.KNOWN;
    }
    Verdict verdict = add(node);
    if (verdict == Verdict.NEW) {
      pace.taken(node.author());
    }
    return verdict;
  }

  /** Nodes that a member sent when both compared. Suspends. */
  private int take(List<GraphNode> nodes, boolean old) {
    List<GraphNode> fresh = new ArrayList<>();
    boolean lied = false;
    for (GraphNode node : nodes) {
      lied |= isWrong(node);
      if (!lied && isWelcome(node)) {
        Graph.Added one = graph.add(node);
        lied = one.outcome() == Graph.Outcome.REFUSED;
        count(one.nodes());
        fresh.addAll(one.nodes());
      }
      if (lied) {
        break;
      }
    }
    if (!fresh.isEmpty()) {
      added.added(fresh, old);
    }
    return lied ? -1 : fresh.size();
  }

  private Verdict add(GraphNode node) {
    if (!isWelcome(node)) {
      return Verdict.KNOWN;
    }
    Graph.Added one = graph.add(node);
    if (!one.nodes().isEmpty()) {
      count(one.nodes());
      added.added(one.nodes(), false);
    }
    return switch (one.outcome()) {
      case ADDED -> Verdict.NEW;
      case PARKED -> Verdict.PARKED;
      case REFUSED -> Verdict.BAD;
      case KNOWN, PRUNED, FULL -> Verdict.KNOWN;
    };
  }

  /** Whether nobody would take it. */
  private boolean isWrong(GraphNode node) {
    Bytes value = node.value();
    return !node.graph().equals(graph.id())
        || value.isEmpty()
        || value.length() > MAX_VALUE
        || node.time() > MAX_TIME
        || (Post.isMeant(value) && postOf(node).isEmpty());
  }

  /**
   * Whether there is room for it. What others follow on is taken whoever wrote it and however much:
   * they did not know of a ban, or had room for it, and without it theirs would be lacking here.
   */
  private boolean isWelcome(GraphNode node) {
    PublicKey author = node.author();
    return graph.isMissing(node.name())
        ? hasRoom(founder)
        : hasRoom(author) && !roles().isBanned(author);
  }

  private synchronized boolean hasRoom(PublicKey author) {
    Share share = byAuthor.get(author);
    return all.nodes < MAX_NODES
        && all.bytes < MAX_BYTES
        && (share == null
            || author.equals(founder)
            || (share.nodes < MAX_OF_ONE && share.bytes < MAX_BYTES_OF_ONE));
  }

  private synchronized void count(List<GraphNode> nodes) {
    for (GraphNode node : nodes) {
      all.add(node);
      byAuthor.computeIfAbsent(node.author(), author -> new Share()).add(node);
      Roles known = roles;
      if (known != null
          && known.maySay(node.author())
          && Roles.Grant.in(node.value()).isPresent()) {
        roles = null;
      }
    }
  }

  /** Signs a node of one's own, which then is to be stored and added. Suspends. */
  GraphNode next(Crypto.SigningKey me, Bytes value) throws ChannelException {
    if (!hasRoom(me.publicKey())) {
      throw new ChannelException(ChannelException.Reason.TOO_LARGE, "there is no room for more");
    }
    return graph.next(me, platform.clock().now(), value);
  }

  /** Adds a node of one's own that is stored. Never suspends. */
  void own(GraphNode node) {
    count(graph.restore(node).nodes());
    synchronized (unstored) {
      unstored.remove(node);
    }
  }

  /** Whether what somebody says of another's role counts. */
  boolean mayAppoint(PublicKey who, PublicKey person, Roles.Role role) {
    if (person.equals(founder)) {
      return false;
    }
    boolean staff = roles().now().get(person) == Roles.Role.MODERATOR;
    return who.equals(founder)
        || (roles().isModerator(who) && role != Roles.Role.MODERATOR && !staff);
  }

  synchronized Roles roles() {
    Roles known = roles;
    if (known == null) {
      known = Roles.in(graph, founder);
      roles = known;
    }
    return known;
  }

  /** Goes through what is to be shown, from the last one on backwards. Never suspends. */
  void posts(SeenPost seen) {
    Roles now = roles();
    graph.backwards(
        node -> {
          Optional<Post> post = postOf(node);
          return post.isEmpty() || !now.isAllowed(node) || seen.goesOn(node, post.get());
        });
  }

  private static Optional<Post> postOf(GraphNode node) {
    try {
      return Post.isMeant(node.value()) ? Optional.of(Post.decode(node.value())) : Optional.empty();
    } catch (MalformedFrameException e) {
      return Optional.empty();
    }
  }

  /**
   * Heads that came by comparing and that neighbours may not know of, of many the highest: the rest
   * comes when they compare.
   */
  synchronized List<GraphNode> newHeads() {
    List<Hash> heads = graph.heads();
    List<GraphNode> fresh = new ArrayList<>();
    for (Hash head : heads) {
      if (!told.contains(head)) {
        graph.node(head).ifPresent(fresh::add);
      }
    }
    told = new HashSet<>(heads);
    fresh.sort((a, b) -> Long.compare(b.height(), a.height()));
    return fresh.subList(0, Math.min(TOLD, fresh.size()));
  }
}
