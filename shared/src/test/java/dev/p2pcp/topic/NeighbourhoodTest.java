package dev.p2pcp.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.PeerFrame.Gossip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is a neighbour, who is listened to, and that nothing grows without bound. */
class NeighbourhoodTest {
  private static final Hash TOPIC = new Hash(new Seeded(1).bytes(Hash.LENGTH));

  private final Seeded arbitrary = new Seeded(2);
  private final List<Member> toSpeak = new ArrayList<>();
  private long now = 1_000;
  private final Neighbourhood around = fresh();

  private final class Time implements Clock {
    @Override
    public long now() {
      return now;
    }

    @Override
    public long ticks() {
      return now;
    }
  }

  private Neighbourhood fresh() {
    Time time = new Time();
    Platform platform =
        new Platform(
            time,
            arbitrary,
            new VirtualThreadTasks(
                time,
                (task, cause) -> {
                  throw new AssertionError(cause);
                }),
            new JvmCrypto());
    return new Neighbourhood(
        platform,
        peer(),
        TOPIC,
        new Neighbourhood.Voice() {
          @Override
          public void speak(Member member) {
            toSpeak.add(member);
          }

          @Override
          public void wake() {}
        });
  }

  @Test
  void so_many_are_neighbours_and_others_are_told_of_some_instead() {
    for (int i = 0; i < 1_000; i++) {
      Member one = hello();
      PeerFrame.Heard heard = around.answer(one, gossip(Gossip.NEIGHBOUR));
      assertThat(heard.neighbour()).isEqualTo(i < Mesh.MOST);
      if (i > Mesh.MOST) {
        assertThat(heard.others()).hasSize(Limits.GOSSIP_PEERS).doesNotContain(one.peer);
      }
    }
    assertThat(around.neighbours()).hasSize(Mesh.MOST);
  }

  @Test
  void members_that_are_found_are_asked_until_there_are_enough() {
    List<PeerId> some = peers(16);
    around.found(some);
    assertThat(around.beat().lonely()).isFalse();
    assertThat(toSpeak).hasSize(Mesh.DEGREE);
    for (Member one : List.copyOf(toSpeak)) {
      Gossip said = next(one);
      assertThat(said.stance()).isEqualTo(Gossip.NEIGHBOUR);
      assertThat(around.agreed(one, said, heard(true, List.of()))).isTrue();
    }
    assertThat(around.neighbours()).hasSize(Mesh.DEGREE);
  }

  @Test
  void who_turns_one_away_is_not_asked_again_for_a_minute_and_its_friends_are() {
    around.found(peers(1));
    around.beat();
    Member one = toSpeak.removeFirst();
    Gossip said = next(one);
    List<PeerId> others = peers(2);
    assertThat(around.agreed(one, said, heard(false, others))).isFalse();
    assertThat(next(one)).isNull();
    assertThat(around.beat().lonely()).isTrue();
    assertThat(toSpeak)
        .extracting(member -> member.peer)
        .containsExactlyInAnyOrderElementsOf(others);
    toSpeak.clear();
    now += 61_000;
    around.beat();
    assertThat(toSpeak).contains(one);
  }

  @Test
  void who_does_not_wait_when_told_to_is_shut_out_and_forgiven_after_minutes() {
    Member one = hello();
    PeerId peer = one.peer;
    assertThat(around.neighbours()).contains(peer);
    int admitted = 0;
    for (int i = 0; i < 1_000; i++) {
      if (say(peer, 10_000)) {
        admitted++;
      }
      now += 10;
    }
    assertThat(admitted).isBetween(50, 60);
    assertThat(around.neighbours()).doesNotContain(peer);
    now += 60_000;
    assertThat(say(peer, 1)).isFalse();
    now += 1_100_000;
    assertThat(say(peer, 1)).isTrue();
  }

  @Test
  void who_waits_when_told_to_says_all_he_has_and_keeps_his_standing() {
    Member one = hello();
    for (int said = 0; said < 1_000; ) {
      Neighbourhood.Admission admission = around.admit(one.peer, 10_000, false);
      if (admission.member().isPresent()) {
        said++;
        around.looked(one);
      } else {
        now += admission.refusal().figures().getFirst();
      }
    }
    assertThat(around.neighbours()).contains(one.peer);
  }

  @Test
  void a_message_is_looked_at_once_and_goes_to_all_but_who_brought_it() {
    List<Member> near = List.of(hello(), hello(), hello());
    Bytes message = arbitrary.bytes(100);
    assertThat(bring(near.get(0), message, Verdict.NEW)).isTrue();
    assertThat(bring(near.get(1), message, Verdict.NEW)).isFalse();
    assertThat(next(near.get(0))).isNull();
    assertThat(next(near.get(1)).messages()).containsExactly(message);
    assertThat(next(near.get(2)).messages()).containsExactly(message);
    assertThat(next(near.get(2))).isNull();
  }

  @Test
  void a_wrong_message_costs_everybody_who_brings_it_and_goes_nowhere() {
    Member one = hello();
    Member other = hello();
    Member third = hello();
    Bytes wrong = arbitrary.bytes(100);
    assertThat(bring(one, wrong, Verdict.BAD)).isTrue();
    assertThat(bring(other, wrong, Verdict.BAD)).isFalse();
    assertThat(around.neighbours()).containsExactly(third.peer);
    assertThat(next(third)).isNull();
    assertThat(next(one).stance()).isEqualTo(Gossip.PARTING);
  }

