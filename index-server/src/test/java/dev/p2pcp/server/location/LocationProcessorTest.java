package dev.p2pcp.server.location;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many locations there is memory for. */
class LocationProcessorTest {
  private static final long MIB = 1024 * 1024;

  @ParameterizedTest
  // A small container, the one that docs/operations.md reckons with, a large machine.
  @CsvSource({"256, 3, 4", "717, 10, 11", "65536, 62, 62"})
  void all_buckets_together_take_a_third_of_the_heap_at_most(long heap, int least, int most) {
    long pairs = 31L * LocationProcessor.bucketLimit(heap * MIB);
    assertThat(pairs).isBetween(least * 1_000_000L, most * 1_000_000L);
    assertThat(pairs * 24).isLessThanOrEqualTo(heap * MIB / 3);
  }
}
