package dev.p2pcp.server.location;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.map.IMap;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.server.cluster.Members;
import dev.p2pcp.server.cluster.Roster;
import dev.p2pcp.wire.Limits;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class LocationWavesTest {
  /** As many as an answer tells of one key. */
  private static final int SESSIONS = Limits.LOCATIONS;

  private static final int ROUNDS = 60;
  private static final int KEYS = 500;

  /** Longest wait, in seconds. */
  private static final int WAIT = 30;

  /** Nobody has the one fingerprint that was asked for in the one bucket. */
  private static final Map<Integer, int[]> NOBODY = Map.of(0, new int[] {0});

  @Autowired private LocationIndex index;
  @Autowired private Roster roster;
  @Autowired private Members members;

  @Test
  void what_many_sessions_do_at_once_comes_out_as_if_each_were_alone() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    List<StorageKey> keys = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      keys.add(new StorageKey(Sha256.hash(Bytes.utf8("wave" + i)).bytes()));
    }
    List<Callable<Set<Integer>>> all = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      int number = members.sessionNumber(2_000 + i);
      roster.enter(number, peer(i), new AccountId(peer(i).bytes()));
      Random random = new Random(seed + i);
      all.add(() -> session(number, keys, random));
    }
    List<Set<Integer>> expected = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Set<Integer>> one : threads.invokeAll(all)) {
        expected.add(one.get());
      }
    }
    List<List<PeerId>> found = Objects.requireNonNull(index.lookup(keys).block());
    for (int i = 0; i < SESSIONS; i++) {
      for (int key = 0; key < KEYS; key++) {
        assertThat(found.get(key).contains(peer(i)))
            .as("seed %d, session %d, key %d", seed, i, key)
            .isEqualTo(expected.get(i).contains(key));
      }
    }
  }

  @Test
  void who_looks_up_while_a_partition_has_no_owner_does_not_wait() {
    CountDownLatch owned = new CountDownLatch(1);
    IMap<Integer, LocationBucket> map = map(() -> awaited(owned));
    LocationWaves waves = new LocationWaves(map, new int[] {0}, key -> owned.getCount() == 0);
    CompletableFuture<int[][]> found = found(waves, 7).toFuture();
    assertThat(found).isNotDone();
    owned.countDown();
    assertThat(found.orTimeout(WAIT, TimeUnit.SECONDS).join()).isEqualTo(new int[][] {{}});
  }

  @Test
  void a_lookup_that_nobody_waits_for_any_more_is_not_made() {
    Queue<Runnable> sent = new ConcurrentLinkedQueue<>();
    IMap<Integer, LocationBucket> map =
        map(
            () -> {
              CompletableFuture<Map<Integer, int[]>> answer = new CompletableFuture<>();
              sent.add(() -> answer.complete(NOBODY));
              return answer;
            });
    LocationWaves waves = new LocationWaves(map, new int[] {0}, key -> true);
    Disposable one = found(waves, 1).subscribe();
    Disposable two = found(waves, 2).subscribe();
    Disposable three = found(waves, 3).subscribe();
    assertThat(sent).hasSize(2);
    three.dispose();
    Runnable first = Objects.requireNonNull(sent.poll());
    first.run();
    assertThat(sent).as("the second is under way, the third is not").hasSize(1);
    assertThat(one.isDisposed()).isTrue();
    assertThat(two.isDisposed()).isFalse();
  }

  private static Mono<int[][]> found(LocationWaves waves, long print) {
    return Mono.create(sink -> waves.add(new LocationStep.Find(new long[] {print}, 1, sink)));
  }

  /** A map of one bucket that answers so. */
  @SuppressWarnings("unchecked")
  private static IMap<Integer, LocationBucket> map(
      Supplier<CompletionStage<Map<Integer, int[]>>> answer) {
    return (IMap<Integer, LocationBucket>)
        Proxy.newProxyInstance(
            IMap.class.getClassLoader(),
            new Class<?>[] {IMap.class},
            (proxy, method, arguments) -> answer.get());
  }

  private static CompletionStage<Map<Integer, int[]>> awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return CompletableFuture.completedStage(NOBODY);
  }

  /** Announces and withdraws at random; what is announced at the end. */
  private Set<Integer> session(int number, List<StorageKey> keys, Random random) {
    Set<Integer> own = new TreeSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      Set<Integer> some = new TreeSet<>();
      int size = 1 + random.nextInt(random.nextBoolean() ? 3 : 200);
      for (int i = 0; i < size; i++) {
        some.add(random.nextInt(KEYS));
      }
      List<StorageKey> of = some.stream().map(keys::get).toList();
      int before = own.size();
      if (random.nextInt(3) > 0) {
        own.addAll(some);
        assertThat(Objects.requireNonNull(index.announce(number, of).block()).added())
            .isEqualTo(own.size() - before);
      } else {
        own.removeAll(some);
        assertThat(index.withdraw(number, of).block()).isEqualTo(before - own.size());
      }
    }
    return own;
  }

  private static PeerId peer(int i) {
    return new PeerId(Sha256.hash(Bytes.utf8("wave peer " + i)).bytes());
  }
}