  @Test
  void messages_without_parents_cost_nothing_while_notes_are_compared() {
    Member one = hello();
    assertThat(around.meets(one)).isTrue();
    for (int i = 0; i < 100; i++) {
      bring(one, arbitrary.bytes(50), Verdict.PARKED);
    }
    assertThat(around.neighbours()).contains(one.peer);
    around.met(one);
    for (int i = 0; i < 21; i++) {
      bring(one, arbitrary.bytes(50), Verdict.PARKED);
    }
    assertThat(around.neighbours()).isEmpty();
  }

  @Test
  void promises_that_are_not_kept_cost_their_maker() {
    Member one = hello();
    List<Hash> names = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      names.add(new Hash(arbitrary.bytes(Hash.LENGTH)));
    }
    Gossip promise = new Gossip(TOPIC, Gossip.NEITHER, List.of(), names, List.of());
    assertThat(around.answer(one, promise).want()).isEqualTo(names);
    assertThat(around.answer(hello(), promise).want()).isEmpty();
    now += 11_000;
    around.beat();
    assertThat(around.neighbours()).doesNotContain(one.peer);
  }

  @Test
  void what_waits_for_one_who_does_not_listen_is_bounded_and_can_be_had_by_name() {
    Member slow = hello();
    Bytes last = Bytes.EMPTY;
    for (int i = 0; i < 200; i++) {
      last = arbitrary.bytes(Topic.MAX_MESSAGE);
      publish(last);
    }
    int bytes = 0;
    Bytes newest = Bytes.EMPTY;
    for (Gossip said = next(slow); said != null; said = next(slow)) {
      for (Bytes message : said.messages()) {
        bytes += message.length();
        newest = message;
      }
    }
    assertThat(bytes).isBetween(400 * 1024, 512 * 1024);
    assertThat(newest).isEqualTo(last);
    Member late = hello();
    Gossip names = next(late);
    assertThat(names.have()).hasSizeBetween(30, Limits.GOSSIP);
    around.agreed(late, names, heard(true, names.have().subList(0, 1), List.of()));
    assertThat(next(late).messages()).hasSize(1);
  }

  @Test
  void names_are_told_to_some_who_are_no_neighbours_while_they_are_new() {
    for (int i = 0; i < Mesh.MOST; i++) {
      hello();
    }
    around.found(peers(20));
    around.beat();
    toSpeak.clear();
    Bytes message = arbitrary.bytes(80);
    publish(message);
    toSpeak.clear();
    around.beat();
    assertThat(toSpeak).hasSize(6);
    Gossip said = next(toSpeak.getFirst());
    assertThat(said.stance()).isEqualTo(Gossip.NEITHER);
    assertThat(said.have()).containsExactly(Gossip.nameOf(message));
    assertThat(said.messages()).isEmpty();
    toSpeak.clear();
    now += 4_000;
    assertThat(around.beat().pause()).isEqualTo(10_000);
    assertThat(toSpeak).isEmpty();
  }

  @Test
  void who_brings_next_to_nothing_in_a_turn_is_let_go() {
    Member idle = hello();
    List<Member> near = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      near.add(hello());
    }
    now += Mesh.TURN + 1;
    around.beat();
    for (int i = 0; i < 40; i++) {
      Bytes message = arbitrary.bytes(60);
      near.forEach(one -> bring(one, message, Verdict.NEW));
    }
    now += Mesh.TURN + 1;
    assertThat(around.beat().turn()).hasSize(1);
    assertThat(around.neighbours()).hasSize(5).doesNotContain(idle.peer);
  }

  @Test
  void who_does_not_answer_twice_is_forgotten_but_not_what_is_held_against_him() {
    Member gone = hello();
    around.failed(gone, false);
    assertThat(around.neighbours()).contains(gone.peer);
    around.failed(gone, false);
    assertThat(around.neighbours()).isEmpty();
    Member wrong = hello();
    bring(wrong, arbitrary.bytes(60), Verdict.BAD);
    around.failed(wrong, false);
    around.failed(wrong, false);
    assertThat(say(wrong.peer, 1)).isFalse();
  }

  /** Somebody new asks to be a neighbour. */
  private Member hello() {
    Member one = around.admit(peer(), 1, false).member().orElseThrow();
    around.takeStance(one, gossip(Gossip.NEIGHBOUR));
    around.looked(one);
    return one;
  }

  private boolean say(PeerId from, int weight) {
    Optional<Member> one = around.admit(from, weight, false).member();
    one.ifPresent(around::looked);
    return one.isPresent();
  }

  /** Whether it was looked at. */
  private boolean bring(Member from, Bytes message, Verdict verdict) {
    Hash name = Gossip.nameOf(message);
    if (!around.isNews(from, name)) {
      return false;
    }
    around.judged(from, name, message, verdict);
    return true;
  }

  private void publish(Bytes message) {
    around.handOn(Gossip.nameOf(message), message, null);
  }

  @SuppressWarnings("NullAway") // That it is null is what some look at.
  private Gossip next(Member member) {
    return around.next(member);
  }

  private static Gossip gossip(int stance) {
    return new Gossip(TOPIC, stance, List.of(), List.of(), List.of());
  }

  private static PeerFrame.Heard heard(boolean neighbour, List<PeerId> others) {
    return new PeerFrame.Heard(neighbour, others, List.of());
  }

  private static PeerFrame.Heard heard(boolean neighbour, List<Hash> want, List<PeerId> others) {
    return new PeerFrame.Heard(neighbour, others, want);
  }

  private List<PeerId> peers(int count) {
    List<PeerId> some = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      some.add(peer());
    }
    return some;
  }

  private PeerId peer() {
    return new PeerId(arbitrary.bytes(PeerId.LENGTH));
  }
}
