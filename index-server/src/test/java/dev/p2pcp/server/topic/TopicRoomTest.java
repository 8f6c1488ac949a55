package dev.p2pcp.server.topic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How many memberships there is memory for. */
class TopicRoomTest {
  /** Room for a hundred. */
  private static final long HEAP = 100L * 8 * 512;

  private int there;

  @Test
  void memberships_are_refused_when_all_together_are_too_many() {
    TopicRoom room = new TopicRoom(HEAP, () -> there);
    there = 90;
    assertThat(room.take(60, -5)).isTrue();
    assertThat(room.take(41, -5)).isFalse();
    assertThat(room.take(10, 2_000)).isTrue();
    there = 100;
    assertThat(room.take(1, 2_000)).isFalse();
  }

  @Test
  void joins_of_what_was_joined_already_are_found_to_take_no_room() {
    TopicRoom room = new TopicRoom(HEAP, () -> there);
    there = 40;
    for (long now = 0; now < 60_000; now += 1_000) {
      assertThat(room.take(40, now)).isTrue();
    }
  }

  @Test
  void who_ends_memberships_makes_room() {
    TopicRoom room = new TopicRoom(HEAP, () -> there);
    there = 100;
    assertThat(room.take(100, 0)).isTrue();
    assertThat(room.take(1, 0)).isFalse();
    there = 20;
    assertThat(room.take(1, 999)).isFalse();
    assertThat(room.take(1, 1_000)).isTrue();
  }
}
