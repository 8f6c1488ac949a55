package dev.p2pcp.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.Seeded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may write is said by the graph itself. */
class RolesTest {
  private final Crypto crypto = new JvmCrypto();
  private final Crypto.SigningKey founder = key(1);
  private final Crypto.SigningKey moderator = key(2);
  private final Crypto.SigningKey troll = key(3);
  private final Crypto.SigningKey reader = key(4);
  private final Graph graph = new Graph(crypto, Roles.graphOf(founder.publicKey(), "talk"));

  private Crypto.SigningKey key(int seed) {
    return crypto.signingKey(new Seeded(seed).bytes(32));
  }

  @Test
  void a_ban_covers_what_its_author_had_not_seen_however_it_is_dated() {
    GraphNode old = say(troll, "before");
    GraphNode ban = grant(founder, troll, Roles.Role.BANNED);
    GraphNode after = say(troll, "after");
    GraphNode dated =
        GraphNode.sign(troll, graph.id(), 0, 1, List.of(old.name()), Bytes.utf8("dated back"));
    GraphNode loose = GraphNode.sign(troll, graph.id(), 0, 0, List.of(), Bytes.utf8("loose"));
    graph.add(dated);
    graph.add(loose);
    Roles roles = roles();
    assertThat(roles.isAllowed(old)).isTrue();
    assertThat(roles.isAllowed(ban)).isTrue();
    assertThat(roles.isAllowed(after)).isFalse();
    assertThat(roles.isAllowed(dated)).isFalse();
    assertThat(roles.isAllowed(loose)).isFalse();
    assertThat(roles.isBanned(troll.publicKey())).isTrue();
    assertThat(roles.isBanned(reader.publicKey())).isFalse();
  }

  @Test
  void who_is_let_in_again_may_write_from_then_on() {
    grant(founder, troll, Roles.Role.BANNED);
    GraphNode during = say(troll, "during");
    grant(founder, troll, Roles.Role.MEMBER);
    GraphNode after = say(troll, "after");
    assertThat(roles().isAllowed(during)).isFalse();
    assertThat(roles().isAllowed(after)).isTrue();
    grant(founder, troll, Roles.Role.BANNED);
    GraphNode again = say(troll, "again");
    assertThat(roles().isAllowed(after)).isTrue();
    assertThat(roles().isAllowed(again)).isFalse();
  }

  @Test
  void moderators_ban_and_others_do_not() {
    grant(reader, troll, Roles.Role.BANNED);
    assertThat(roles().isAllowed(say(troll, "1"))).isTrue();
    grant(moderator, troll, Roles.Role.BANNED);
    assertThat(roles().isAllowed(say(troll, "2"))).isTrue();
    grant(founder, moderator, Roles.Role.MODERATOR);
    assertThat(roles().isModerator(moderator.publicKey())).isTrue();
    grant(moderator, troll, Roles.Role.BANNED);
    assertThat(roles().isAllowed(say(troll, "3"))).isFalse();
  }

  @Test
  void moderators_name_no_moderators_and_ban_neither_founder_nor_each_other() {
    grant(founder, moderator, Roles.Role.MODERATOR);
    grant(founder, reader, Roles.Role.MODERATOR);
    grant(moderator, troll, Roles.Role.MODERATOR);
    grant(moderator, founder, Roles.Role.BANNED);
    grant(moderator, reader, Roles.Role.BANNED);
    Roles roles = roles();
    assertThat(roles.isModerator(troll.publicKey())).isFalse();
    assertThat(roles.isAllowed(say(founder, "still here"))).isTrue();
    assertThat(roles.isModerator(reader.publicKey())).isTrue();
  }

  @Test
  void who_is_moderator_no_more_can_date_no_ban_back() {
    GraphNode root = say(reader, "root");
    GraphNode named = grant(founder, moderator, Roles.Role.MODERATOR);
    grant(moderator, troll, Roles.Role.BANNED);
    grant(founder, moderator, Roles.Role.MEMBER);
    GraphNode dated =
        GraphNode.sign(
            moderator,
            graph.id(),
            0,
            named.height() + 1,
            List.of(named.name()),
            new Roles.Grant(reader.publicKey(), Roles.Role.BANNED).value());
    assertThat(graph.add(dated).outcome()).isEqualTo(Graph.Outcome.ADDED);
    assertThat(roles().isAllowed(say(troll, "x"))).isFalse();
    assertThat(roles().isAllowed(say(reader, "y"))).isTrue();
    assertThat(roles().isAllowed(root)).isTrue();
    assertThat(roles().isModerator(moderator.publicKey())).isFalse();
  }

