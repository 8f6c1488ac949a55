package dev.p2pcp.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.identity.PeerId;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandourTest {
  private static final int CANARIES = 48;
  private static final long LOOK = 4_500;
  private static final long MINUTE = 60_000;
  private static final int RUNS = 2_000;

  private final Seeded chance = new Seeded(11);

  /** How a server leaves out: anew in every answer, or the same locations always. */
  private enum Way {
    AT_RANDOM,
    ALWAYS_THE_SAME
  }

  @Test
  void a_tenth_left_out_is_seen_within_a_minute_by_two_witnesses() {
    for (Way way : Way.values()) {
      int seen = 0;
      for (int run = 0; run < RUNS; run++) {
        seen += secondsUntilSeen(way, 2, 10) <= 50 ? 1 : 0;
      }
      assertThat(seen).as(way + " of " + RUNS).isGreaterThan(RUNS * 97 / 100);
    }
  }

  @Test
  void what_it_says_is_near_the_truth() {
    for (int percent : List.of(5, 10, 30)) {
      Candour candour = new Candour();
      List<Subject> subjects = subjects(6, Way.AT_RANDOM, percent);
      for (long at = 0; at < MINUTE; at += LOOK) {
        look(candour, subjects, at, percent);
      }
      assertThat(candour.omitted()).isBetween(percent * 6 / 10, percent * 14 / 10 + 1);
    }
  }

  @Test
  void an_honest_server_is_never_accused_while_witnesses_come_and_go() {
    int accused = 0;
    for (int run = 0; run < RUNS; run++) {
      Candour candour = new Candour();
      boolean ever = false;
      // An hour of looks at five who reload, close and open their tabs every minute or so; each
      // time there is a look in the midst of what is announced.
      List<Visitor> visitors = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        visitors.add(new Visitor(peer()));
      }
      for (long at = 0; at < 60 * MINUTE; at += LOOK) {
        for (Visitor visitor : visitors) {
          int told = visitor.told();
          candour.looked(visitor.peer, at, told > 0, CANARIES, told, false);
        }
        candour.askedForNothing(false);
        ever |= candour.omitted() > 0 || candour.isForging();
      }
      accused += ever ? 1 : 0;
    }
    assertThat(accused).as("of " + RUNS + " hours").isZero();
  }

  @Test
  void a_server_that_learns_all_anew_is_not_accused() {
    Candour candour = new Candour();
    List<PeerId> peers = List.of(peer(), peer(), peer(), peer());
    for (long at = 0; at < 5 * MINUTE; at += LOOK) {
      // For nine seconds a part of all locations is away, as when a member of a cluster is lost.
      boolean lost = at > MINUTE && at < MINUTE + 9_000;
      for (PeerId peer : peers) {
        candour.looked(peer, at, true, CANARIES, lost ? CANARIES / 2 : CANARIES, false);
      }
      assertThat(candour.omitted()).isZero();
    }
  }

  @Test
  void one_witness_alone_convicts_nobody() {
    Candour candour = new Candour();
    PeerId liar = peer();
    PeerId other = peer();
    for (long at = 0; at < 5 * MINUTE; at += LOOK) {
      candour.looked(liar, at, true, CANARIES, 10, true);
      candour.looked(other, at, true, CANARIES, CANARIES, false);
      assertThat(candour.omitted()).isZero();
      assertThat(candour.isForging()).isFalse();
    }
  }

  @Test
  void a_server_that_names_people_for_what_nobody_has_is_seen_to_forge() {
    Candour candour = new Candour();
    candour.askedForNothing(true);
    assertThat(candour.isForging()).isFalse();
    candour.askedForNothing(true);
    assertThat(candour.isForging()).isTrue();
  }

  @Test
  void others_named_for_canaries_of_several_are_forged() {
    Candour candour = new Candour();
    List<PeerId> peers = List.of(peer(), peer());
    for (long at = 0; at < MINUTE; at += LOOK) {
      peers.forEach(peer -> candour.looked(peer, 0, true, CANARIES, CANARIES, true));
    }
    assertThat(candour.isForging()).isTrue();
    assertThat(candour.omitted()).isZero();
  }

  @Test
  void a_server_that_mends_its_ways_is_no_longer_accused() {
    Candour candour = new Candour();
    List<Subject> subjects = subjects(3, Way.AT_RANDOM, 30);
    for (long at = 0; at < MINUTE; at += LOOK) {
      look(candour, subjects, at, 30);
    }
    assertThat(candour.omitted()).isPositive();
    for (long at = MINUTE; at < 4 * MINUTE; at += LOOK) {
      look(candour, subjects, at, 0);
    }
    assertThat(candour.omitted()).isZero();
  }

  /** Somebody who stays, and how many of the canaries are never told of. */
  private record Subject(PeerId peer, Way way, int left) {}

  private List<Subject> subjects(int count, Way way, int percent) {
    List<Subject> subjects = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      subjects.add(new Subject(peer(), way, way == Way.ALWAYS_THE_SAME ? leftOut(percent) : 0));
    }
    return subjects;
  }

  private long secondsUntilSeen(Way way, int witnesses, int percent) {
    Candour candour = new Candour();
    List<Subject> subjects = subjects(witnesses, way, percent);
    for (long at = 0; at < 5 * MINUTE; at += LOOK) {
      look(candour, subjects, at, percent);
      if (candour.omitted() > 0) {
        return at / 1_000;
      }
    }
    return Long.MAX_VALUE;
  }

  private void look(Candour candour, List<Subject> subjects, long at, int percent) {
    for (Subject subject : subjects) {
      int left = subject.way == Way.AT_RANDOM ? leftOut(percent) : subject.left;
      candour.looked(subject.peer, at, true, CANARIES, CANARIES - left, false);
    }
  }

  private int leftOut(int percent) {
    int left = 0;
    for (int i = 0; i < CANARIES; i++) {
      left += chance.below(100) < percent ? 1 : 0;
    }
    return left;
  }

  /** Somebody whose tab opens and closes; the looks at both moments find a part. */
  private final class Visitor {
    final PeerId peer;
    private boolean here = true;

    Visitor(PeerId peer) {
      this.peer = peer;
    }

    int told() {
      boolean before = here;
      if (chance.below(13) == 0) {
        here = !here;
      }
      if (before && here && chance.below(30) == 0) {
        // Loaded again between two looks, which just see it announce.
        return chance.below(CANARIES + 1);
      }
      return before != here ? chance.below(CANARIES + 1) : here ? CANARIES : 0;
    }
  }

  private PeerId peer() {
    return new PeerId(chance.bytes(32));
  }
}
