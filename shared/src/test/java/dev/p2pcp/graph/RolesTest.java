package dev.p2pcp.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.Seeded;
import java.util.List;
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
