package dev.p2pcp.donor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.Path;
import dev.p2pcp.jvm.JournaledStore;
import dev.p2pcp.node.ItemException;
import dev.p2pcp.node.ItemView;
import dev.p2pcp.node.Node;
import dev.p2pcp.testing.Seeded;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A donor that is killed again and again while people store has all that it signed for. */
class KilledDonorTest {
  /** A hundred take five minutes and more: {@code ./p2pcp test -pl donor -am -Ddonor.kills=100}. */
  private static final int KILLS = Integer.getInteger("donor.kills", 20);

  private static final long SEED = Long.getLong("donor.seed", 1);
  private static final int SLOTS = 20_000;
  private static final int LARGEST = 60_000;
  private static final int WRITERS = 3;

  /** Items that a writer may be ahead of what is placed. */
  private static final int AHEAD = 48;

  /** Of the older blocks so many are looked at after each restart, of all of them at the end. */
  private static final int LOOKS = 40;

  @TempDir java.nio.file.Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private volatile boolean over;

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void what_has_a_receipt_is_there_after_every_kill() throws Exception {
    Seeded chance = new Seeded(SEED);
    Map<StorageKey, Bytes> promised = new HashMap<>();
    try (Town town = new Town()) {
      Town.Visitor visitor = town.visitor(SLOTS, 2);
      DonorProcess donor = DonorProcess.donate(folder, SLOTS, town.origin());
      List<Thread> writers = writers(visitor.agent().node());
      try {
        for (int kill = 0; kill < KILLS; kill++) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100 + chance.below(1200)));
          donor.kill();
          Set<StorageKey> fresh = learn(visitor, promised);
          donor = DonorProcess.donate(folder, SLOTS, town.origin());
          for (StorageKey key : looks(promised.keySet(), fresh, chance)) {
            assertThat(read(town.origin(), donor.peer(), key))
                .as("seed %s, kill %s, block %s", SEED, kill, key)
                .isEqualTo(promised.get(key));
          }
        }
      } finally {
        over = true;
        for (Thread writer : writers) {
          writer.join();
        }
        donor.close();
      }
    }
    JournaledStore store = JournaledStore.open(folder, HeadlessAgent.bytesOf(SLOTS));
    for (Map.Entry<StorageKey, Bytes> one : promised.entrySet()) {
      assertThat(store.block(one.getKey())).contains(one.getValue());
    }
    store.close();
    assertThat(promised).as("there was load").hasSizeGreaterThan(KILLS);
  }

  private List<Thread> writers(Node node) {
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      Seeded arbitrary = new Seeded(SEED * WRITERS + i);
      String name = "/writer-" + i + "/";
      writers.add(Thread.ofVirtual().start(() -> write(node, name, arbitrary)));
    }
    return writers;
  }

  private void write(Node node, String name, Seeded arbitrary) {
    try {
      for (int i = 0; !over; i++) {
        Path path = new Path(name + i);
        node.put(path, arbitrary.bytes(arbitrary.below(LARGEST)), false, 0);
        // Not far ahead of what is placed, so that there are receipts at every moment.
        while (!over && i % AHEAD == AHEAD - 1 && !isPlaced(node, path)) {
          LockSupport.parkNanos(5_000_000);
        }
      }
    } catch (ItemException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isPlaced(Node node, Path path) {
    return node.view(path).filter(v -> v.placement() == ItemView.Placement.DONE).isPresent();
  }

  /** Adds what has a receipt of the donor by now; returns what had none before. */
  private static Set<StorageKey> learn(Town.Visitor visitor, Map<StorageKey, Bytes> promised)
      throws Exception {
    Node node = visitor.agent().node();
    Set<Path> placed = new HashSet<>();
    for (ItemView view : node.list("/writer-")) {
      if (view.placement() == ItemView.Placement.DONE && view.stored() == 2) {
        placed.add(view.path());
      }
    }
    Set<StorageKey> fresh = new HashSet<>();
    for (Node.KeptBlock block : node.blocks()) {
      if (block.path().filter(placed::contains).isPresent() && !promised.containsKey(block.key())) {
        promised.put(block.key(), visitor.store().block(block.key()).orElseThrow());
        fresh.add(block.key());
      }
    }
    return fresh;
  }

  private static Set<StorageKey> looks(Set<StorageKey> all, Set<StorageKey> fresh, Seeded chance) {
    Set<StorageKey> looks = new HashSet<>(fresh);
    List<StorageKey> older = new ArrayList<>(all);
    for (int i = 0; i < LOOKS && !older.isEmpty(); i++) {
      looks.add(older.get(chance.below(older.size())));
    }
    return looks;
  }

  private Bytes read(String origin, String peer, StorageKey key) throws Exception {
    URI url = URI.create(origin + "/peers/" + peer + "/blocks/" + key);
    HttpRequest request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(30)).build();
    HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).as("status of %s", key).isEqualTo(200);
    return Bytes.wrap(response.body());
  }
}