  @Test
  void bans_are_what_the_rule_says_in_any_graph() {
    Seeded.check(
        60,
        arbitrary -> {
          Graph any = new Graph(crypto, graph.id());
          List<GraphNode> nodes = new ArrayList<>();
          for (int i = 0; i < 50; i++) {
            if (i == 40) {
              assertThat(shown(any, nodes)).isEqualTo(byTheRule(any, nodes));
            }
            nodes.add(arbitraryNode(any, nodes, arbitrary));
          }
          assertThat(shown(any, nodes)).isEqualTo(byTheRule(any, nodes));
          Roles before = Roles.in(any, founder.publicKey());
          for (int i = 0; i < 5; i++) {
            GraphNode later = someNode(any, nodes, arbitrary, troll, Bytes.utf8("later " + i));
            nodes.add(later);
            assertThat(before.isAllowed(later))
                .isEqualTo(Roles.in(any, founder.publicKey()).isAllowed(later));
          }
        });
  }

  private GraphNode arbitraryNode(Graph any, List<GraphNode> nodes, Seeded arbitrary) {
    if (arbitrary.below(3) == 0) {
      Roles.Role role = arbitrary.below(2) == 0 ? Roles.Role.BANNED : Roles.Role.MEMBER;
      Bytes value = new Roles.Grant(troll.publicKey(), role).value();
      return someNode(any, nodes, arbitrary, founder, value);
    }
    return someNode(any, nodes, arbitrary, troll, Bytes.utf8("text " + nodes.size()));
  }

  /** A node on one or two others. */
  private GraphNode someNode(
      Graph any, List<GraphNode> nodes, Seeded arbitrary, Crypto.SigningKey by, Bytes value) {
    Set<GraphNode> parents = new HashSet<>();
    for (int i = 0; i < 2 && !nodes.isEmpty(); i++) {
      parents.add(nodes.get(arbitrary.below(nodes.size())));
    }
    long height = parents.stream().mapToLong(GraphNode::height).max().orElse(-1) + 1;
    List<Hash> names = parents.stream().map(GraphNode::name).toList();
    GraphNode node = GraphNode.sign(by, any.id(), nodes.size(), height, names, value);
    assertThat(any.add(node).outcome()).isEqualTo(Graph.Outcome.ADDED);
    return node;
  }

  private List<Boolean> shown(Graph any, List<GraphNode> nodes) {
    Roles roles = Roles.in(any, founder.publicKey());
    return nodes.stream().map(roles::isAllowed).toList();
  }

  /** As section 22 of the protocol has it, where only the founder speaks and of one person. */
  private List<Boolean> byTheRule(Graph any, List<GraphNode> nodes) {
    Map<GraphNode, Set<Hash>> past = new HashMap<>();
    nodes.forEach(node -> past.put(node, any.past(List.of(node.name()))));
    List<GraphNode> grants =
        nodes.stream().filter(node -> Roles.Grant.in(node.value()).isPresent()).toList();
    List<Boolean> shown = new ArrayList<>();
    for (GraphNode node : nodes) {
      boolean covered = false;
      for (GraphNode ban : grants) {
        boolean lifted = false;
        for (GraphNode later : grants) {
          lifted |=
              !later.value().equals(ban.value())
                  && past.get(later).contains(ban.name())
                  && past.get(node).contains(later.name());
        }
        covered |=
            Roles.Grant.in(ban.value()).orElseThrow().role() == Roles.Role.BANNED
                && !past.get(ban).contains(node.name())
                && !lifted;
      }
      shown.add(node.author().equals(founder.publicKey()) || !covered);
    }
    return shown;
  }

  @Test
  void whoever_asks_who_is_banned_walks_nowhere() {
    grant(founder, troll, Roles.Role.BANNED);
    for (int i = 0; i < 2_000; i++) {
      say(reader, "text " + i);
    }
    Roles roles = roles();
    assertTimeout(
        Duration.ofSeconds(2),
        () -> {
          for (int i = 0; i < 100_000; i++) {
            assertThat(roles.isBanned(troll.publicKey())).isTrue();
          }
        });
  }

  private Roles roles() {
    return Roles.in(graph, founder.publicKey());
  }

  private GraphNode say(Crypto.SigningKey author, String text) {
    return graph
        .append(author, 1, Bytes.concat(Bytes.wrap(new byte[1]), Bytes.utf8(text)))
        .nodes()
        .get(0);
  }

  private GraphNode grant(Crypto.SigningKey by, Crypto.SigningKey subject, Roles.Role role) {
    Bytes value = new Roles.Grant(subject.publicKey(), role).value();
    return graph.append(by, 1, value).nodes().get(0);
  }

  @Test
  void a_grant_says_what_was_put_into_it() {
    for (Roles.Role role : Roles.Role.values()) {
      Roles.Grant grant = new Roles.Grant(reader.publicKey(), role);
      assertThat(Roles.Grant.in(grant.value())).contains(grant);
    }
    assertThat(Roles.Grant.in(Bytes.utf8("text"))).isEmpty();
    Hash other = Roles.graphOf(reader.publicKey(), "talk");
    assertThat(graph.id()).isNotEqualTo(other);
  }
}
