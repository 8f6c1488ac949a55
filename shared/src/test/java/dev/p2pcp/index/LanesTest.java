package dev.p2pcp.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.PeerId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LanesTest {
  private static final PeerId SLOW = peer("slow");
  private static final PeerId QUICK = peer("quick");

  private final Lanes lanes = new Lanes();

  @Test
  void a_full_lane_holds_up_its_own_peer_only() {
    lanes.sent(SLOW, Lanes.WINDOW);
    assertThat(lanes.hasRoom(SLOW)).isFalse();
    assertThat(lanes.hasRoom(QUICK)).isTrue();
  }

  @Test
  void what_was_passed_on_makes_room_again_and_says_so_once() {
    long lane = lanes.sent(SLOW, Lanes.WINDOW);
    assertThat(lanes.sent(SLOW, 100)).isEqualTo(lane);
    assertThat(lanes.passed(lane, 100)).isEmpty();
    assertThat(lanes.passed(lane, 1)).isEqualTo(Optional.of(SLOW));
    assertThat(lanes.passed(lane, 1)).isEmpty();
    assertThat(lanes.hasRoom(SLOW)).isTrue();
  }

  @Test
  void an_empty_lane_is_forgotten_and_its_number_is_not_the_next() {
    long lane = lanes.sent(QUICK, 100);
    lanes.passed(lane, 100);
    assertThat(lanes.size()).isZero();
    assertThat(lanes.sent(QUICK, 100)).isNotEqualTo(lane);
  }

  @Test
  void small_frames_count_too() {
    int frames = 0;
    while (lanes.hasRoom(SLOW)) {
      lanes.sent(SLOW, Lanes.weight(1));
      frames++;
    }
    assertThat(frames).isLessThan(Lanes.WINDOW / 50);
  }

  @Test
  void nobody_passes_on_what_was_not_sent() {
    long lane = lanes.sent(QUICK, 100);
    assertThatThrownBy(() -> lanes.passed(lane, 101)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> lanes.passed(lane + 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static PeerId peer(String name) {
    return new PeerId(Sha256.hash(Bytes.utf8(name)).bytes());
  }
}
