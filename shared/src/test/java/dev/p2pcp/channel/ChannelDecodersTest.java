package dev.p2pcp.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.graph.GraphNode;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.BitFlips;
import dev.p2pcp.testing.Decoders;
import dev.p2pcp.testing.Seeded;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What members send is read strictly, whoever sends it. */
class ChannelDecodersTest {
  private final Crypto crypto = new JvmCrypto();
  private final Crypto.SigningKey key = crypto.signingKey(new Seeded(1).bytes(32));
  private final Hash graph = new Hash(new Seeded(2).bytes(32));

  @Test
  void posts_are_canonical_or_refused() {
    Post.Attached file = new Post.Attached(new Seeded(3).bytes(64), "a.png", "image/png", 5);
    Decoders.check(
        bytes -> Post.decode(bytes).value(),
        new Post(Optional.empty(), "hello", List.of()).value(),
        new Post(Optional.of(graph), "", List.of(file)).value());
  }

  @Test
  void presences_are_canonical_and_no_bit_of_them_may_change() throws Exception {
    Bytes right = Presence.sign(key, graph, 1_790_000_000_000L, true).encoded();
    Decoders.check(bytes -> Presence.decode(bytes).encoded(), right);
    new BitFlips(right)
        .forEach(
            flipped -> {
              try {
                assertThat(Presence.decode(flipped).isGenuine(crypto)).isFalse();
              } catch (MalformedFrameException e) {
                assertThat(e.getMessage()).isNotEmpty();
              }
            });
  }

  @Test
  void exchanges_are_canonical_or_refused() {
    Bytes value = new Post(Optional.empty(), "hello", List.of()).value();
    GraphNode node = GraphNode.sign(key, graph, 5, 0, List.of(), value);
    Decoders.check(
        bytes -> Exchange.decode(bytes).encoded(),
        new Exchange(Exchange.PAGE, graph.bytes(), List.of()).encoded(),
        new Exchange(Exchange.STEP, Bytes.utf8("step"), List.of(node)).encoded());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " lounge", "lounge ", "a\nb", "a\u0000", "a\u0085b"})
  void names_that_could_deceive_are_none(String name) {
    assertThat(ChannelLink.isName(name)).isFalse();
    assertThatThrownBy(() -> new ChannelLink(key.publicKey(), name))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_link_is_read_as_it_was_written_and_names_one_graph() throws Exception {
    ChannelLink link = new ChannelLink(key.publicKey(), "Leuchtt\u00fcrme");
    assertThat(ChannelLink.parse(link.text())).isEqualTo(link);
    assertThat(ChannelLink.isName("x".repeat(ChannelLink.MAX_NAME))).isTrue();
    assertThat(ChannelLink.isName("x".repeat(ChannelLink.MAX_NAME + 1))).isFalse();
    assertThat(new ChannelLink(key.publicKey(), "other").graph()).isNotEqualTo(link.graph());
    assertThatThrownBy(() -> ChannelLink.parse(key.publicKey().bytes().base64Url()))
        .isInstanceOf(MalformedFrameException.class);
  }
}
