package dev.p2pcp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.wire.PeerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A topic goes on whatever one of its members does, who is soon a member by name only. */
class HostileTalkTest {
  private static final int PEOPLE = 16;
  private static final long TIME = 10_000;

  private final Talkers talkers = new Talkers(5);
  private final List<Talkers.Talker> honest = new ArrayList<>();
  private Talkers.Talker hostile;

  private void begin() {
    talkers.people(PEOPLE);
    honest.addAll(talkers.all);
    hostile = honest.removeFirst();
    assertThat(hostile.topic().neighbours()).isNotEmpty();
  }

  @Test
  void who_floods_is_dropped_and_costs_a_bounded_amount() {
    begin();
    int before = judged();
    flood(() -> talkers.words(Talkers.RIGHT), 50, 20);
    talkers.pass(TIME);
    assertThat(talkers.timeToReach(honest.getLast(), honest)).isLessThan(2_000);
    assertDropped();
    // What a bucket holds, and lets through until it is shut, of each; everybody hears all of it.
    assertThat(judged() - before).isLessThan(2_000 * PEOPLE * PEOPLE);
    assertGoesOn();
  }

  @Test
  void who_lies_is_dropped_at_once_and_nobody_hands_it_on() {
    begin();
    int before = judged();
    flood(() -> talkers.words(Talkers.WRONG), 1, 50);
    talkers.pass(TIME);
    assertDropped();
    assertThat(judged() - before).isLessThan(3 * PEOPLE);
    assertGoesOn();
  }

  @Test
  void who_names_parents_without_end_is_dropped() {
    begin();
    int before = judged();
    flood(() -> talkers.words(Talkers.ORPHAN), 1, 50);
    talkers.pass(TIME);
    assertDropped();
    assertThat(judged() - before).isLessThan(100 * PEOPLE);
    assertGoesOn();
  }

  @Test
  void who_promises_messages_and_brings_none_is_dropped() {
    begin();
    hostileTask(
        victim -> {
          List<Hash> names = new ArrayList<>();
          for (int i = 0; i < 20; i++) {
            names.add(new Hash(talkers.words(Talkers.RIGHT).slice(1, 32)));
          }
          call(victim, new PeerFrame.Gossip(Talkers.TOPIC, 1, List.of(), names, List.of()));
          talkers.tasks.sleep(2_000);
        });
    talkers.pass(60_000);
    assertDropped();
    assertGoesOn();
  }

  @Test
  void who_asks_nonsense_is_dropped() {
    begin();
    hostileTask(
        victim -> {
          call(victim, new PeerFrame.Ask(Talkers.TOPIC, Bytes.utf8("what?")));
          talkers.tasks.sleep(100);
        });
    talkers.pass(TIME);
    assertDropped();
    assertGoesOn();
  }

  @Test
  void who_only_takes_is_left_for_others_that_bring_something() {
    talkers.people(PEOPLE);
    Talkers.Talker idle = talkers.person(0);
    idle.takesOnly = true;
    idle.join();
    talkers.pass(120_000);
    honest.addAll(talkers.all);
    honest.remove(idle);
    long before = near(idle);
    assertThat(before).isPositive();
    for (int i = 0; i < 400; i++) {
      honest.get(i % honest.size()).say(talkers.words(Talkers.RIGHT));
      talkers.pass(1_000);
    }
    assertThat(near(idle)).isLessThan(before);
    for (Talkers.Talker one : honest) {
      assertThat(one.topic().neighbours().size()).isGreaterThanOrEqualTo(4);
    }
    assertGoesOn();
  }

  private long near(Talkers.Talker of) {
    return honest.stream().filter(one -> one.topic().neighbours().contains(of.peer())).count();
  }

  private int judged() {
    return honest.stream().mapToInt(one -> one.judged).sum();
  }

  private void flood(Supplier<Bytes> words, int messages, int pause) {
    hostileTask(
        victim -> {
          List<Bytes> some = new ArrayList<>();
          for (int i = 0; i < messages; i++) {
            some.add(words.get());
          }
          call(victim, new PeerFrame.Gossip(Talkers.TOPIC, 1, List.of(), List.of(), some));
          talkers.tasks.sleep(pause);
        });
  }

  private interface Attack {
    void on(PeerId victim);
  }

  /** For as long as the test goes on, against everybody. */
  private void hostileTask(Attack attack) {
    for (Talkers.Talker one : honest) {
      PeerId victim = one.peer();
      talkers.run(
          () -> {
            while (talkers.clock.ticks() < 1_000_000) {
              attack.on(victim);
            }
          });
    }
  }

  private void call(PeerId victim, PeerFrame.Request request) {
    hostile.node().topics().call(victim, true, request, Deadline.in(talkers.clock, 5_000));
  }

  private void assertDropped() {
    for (Talkers.Talker one : honest) {
      assertThat(one.topic().neighbours()).doesNotContain(hostile.peer());
    }
  }

  private void assertGoesOn() {
    assertThat(talkers.timeToReach(honest.getLast(), honest)).isLessThan(1_000);
    talkers.end();
  }
}
