package dev.p2pcp.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CalmTest {
  private static final long START = 1_800_000_000_000L;
  private static final long MINUTE = 60_000;
  private static final long LATER = START + 60 * MINUTE;

  private final Calm calm = new Calm(START, Calm.AFTER_START);

  @Test
  void nothing_is_repaired_just_after_the_start() {
    assertThat(calm.left(START)).isEqualTo(10 * MINUTE);
    assertThat(calm.left(START + 9 * MINUTE)).isEqualTo(MINUTE);
    assertThat(calm.left(START + 10 * MINUTE)).isZero();
  }

  @Test
  void nothing_is_repaired_for_half_an_hour_after_over_a_fifth_went_at_once() {
    calm.sessions(100, LATER);
    calm.sessions(80, LATER + 9 * MINUTE);
    assertThat(calm.left(LATER + 9 * MINUTE)).as("a fifth").isZero();
    calm.sessions(79, LATER + 9 * MINUTE + 1);
    assertThat(calm.left(LATER + 9 * MINUTE + 1)).isEqualTo(30 * MINUTE);
    calm.sessions(100, LATER + 20 * MINUTE);
    assertThat(calm.left(LATER + 20 * MINUTE)).as("all back").isEqualTo(19 * MINUTE + 1);
  }

  @Test
  void who_goes_over_hours_does_not_hold_repair_up() {
    for (int gone = 0; gone <= 100; gone++) {
      calm.sessions(200 - gone, LATER + gone * MINUTE);
    }
    assertThat(calm.left(LATER + 100 * MINUTE)).isZero();
  }

  @Test
  void in_a_small_network_one_who_goes_is_no_catastrophe() {
    calm.sessions(Calm.LEAST, LATER);
    calm.sessions(1, LATER + MINUTE);
    assertThat(calm.left(LATER + MINUTE)).isZero();
    calm.sessions(0, LATER + MINUTE);
    assertThat(calm.left(LATER + MINUTE)).isPositive();
  }
}
