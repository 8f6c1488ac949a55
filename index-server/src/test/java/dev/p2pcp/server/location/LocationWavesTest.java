package dev.p2pcp.server.location;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.server.cluster.Members;
import dev.p2pcp.server.cluster.Roster;
import dev.p2pcp.wire.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class LocationWavesTest {
  /** As many as an answer tells of one key. */
  private static final int SESSIONS = Limits.LOCATIONS;

  private static final int ROUNDS = 60;
  private static final int KEYS = 500;

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
