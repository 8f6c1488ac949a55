package dev.p2pcp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.topic.Mesh;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Fifty people in a topic: what is said reaches all of them, whatever happens to index servers. */
class TalkTest {
  private static final int PEOPLE = 50;
  private static final long HOUR = 3_600_000;

  @Test
  void a_message_reaches_all_within_a_second_with_servers_and_within_two_without() {
    Talkers talkers = new Talkers(1);
    talkers.people(PEOPLE);
    for (Talkers.Talker one : talkers.all) {
      assertThat(one.topic().neighbours().size()).isBetween(Mesh.LEAST, Mesh.MOST);
    }
    List<Long> with = new ArrayList<>();
    for (int i = 0; i < PEOPLE; i += 5) {
      with.add(talkers.timeToReach(talkers.all.get(i), talkers.all));
      talkers.pass(700);
    }
    assertThat(with).allMatch(time -> time < 1_000);
    talkers.index.kill();
    talkers.pass(60_000);
    List<Long> without = new ArrayList<>();
    for (int i = 0; i < PEOPLE; i += 5) {
      without.add(talkers.timeToReach(talkers.all.get(i), talkers.all));
      talkers.pass(700);
    }
    assertThat(without).allMatch(time -> time < 2_000);
    talkers.end();
  }

  @Test
  void halves_that_were_apart_for_an_hour_agree_soon_after() {
    Talkers talkers = new Talkers(2);
    talkers.people(PEOPLE);
    talkers.channels.part(true);
    talkers.index.kill();
    talkers.pass(30_000);
    Set<Bytes> said = new HashSet<>();
    for (int minute = 0; minute < 60; minute++) {
      for (int side = 0; side < 2; side++) {
        Bytes words = talkers.words(Talkers.RIGHT);
        List<Talkers.Talker> half = talkers.side(side);
        half.get(minute % half.size()).say(words);
        said.add(words);
      }
      talkers.pass(60_000);
    }
    for (int side = 0; side < 2; side++) {
      List<Talkers.Talker> half = talkers.side(side);
      Set<Bytes> known = half.getFirst().heard.keySet();
      assertThat(known).hasSize(60);
      assertThat(half).allMatch(one -> one.heard.keySet().equals(known));
    }
    talkers.channels.part(false);
    talkers.index.restart();
    long began = talkers.clock.ticks();
    while (talkers.clock.ticks() - began < HOUR
        && !talkers.all.stream().allMatch(one -> one.heard.keySet().equals(said))) {
      talkers.pass(1_000);
    }
    assertThat(talkers.all).allMatch(one -> one.heard.keySet().equals(said));
    assertThat(talkers.clock.ticks() - began).isLessThan(300_000);
    talkers.end();
  }
}
