package dev.p2pcp.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.graph.GraphNode;
import dev.p2pcp.graph.Roles;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.topic.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is taken into a channel, and what it may cost. */
class HistoryTest {
  private final JvmClock clock = new JvmClock();
  private final Platform platform =
      new Platform(
          clock,
          new Seeded(1),
          new VirtualThreadTasks(
              clock,
              (task, cause) -> {
                throw new AssertionError(cause);
              }),
          new JvmCrypto());
  private final Crypto.SigningKey founder = key(2);
  private final Crypto.SigningKey writer = key(3);
  private final Crypto.SigningKey reader = key(4);
  private final ChannelLink link = new ChannelLink(founder.publicKey(), "lounge");

  private Crypto.SigningKey key(int seed) {
    return platform.crypto().signingKey(new Seeded(seed).bytes(32));
  }

  @Test
  void who_wrote_too_much_writes_no_more_but_what_others_follow_on_is_taken() {
    History history = history(much(writer));
    GraphNode more = node(writer, 0, List.of(), "more");
    assertThat(history.take(more)).isEqualTo(Verdict.KNOWN);
    GraphNode answer = node(reader, 1, List.of(more.name()), "an answer to it");
    assertThat(history.take(answer)).isEqualTo(Verdict.PARKED);
    assertThat(history.take(more)).isEqualTo(Verdict.NEW);
    assertThat(shown(history)).contains("more", "an answer to it");
    assertThat(history.take(node(writer, 0, List.of(), "and more"))).isEqualTo(Verdict.KNOWN);
    assertThat(history.take(node(reader, 0, List.of(), "others write"))).isEqualTo(Verdict.NEW);
  }

  @Test
  void who_may_write_no_more_hears_of_it_before_anything_is_signed() throws Exception {
    History history = history(much(writer));
    Bytes value = post("one more").value();
    assertThatThrownBy(() -> history.next(writer, value))
        .isInstanceOfSatisfying(
            ChannelException.class,
            e -> assertThat(e.reason()).isEqualTo(ChannelException.Reason.TOO_LARGE));
    assertThat(history.next(reader, value).value()).isEqualTo(value);
  }

  @Test
  void a_channel_has_room_for_so_many_bytes_whoever_writes_them() {
    List<GraphNode> kept = new ArrayList<>();
    for (int author = 10; author < 15; author++) {
      kept.addAll(much(key(author)));
    }
    History history = history(kept);
    assertThat(history.take(node(reader, 0, List.of(), "late"))).isEqualTo(Verdict.KNOWN);
    assertThatThrownBy(() -> history.next(founder, post("late").value()))
        .isInstanceOf(ChannelException.class);
  }

  @Test
  void the_founder_may_fill_a_channel() throws Exception {
    History history = history(much(founder));
    assertThat(history.take(node(founder, 0, List.of(), "more"))).isEqualTo(Verdict.NEW);
    assertThat(history.next(founder, post("more").value()).author()).isEqualTo(founder.publicKey());
  }

  @Test
  void a_time_that_no_calendar_knows_is_wrong() {
    History history = history(List.of());
    Bytes value = post("hello").value();
    long last = History.MAX_TIME;
    assertThat(history.take(GraphNode.sign(writer, link.graph(), last, 0, List.of(), value)))
        .isEqualTo(Verdict.NEW);
    assertThat(history.take(GraphNode.sign(writer, link.graph(), last + 1, 0, List.of(), value)))
        .isEqualTo(Verdict.BAD);
  }

  @Test
  void of_many_loose_heads_the_highest_few_are_told() {
    History history = history(List.of());
    List<GraphNode> nodes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      nodes.add(node(writer, 0, List.of(), "loose " + i));
    }
    GraphNode high = node(reader, 1, List.of(nodes.get(50).name()), "high");
    nodes.add(high);
    Bytes request = new Exchange(Exchange.STEP, Bytes.EMPTY, nodes).encoded();
    assertThat(history.sync().answer(request)).isPresent();
    assertThat(history.newHeads()).hasSize(History.TOLD).first().isEqualTo(high);
    assertThat(history.newHeads()).isEmpty();
  }

  @Test
  void roles_are_read_again_only_when_somebody_spoke_whose_word_counts() {
    History history = history(List.of());
    Roles before = history.roles();
    history.take(grant(reader, writer, Roles.Role.BANNED));
    assertThat(history.roles()).isSameAs(before);
    history.take(grant(founder, reader, Roles.Role.MODERATOR));
    Roles after = history.roles();
    assertThat(after.isModerator(reader.publicKey())).isTrue();
    history.take(grant(reader, writer, Roles.Role.MEMBER));
    assertThat(history.roles()).isNotSameAs(after);
  }

  private GraphNode grant(Crypto.SigningKey by, Crypto.SigningKey to, Roles.Role role) {
    Bytes value = new Roles.Grant(to.publicKey(), role).value();
    return GraphNode.sign(by, link.graph(), 5, 0, List.of(), value);
  }

  private History history(List<GraphNode> kept) {
    return new History(platform, link, kept, (nodes, old) -> {});
  }

  /** As much as one author may write who is not the founder. */
  private List<GraphNode> much(Crypto.SigningKey author) {
    Bytes filler = Bytes.wrap(new byte[History.MAX_VALUE - 1]);
    List<GraphNode> nodes = new ArrayList<>();
    for (long bytes = 0; bytes < History.MAX_BYTES_OF_ONE; ) {
      Bytes value = Bytes.concat(Bytes.wrap(new byte[] {99}), filler);
      GraphNode node = GraphNode.sign(author, link.graph(), nodes.size(), 0, List.of(), value);
      bytes += node.encoded().length();
      nodes.add(node);
    }
    return nodes;
  }

  private GraphNode node(Crypto.SigningKey by, long height, List<Hash> parents, String text) {
    return GraphNode.sign(by, link.graph(), 5, height, parents, post(text).value());
  }

  private static Post post(String text) {
    return new Post(Optional.empty(), text, List.of());
  }

  private static List<String> shown(History history) {
    List<String> texts = new ArrayList<>();
    history.posts(
        (node, post) -> {
          texts.add(post.text());
          return true;
        });
    return texts;
  }
}
