package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.BlockVerifier;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.Seeded;
import org.junit.jupiter.api.Test;

class CanariesTest {
  private final Seeded chance = new Seeded(5);
  private final Village.MovedClock clock = new Village.MovedClock();
  private final Canaries canaries = new Canaries(clock, chance);

  @Test
  void who_asks_finds_by_the_seed_what_is_announced_and_can_be_read() {
    Canaries.Planting planting = plantFor(peer());
    assertThat(planting.here()).hasSize(Canaries.COUNT);
    assertThat(Canaries.grow(planting.seed()).keySet()).containsExactlyElementsOf(planting.here());
    BlockVerifier verifier = new BlockVerifier(new JvmCrypto());
    for (StorageKey key : planting.here()) {
      assertThat(verifier.verify(key, canaries.block(key).orElseThrow()))
          .isInstanceOf(BlockVerifier.Genuine.class);
    }
  }

  @Test
  void each_has_canaries_of_its_own_and_keeps_them() {
    PeerId one = peer();
    Canaries.Planting first = plantFor(one);
    Canaries.Planting other = plantFor(peer());
    Canaries.Planting again = plantFor(one);
    assertThat(other.seed()).isNotEqualTo(first.seed());
    assertThat(again.seed()).isEqualTo(first.seed());
    assertThat(again.here()).isEmpty();
  }

  @Test
  void they_are_bounded_and_the_oldest_go() {
    Canaries.Planting first = plantFor(peer());
    for (int i = 0; i < 7; i++) {
      assertThat(plantFor(peer()).gone()).isEmpty();
    }
    clock.moveBy(10 * 60_000);
    assertThat(plantFor(peer()).gone()).isEqualTo(first.here());
    assertThat(canaries.keys()).hasSize(8 * Canaries.COUNT);
    assertThat(canaries.block(first.here().get(0))).isEmpty();
  }

  @Test
  void who_looks_now_keeps_them_though_more_ask_than_there_is_room_for() {
    PeerId first = peer();
    Canaries.Planting planting = plantFor(first);
    for (int i = 0; i < 7; i++) {
      plantFor(peer());
    }
    clock.moveBy(9 * 60_000);
    assertThat(canaries.plantFor(peer())).isEmpty();
    assertThat(plantFor(first).seed()).isEqualTo(planting.seed());
    assertThat(canaries.keys()).hasSize(8 * Canaries.COUNT);
  }

  private Canaries.Planting plantFor(PeerId agent) {
    return canaries.plantFor(agent).orElseThrow();
  }

  private PeerId peer() {
    return new PeerId(chance.bytes(32));
  }
}
