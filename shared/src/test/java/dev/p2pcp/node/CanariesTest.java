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
  private final Canaries canaries = new Canaries(chance);

  @Test
  void who_asks_finds_by_the_seed_what_is_announced_and_can_be_read() {
    Canaries.Planting planting = canaries.plantFor(peer());
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
    Canaries.Planting first = canaries.plantFor(one);
    Canaries.Planting other = canaries.plantFor(peer());
    Canaries.Planting again = canaries.plantFor(one);
    assertThat(other.seed()).isNotEqualTo(first.seed());
    assertThat(again.seed()).isEqualTo(first.seed());
    assertThat(again.here()).isEmpty();
  }

  @Test
  void they_are_bounded_and_the_oldest_go() {
    Canaries.Planting first = canaries.plantFor(peer());
    for (int i = 0; i < 7; i++) {
      assertThat(canaries.plantFor(peer()).gone()).isEmpty();
    }
    assertThat(canaries.plantFor(peer()).gone()).isEqualTo(first.here());
    assertThat(canaries.keys()).hasSize(8 * Canaries.COUNT);
    assertThat(canaries.block(first.here().get(0))).isEmpty();
  }

  private PeerId peer() {
    return new PeerId(chance.bytes(32));
  }
}
