package dev.p2pcp.graph;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Sha256;
import java.util.ArrayList;
import java.util.HashMap;
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

  /** A grant that counts, and all that its author had seen. */
  private record Given(GraphNode node, Role role, Set<Hash> past) {
    boolean isSeenBy(Set<Hash> others) {
      return others.contains(node.name());
    }
  }

  private final Graph graph;
  private final PublicKey founder;
  private final Map<PublicKey, List<Given>> given = new HashMap<>();

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
    return roles;
  }

  private void give(GraphNode node) {
    Grant grant = Grant.in(node.value()).orElseThrow();
    if (!grant.subject().equals(founder)) {
      given
          .computeIfAbsent(grant.subject(), s -> new ArrayList<>())
          .add(new Given(node, grant.role(), graph.past(List.of(node.name()))));
    }
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
    return isNow(person, Role.MODERATOR);
  }

  /** Whether somebody is banned by now. */
  public boolean isBanned(PublicKey person) {
    return isNow(person, Role.BANNED);
  }

  private boolean isNow(PublicKey person, Role role) {
    return given.containsKey(person) && now().get(person) == role;
  }

  /** What those are by now whom a role was ever given. */
  public Map<PublicKey, Role> now() {
    Map<PublicKey, Role> now = new HashMap<>();
    if (!given.isEmpty()) {
      Set<Hash> all = graph.past(graph.heads());
      all.addAll(graph.heads());
      for (PublicKey person : given.keySet()) {
        last(person, all).ifPresent(role -> now.put(person, role));
      }
    }
    return now;
  }

  private boolean is(GraphNode node, Role role) {
    List<Given> of = given.getOrDefault(node.author(), List.of());
    if (of.isEmpty()) {
      return false;
    }
    boolean lifted = of.stream().anyMatch(g -> g.role != role);
    if (role == Role.BANNED && !lifted) {
      // The usual case: what its author had seen was looked up when the ban was read.
      return of.stream().anyMatch(g -> !g.past.contains(node.name()));
    }
    Set<Hash> past = graph.past(List.of(node.name()));
    if (role == Role.BANNED) {
      return of.stream().anyMatch(g -> g.role == role && takesBack(g, node, past, of));
    }
    // A moderator until somebody who had not seen the node took that away.
    boolean had = last(node.author(), past).filter(r -> r == role).isPresent();
    return had && of.stream().noneMatch(g -> g.role != role && takesBack(g, node, past, of));
  }

  /**
   * Whether a grant covers a node: its author had not seen the node, and the node follows on no
   * later grant that lifted it.
   */
  private static boolean takesBack(Given one, GraphNode node, Set<Hash> past, List<Given> of) {
    if (one.past.contains(node.name()) || one.node.name().equals(node.name())) {
      return false;
    }
    return of.stream()
        .noneMatch(
            later -> later.role != one.role && one.isSeenBy(later.past) && later.isSeenBy(past));
  }

  /** The latest role of somebody among some nodes: of those at once, the least. */
  private Optional<Role> last(PublicKey person, Set<Hash> among) {
    List<Given> of =
        given.getOrDefault(person, List.of()).stream().filter(g -> g.isSeenBy(among)).toList();
    Optional<Role> least = Optional.empty();
    for (Given one : of) {
      boolean replaced = of.stream().anyMatch(later -> one.isSeenBy(later.past));
      if (!replaced && least.filter(role -> role.compareTo(one.role) <= 0).isEmpty()) {
        least = Optional.of(one.role);
      }
    }
    return least;
  }
}
