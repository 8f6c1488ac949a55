package dev.p2pcp.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.graph.GraphNode;
import dev.p2pcp.graph.NameSet;
import dev.p2pcp.graph.Reconciliation;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.topic.Topic;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who compares with one who means no good loses little time. */
class ChannelSyncTest {
  private static final PeerId MEMBER = new PeerId(new Seeded(1).bytes(32));

  private final Seeded arbitrary = new Seeded(2);
  private long now = 1_000;
  private int asked;
  private final Clock clock =
      new Clock() {
        @Override
        public long now() {
          return now;
        }

        @Override
        public long ticks() {
          return now;
        }
      };
  private final Platform platform =
      new Platform(
          clock,
          arbitrary,
          new VirtualThreadTasks(
              clock,
              (task, cause) -> {
                throw new AssertionError(cause);
              }),
          new JvmCrypto());
  private final Crypto.SigningKey key = platform.crypto().signingKey(arbitrary.bytes(32));
  private final ChannelLink link = new ChannelLink(key.publicKey(), "lounge");
  private final History history = new History(platform, link, List.of(), (nodes, old) -> {});

  /** Says something to each question. */
  private interface Answers {
    Exchange to(Exchange request);
  }

  /** A member that takes its time. */
  private final class Slow implements Topic {
    private final long time;
    private final Answers answers;

    Slow(long time, Answers answers) {
      this.time = time;
      this.answers = answers;
    }

    @Override
    public Optional<Bytes> ask(PeerId member, Bytes request, Deadline deadline) {
      asked++;
      now += Math.min(time, deadline.left(clock));
      try {
        return Optional.of(answers.to(Exchange.decode(request)).encoded());
      } catch (dev.p2pcp.bytes.MalformedFrameException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void publish(Bytes message) {}

    @Override
    public List<PeerId> neighbours() {
      return List.of(MEMBER);
    }

    @Override
    public void blame(PeerId member) {}

    @Override
    public void leave() {}
  }

  @Test
  void who_sends_the_same_page_for_ever_is_not_asked_for_ever() {
    GraphNode same = node("same");
    Slow liar = new Slow(1, request -> new Exchange(Exchange.MORE, Bytes.EMPTY, List.of(same)));
    assertThat(history.sync().with(liar, MEMBER)).isEqualTo(ChannelSync.Outcome.EQUAL);
    assertThat(asked).isLessThanOrEqualTo(4);
  }

  @Test
  void who_answers_slowly_and_has_nothing_to_say_is_given_up_and_blamed() {
    history.take(node("here"));
    Slow liar = new Slow(14_000, request -> new Exchange(Exchange.WHOLE, nonsense(), List.of()));
    long before = now;
    assertThat(history.sync().with(liar, MEMBER)).isEqualTo(ChannelSync.Outcome.LIED);
    assertThat(now - before).isLessThanOrEqualTo(60_000);
  }

  @Test
  void who_answers_quickly_and_has_nothing_to_say_is_given_up_as_well() {
    history.take(node("here"));
    Slow liar = new Slow(0, request -> new Exchange(Exchange.WHOLE, nonsense(), List.of()));
    assertThat(history.sync().with(liar, MEMBER)).isEqualTo(ChannelSync.Outcome.LIED);
    assertThat(asked).isLessThanOrEqualTo(200);
  }

  @Test
  void who_brings_little_at_a_time_lets_others_have_their_turn() {
    Slow slow =
        new Slow(
            14_000,
            request -> new Exchange(Exchange.MORE, Bytes.EMPTY, List.of(node("number " + asked))));
    assertThat(history.sync().with(slow, MEMBER)).isEqualTo(ChannelSync.Outcome.MORE);
    assertThat(history.sync().size()).isBetween(2, 4);
  }

  @Test
  void comparing_is_charged_by_what_there_is_to_hash() {
    Bytes page = new Exchange(Exchange.PAGE, link.graph().bytes(), List.of()).encoded();
    Bytes step = new Exchange(Exchange.STEP, nonsense(), List.of()).encoded();
    assertThat(history.sync().weight(step)).isZero();
    for (int i = 0; i < 10; i++) {
      history.take(node("number " + i));
    }
    assertThat(history.sync().weight(step)).isEqualTo(10L * Hash.LENGTH);
    assertThat(history.sync().weight(page)).isZero();
    assertThat(history.sync().weight(Bytes.EMPTY)).isZero();
  }

  /** A step that compares what nobody has. */
  private Bytes nonsense() {
    NameSet.Sorted names = NameSet.Sorted.of(List.of(new Hash(arbitrary.bytes(32))));
    return new Reconciliation(names, platform.crypto().hasher()).begin(arbitrary).encoded();
  }

  private GraphNode node(String text) {
    Bytes value = new Post(Optional.empty(), text, List.of()).value();
    return GraphNode.sign(key, link.graph(), 5, 0, List.of(), value);
  }
}
