package dev.p2pcp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.testing.Seeded;
import org.junit.jupiter.api.Test;

class CensusTest {
  private final Seeded arbitrary = new Seeded(1);
  private final Census census = new Census();

  @Test
  void counts_what_is_wanted_from_its_first_copy_on() {
    StorageKey wanted = key();
    census.copy(wanted, 1, true);
    census.copy(key(), 1, true);
    assertThat(census.blocks()).isZero();
    census.want(wanted);
    census.copy(wanted, 1, false);
    assertThat(census.blocks()).isEqualTo(1);
    assertThat(census.copies()).isEqualTo(2);
    assertThat(census.copiesOnline()).isEqualTo(1);
    assertThat(census.readable()).isEqualTo(1);
    assertThat(census.atRisk()).isZero();
  }

  @Test
  void knows_who_is_at_risk_and_lost_and_back() {
    StorageKey key = key();
    census.want(key);
    census.copy(key, 1, true);
    assertThat(census.atRisk()).isEqualTo(1);
    census.reach(key, false);
    assertThat(census.readable()).isZero();
    census.copy(key, -1, false);
    assertThat(census.lost()).isEqualTo(1);
    assertThat(census.losses()).isEqualTo(1);
    census.copy(key, 1, true);
    assertThat(census.lost()).isZero();
    assertThat(census.losses()).isEqualTo(1);
  }

  private StorageKey key() {
    return new StorageKey(arbitrary.bytes(StorageKey.LENGTH));
  }
}
