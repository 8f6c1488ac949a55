package dev.p2pcp.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Questions are answered as far as answering costs little, and asked again of who was busy. */
class MeshQuestionsTest {
  private static final Hash TOPIC = new Hash(new Seeded(1).bytes(Hash.LENGTH));
  private static final PeerId OTHER = new PeerId(new Seeded(2).bytes(32));
  private static final Bytes ANSWER = Bytes.utf8("answer");

  private final JvmClock clock = new JvmClock();
  private final Platform platform =
      new Platform(
          clock,
          new Seeded(3),
          new VirtualThreadTasks(
              clock,
              (task, cause) -> {
                throw new AssertionError(cause);
              }),
          new JvmCrypto());
  private final Deque<PeerFrame.Reply> replies = new ArrayDeque<>();

  /** Answers everything, for as much as it says. */
  private record User(long cost) implements TopicUser {
    @Override
    public Verdict take(PeerId from, Bytes message) {
      return Verdict.KNOWN;
    }

    @Override
    public Optional<Bytes> answer(PeerId from, Bytes request) {
      return Optional.of(ANSWER);
    }

    @Override
    public long weight(Bytes request) {
      return cost;
    }

    @Override
    public void met(PeerId neighbour) {}
  }

  private final class Scripted implements Peers {
    @Override
    public Optional<PeerFrame.Reply> call(
        PeerId to, boolean near, PeerFrame.Request request, Deadline deadline) {
      return Optional.ofNullable(replies.poll());
    }

    @Override
    public void seek(Hash topic) {}

    @Override
    public void left(Hash topic) {}
  }

  private Mesh mesh(long cost) {
    return new Mesh(
        platform, new PeerId(new Seeded(4).bytes(32)), TOPIC, new User(cost), new Scripted());
  }

  @Test
  void what_costs_much_to_answer_is_answered_a_few_times() {
    assertThat(answered(mesh(1 << 20))).isBetween(3, 6);
    assertThat(answered(mesh(0))).isEqualTo(100);
  }

  private static int answered(Mesh mesh) {
    int answered = 0;
    for (int i = 0; i < 100; i++) {
      PeerFrame.Ask ask = new PeerFrame.Ask(TOPIC, Bytes.utf8("question"));
      answered += mesh.answer(OTHER, ask) instanceof PeerFrame.Told ? 1 : 0;
    }
    return answered;
  }

  @Test
  void who_is_busy_is_asked_again_when_it_has_time() {
    replies.addAll(List.of(busy(120), busy(1), new PeerFrame.Told(ANSWER)));
    long before = clock.ticks();
    assertThat(mesh(0).ask(OTHER, Bytes.utf8("?"), platform.deadline(20_000))).contains(ANSWER);
    assertThat(clock.ticks() - before).isGreaterThanOrEqualTo(120);
  }

  @Test
  void nobody_waits_longer_than_for_the_answer() {
    replies.addAll(List.of(busy(60_000), new PeerFrame.Told(ANSWER)));
    assertThat(mesh(0).ask(OTHER, Bytes.utf8("?"), platform.deadline(20_000))).isEmpty();
    assertThat(replies).hasSize(1);
  }

  private static PeerFrame.Reply busy(long millis) {
    return new PeerFrame.Denied(Refusal.of(Refusal.BUSY, "too much", millis));
  }
}
