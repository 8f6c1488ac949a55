package dev.p2pcp.server.location;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocationBucketTest {
  private record Pair(long print, int peer) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void it_holds_what_a_set_of_pairs_holds(long seed) {
    Random random = new Random(seed);
    LocationBucket bucket = new LocationBucket();
    Set<Pair> model = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      // Few high halves, so that runs collide, grow and wrap around the end of the table.
      Pair pair =
          new Pair((long) random.nextInt(40) << 32 | random.nextInt(3), 1 + random.nextInt(5));
      if (random.nextInt(5) < 3) {
        assertThat(bucket.add(pair.print, pair.peer))
            .as("seed %d", seed)
            .isEqualTo(model.add(pair));
      } else {
        assertThat(bucket.remove(pair.print, pair.peer))
            .as("seed %d", seed)
            .isEqualTo(model.remove(pair));
      }
      assertThat(bucket.size()).as("seed %d", seed).isEqualTo(model.size());
    }
    for (Pair pair : model) {
      assertThat(bucket.find(pair.print, 100)).as("seed %d", seed).contains(pair.peer);
    }
  }

  @Test
  void it_finds_all_peers_of_a_fingerprint_up_to_a_limit() {
    LocationBucket bucket = new LocationBucket();
    for (int peer = 1; peer <= 50; peer++) {
      bucket.add(7, peer);
      bucket.add(8, peer);
    }
    assertThat(bucket.find(7, 100)).hasSize(50);
    assertThat(bucket.find(7, 10)).hasSize(10);
    assertThat(bucket.find(9, 10)).isEmpty();
  }

  @Test
  void it_keeps_only_the_living() {
    LocationBucket bucket = new LocationBucket();
    for (int peer = 1; peer <= 100; peer++) {
      bucket.add(peer, peer);
    }
    bucket.keep(peer -> peer % 2 == 0);
    assertThat(bucket.size()).isEqualTo(50);
    assertThat(Arrays.stream(bucket.packedPeers())).hasSize(50).allMatch(peer -> peer % 2 == 0);
    assertThat(bucket.packedPrints()).hasSize(50);
    assertThat(bucket.find(1, 1)).isEmpty();
    assertThat(bucket.find(2, 1)).containsExactly(2);
  }

  @Test
  void who_reads_while_it_changes_misses_nothing_that_stays() throws Exception {
    LocationBucket bucket = new LocationBucket();
    int staying = 1_000;
    for (int print = 0; print < staying; print++) {
      bucket.add(spread(print), 1);
    }
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Callable<Integer> reading =
          () -> {
            int missed = 0;
            while (!over.get()) {
              for (int print = 0; print < staying; print++) {
                int[] found = bucket.read(spread(print), 10);
                missed += found == null || found.length == 1 ? 0 : 1;
              }
            }
            return missed;
          };
      List<Future<Integer>> readers = List.of(threads.submit(reading), threads.submit(reading));
      long[] passing =
          LongStream.range(staying, 20_000).map(print -> spread((int) print)).toArray();
      for (int round = 0; round < 50; round++) {
        assertThat(bucket.add(passing, 0, passing.length, 2, 100_000)).isEqualTo(passing.length);
        assertThat(bucket.remove(passing, 0, passing.length, 2)).isEqualTo(passing.length);
        bucket.keep(peer -> peer == 1);
      }
      over.set(true);
      for (Future<Integer> reader : readers) {
        assertThat(reader.get()).isZero();
      }
    }
  }

  @Test
  void what_is_over_the_limit_is_not_added() {
    LocationBucket bucket = new LocationBucket();
    assertThat(bucket.add(new long[] {1, 2, 3}, 0, 3, 7, 2)).isEqualTo(2);
    assertThat(bucket.has(2, 7)).isTrue();
    assertThat(bucket.has(3, 7)).isFalse();
  }

  private static long spread(int print) {
    return print * 0x9e3779b97f4a7c15L;
  }
}
