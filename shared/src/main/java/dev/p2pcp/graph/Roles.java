package dev.p2pcp.graph;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Sha256;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may do what in a graph, by what its nodes say: its founder names moderators, and both of them
 * ban people and let them in again. Everybody who has the same nodes comes to the same answer.
 *
 * <p>A ban covers all of a person's nodes that its author had not seen: who is banned gains nothing
 * by dating a node back or by hanging it on old ones. Of what a moderator did, the same holds when
 * the founder takes the office away.
 */
public final class Roles {
  private static final int KIND = 1;

  /** What somebody may be made. */
  public enum Role {
    BANNED,
    MEMBER,
    MODERATOR;

    private static final List<Role> ALL = List.of(values());
  }

  /** The value of a node that makes somebody something: {@code u8 1 ‖ subject 32 ‖ u8 role}. */
  public record Grant(PublicKey subject, Role role) {
    public Bytes value() {
      return new ByteWriter().u8(KIND).bytes(subject.bytes()).u8(role.ordinal()).toBytes();
    }

    /** What a value says, if it is one. */
    public static Optional<Grant> in(Bytes value) {
      ByteReader reader = new ByteReader(value);
      try {
        if (reader.u8("kind") != KIND) {
          return Optional.empty();
        }
        PublicKey subject = PublicKey.read(reader, "subject");
        int role = reader.u8("role");
        reader.end();
        return role < Role.ALL.size()
            ? Optional.of(new Grant(subject, Role.ALL.get(role)))
            : Optional.empty();
      } catch (MalformedFrameException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * A grant that counts, its place in the order, and the places of all that its author had seen.
   */
  private record Given(int place, Role role, BitSet past) {
    boolean isSeenBy(BitSet others) {
      return others.get(place);
    }
  }

  private final Graph graph;
  private final PublicKey founder;

  /** Where nodes stand in the order; those that came later have no place, and no grant saw them. */
  private final Map<Hash, Integer> places = new HashMap<>();

  /** What grants follow on, by their names: a bit a node, as one person may give many roles. */
  private final Map<Hash, BitSet> pasts = new HashMap<>();

  private final Map<PublicKey, List<Given>> given = new HashMap<>();

  /**
   * What those are by now whom a role was ever given: all grants are here, so nothing is walked.
   */
  private final Map<PublicKey, Role> now = new HashMap<>();

  private Roles(Graph graph, PublicKey founder) {
    this.graph = graph;
    this.founder = founder;
  }

  /** The graph of that name that somebody founds: nobody else can found the same. */
  public static Hash graphOf(PublicKey founder, String name) {
    return Sha256.hash(Domain.GRAPH.frame(founder.bytes(), Bytes.utf8(name)));
  }

  /** The roles in a graph as it is now. */
  public static Roles in(Graph graph, PublicKey founder) {
    Roles roles = new Roles(graph, founder);
    List<GraphNode> grants = new ArrayList<>();
    for (GraphNode node : graph.inOrder()) {
      roles.places.put(node.name(), roles.places.size());
      if (Grant.in(node.value()).isPresent()) {
        grants.add(node);
      }
    }
    // What the founder gave counts by itself; what moderators gave, by what the founder did.
    for (GraphNode node : grants) {
      if (node.author().equals(founder)) {
        roles.give(node);
      }
    }
    List<GraphNode> byModerators = new ArrayList<>();
    for (GraphNode node : grants) {
      if (!roles.maySay(node.author())) {
        continue;
      }
      roles.pasts.put(node.name(), roles.past(node));
      Grant grant = Grant.in(node.value()).orElseThrow();
      boolean may =
          grant.role() != Role.MODERATOR
              && !grant.subject().equals(founder)
              && roles.is(node, Role.MODERATOR)
              && !roles.wasEver(grant.subject(), Role.MODERATOR);
      if (may) {
        byModerators.add(node);
      }
    }
    byModerators.forEach(roles::give);
    roles.given.forEach((person, of) -> last(of).ifPresent(role -> roles.now.put(person, role)));
    return roles;
  }

  private void give(GraphNode node) {
    Grant grant = Grant.in(node.value()).orElseThrow();
    if (!grant.subject().equals(founder)) {
      BitSet past = past(node);
      pasts.put(node.name(), past);
      given
          .computeIfAbsent(grant.subject(), s -> new ArrayList<>())
          .add(new Given(places.getOrDefault(node.name(), 0), grant.role(), past));
    }
  }

  /** The places of all that a node follows on; what is known of grants is not walked again. */
  private BitSet past(GraphNode node) {
    BitSet done = pasts.get(node.name());
    if (done != null) {
      return done;
    }
    BitSet past = new BitSet();
    Set<Hash> newer = new HashSet<>();
    Deque<Hash> left = new ArrayDeque<>(node.parents());
    while (!left.isEmpty()) {
      Hash name = left.poll();
      Integer place = places.get(name);
      if (place == null ? !newer.add(name) : past.get(place)) {
        continue;
      }
      if (place != null) {
        past.set(place);
      }
      BitSet known = pasts.get(name);
      if (known != null) {
        past.or(known);
      } else {
        graph.node(name).ifPresent(parent -> left.addAll(parent.parents()));
      }
    }
    return past;
  }

  /** Whether a new grant by somebody could change what anybody is. */
  public boolean maySay(PublicKey person) {
    return person.equals(founder) || wasEver(person, Role.MODERATOR);
  }

  /** Moderators are the founder's business alone. */
  private boolean wasEver(PublicKey subject, Role role) {
    return given.getOrDefault(subject, List.of()).stream().anyMatch(g -> g.role == role);
  }

  /** Whether a node is to be shown: its author was not banned from what its author could know. */
  public boolean isAllowed(GraphNode node) {
    return node.author().equals(founder) || !is(node, Role.BANNED);
  }

  /** Whether somebody may name moderators and ban people with a node that follows on all. */
  public boolean isModerator(PublicKey person) {
    if (person.equals(founder)) {
      return true;
    }
    return now.get(person) == Role.MODERATOR;
  }

  /** Whether somebody is banned by now. */
  public boolean isBanned(PublicKey person) {
    return now.get(person) == Role.BANNED;
  }

  /** What those are by now whom a role was ever given. */
  public Map<PublicKey, Role> now() {
    return Map.copyOf(now);
  }

  private boolean is(GraphNode node, Role role) {
    if (!wasEver(node.author(), role)) {
      return false;
    }
    List<Given> of = given.getOrDefault(node.author(), List.of());
    boolean lifted = of.stream().anyMatch(g -> g.role != role);
    if (role == Role.BANNED && !lifted) {
      // The usual case: what its author had seen was looked up when the ban was read.
      return of.stream().anyMatch(g -> !hasSeen(g, node));
    }
    BitSet past = past(node);
    if (role == Role.BANNED) {
      return of.stream().anyMatch(g -> g.role == role && takesBack(g, node, past, of));
    }
    // A moderator until somebody who had not seen the node took that away.
    List<Given> seen = of.stream().filter(g -> g.isSeenBy(past)).toList();
    boolean had = last(seen).filter(r -> r == role).isPresent();
    return had && of.stream().noneMatch(g -> g.role != role && takesBack(g, node, past, of));
  }

  /**
   * Whether a grant covers a node: its author had not seen the node, and the node follows on no
   * later grant that lifted it.
   */
  private boolean takesBack(Given one, GraphNode node, BitSet past, List<Given> of) {
    if (hasSeen(one, node) || places.getOrDefault(node.name(), -1) == one.place) {
      return false;
    }
    return of.stream()
        .noneMatch(
            later -> later.role != one.role && one.isSeenBy(later.past) && later.isSeenBy(past));
  }

  private boolean hasSeen(Given one, GraphNode node) {
    Integer place = places.get(node.name());
    return place != null && one.past.get(place);
  }

  /** The latest of somebody's roles: of those at once, the least. */
  private static Optional<Role> last(List<Given> of) {
    BitSet replaced = new BitSet();
    of.forEach(later -> replaced.or(later.past));
    Optional<Role> least = Optional.empty();
    for (Given one : of) {
      if (!one.isSeenBy(replaced)
          && least.filter(role -> role.compareTo(one.role) <= 0).isEmpty()) {
        least = Optional.of(one.role);
      }
    }
    return least;
  }
}
