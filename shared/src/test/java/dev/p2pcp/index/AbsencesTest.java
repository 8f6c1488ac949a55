package dev.p2pcp.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.PeerId;
import org.junit.jupiter.api.Test;

class AbsencesTest {
  private static final long START = 1_800_000_000_000L;
  private static final long HOUR = 3_600_000;
  private static final PeerId TAB = peer("tab");

  private final Absences absences = new Absences(START);

  @Test
  void who_is_connected_is_seen_now_and_who_was_never_is_seen_at_0() {
    absences.connected(TAB, START);
    assertThat(absences.seen(TAB, START + 100 * HOUR)).isEqualTo(START + 100 * HOUR);
    assertThat(absences.isLost(TAB, START + 100 * HOUR)).isFalse();
    assertThat(absences.seen(peer("stranger"), START + HOUR)).isZero();
  }

  @Test
  void the_grace_is_eight_times_the_usual_absence_within_its_bounds() {
    assertThat(absences.grace(TAB)).isEqualTo(Absences.LONGEST);
    assertThat(graceAfter(20 * 60_000)).as("often away, never long").isEqualTo(Absences.SHORTEST);
    assertThat(graceAfter(2 * HOUR)).isBetween(16 * HOUR, 16 * HOUR + 1_000);
    assertThat(graceAfter(19 * HOUR)).as("an hour a day").isEqualTo(Absences.LONGEST);
  }

  @Test
  void a_few_short_absences_do_not_make_a_habit() {
    absences.connected(TAB, START);
    long now = START;
    for (int i = 0; i < 3; i++) {
      absences.disconnected(TAB, now += HOUR);
      absences.connected(TAB, now += HOUR / 4);
    }
    assertThat(absences.grace(TAB)).isBetween(48 * HOUR, 50 * HOUR);
  }

  @Test
  void lost_connections_are_no_absences() {
    long now = START;
    absences.connected(TAB, now);
    for (int i = 0; i < 50; i++) {
      absences.disconnected(TAB, now += 1_000);
      absences.connected(TAB, now += Absences.LEAST - 1);
    }
    assertThat(absences.grace(TAB)).isEqualTo(Absences.LONGEST);
  }

  @Test
  void what_a_peer_keeps_is_lost_when_it_is_away_for_longer_than_its_grace() {
    absences.connected(TAB, START);
    absences.disconnected(TAB, START + HOUR);
    absences.connected(TAB, START + 3 * HOUR);
    absences.disconnected(TAB, START + 4 * HOUR);
    // Seven eighths of nine hours and an eighth of two, eight times.
    long grace = 65 * HOUR;
    assertThat(absences.grace(TAB)).isEqualTo(grace);
    assertThat(absences.mayBeLost(TAB, START + 10 * HOUR - 1)).isFalse();
    assertThat(absences.mayBeLost(TAB, START + 10 * HOUR)).isTrue();
    assertThat(absences.isLost(TAB, START + 4 * HOUR + grace)).isFalse();
    assertThat(absences.isLost(TAB, START + 4 * HOUR + grace + 1)).isTrue();
    absences.connected(TAB, START + 80 * HOUR);
    assertThat(absences.isLost(TAB, START + 80 * HOUR)).isFalse();
  }

  @Test
  void who_was_never_seen_is_lost_only_long_after_the_start() {
    assertThat(absences.mayBeLost(TAB, START + 6 * HOUR - 1)).isFalse();
    assertThat(absences.isLost(TAB, START + 72 * HOUR)).isFalse();
    assertThat(absences.isLost(TAB, START + 72 * HOUR + 1)).isTrue();
  }

  @Test
  void what_is_told_twice_changes_nothing() {
    absences.connected(TAB, START);
    absences.disconnected(TAB, START + 3);
    absences.disconnected(TAB, START + 9);
    assertThat(absences.seen(TAB, START + 10)).isEqualTo(START + 3);
    absences.connected(TAB, START + 3 + HOUR);
    absences.connected(TAB, START + 9 + 9 * HOUR);
    assertThat(absences.grace(TAB)).isEqualTo(64 * HOUR);
  }

  @Test
  void those_away_for_longest_are_forgotten_first_and_all_in_the_end() {
    for (int i = 0; i < Absences.MAX_AWAY + 2; i++) {
      PeerId peer = peer("peer" + i);
      absences.connected(peer, START + i);
      absences.disconnected(peer, START + i);
    }
    long now = START + Absences.MAX_AWAY + 2;
    assertThat(absences.seen(peer("peer1"), now)).isZero();
    assertThat(absences.seen(peer("peer2"), now)).isEqualTo(START + 2);
    long later = now + 32 * 24 * HOUR;
    absences.connected(TAB, later);
    absences.disconnected(TAB, later);
    assertThat(absences.seen(peer("peer" + (Absences.MAX_AWAY + 1)), later)).isZero();
    assertThat(absences.seen(TAB, later)).isEqualTo(later);
  }

  private long graceAfter(long absence) {
    Absences fresh = new Absences(START);
    fresh.connected(TAB, START);
    long now = START;
    for (int i = 0; i < 200; i++) {
      fresh.disconnected(TAB, now += HOUR);
      fresh.connected(TAB, now += absence);
    }
    return fresh.grace(TAB);
  }

  private static PeerId peer(String name) {
    return new PeerId(Sha256.hash(Bytes.utf8(name)).bytes());
  }
}
