package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.platform.Parallel;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.testing.SlowBlockStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Blocks come from whoever is fastest, whatever the others do. */
class FetchingTest {
  private static final int BLOCKS = 300;

  /** A good holder reads one block after the other in so many milliseconds. */
  private static final long GOOD = 20;

  private static final long NEVER = 3_600_000;
  private static final double AT_MOST = 1.3;

  private final Village village = new Village();
  private final Map<StorageKey, Block> blocks = blocks();

  @AfterEach
  void leave() {
    village.close();
  }

  /** Somebody who has all blocks. */
  private final class Keeper {
    final SlowBlockStore disk =
        new SlowBlockStore(new MemoryBlockStore(Village.ROOM), village.platform.tasks());
    final Village.Resident resident;

    Keeper() throws Exception {
      resident = village.new Resident(disk).open(List.of(Village.ORIGIN));
      resident.agent().create();
      village.await("online", () -> !resident.node().servers.sessions().isEmpty());
      BlockStore.Batch batch = new BlockStore.Batch();
      blocks.forEach((key, block) -> batch.putBlock(key, block.encoded()));
      disk.apply(batch);
      disk.take(GOOD);
      resident.node().servers.announce(List.copyOf(blocks.keySet()));
    }
  }

  @Test
  void one_that_forges_one_that_never_answers_and_one_that_is_late_hardly_slow_it_down()
      throws Exception {
    new Keeper();
    new Keeper();
    long alone = fetchAll(2, new AtomicInteger());

    Keeper forger = new Keeper();
    forger.disk.damage();
    new Keeper().disk.take(NEVER);
    new Keeper().disk.take(20_000);
    AtomicInteger found = new AtomicInteger();
    long together = fetchAll(5, found);

    System.out.println(
        "two good holders " + alone + " ms, with three bad ones " + together + " ms");
    assertThat(found.get()).isEqualTo(BLOCKS);
    assertThat(together).isLessThan((long) (alone * AT_MOST));
    assertThat(forger.disk.reads()).isLessThanOrEqualTo(FetchWindow.MOST);
  }

  @Test
  void the_faster_holder_brings_most() throws Exception {
    Keeper fast = new Keeper();
    fast.disk.take(5);
    Keeper slow = new Keeper();
    slow.disk.take(60);
    AtomicInteger found = new AtomicInteger();

    fetchAll(2, found);

    assertThat(found.get()).isEqualTo(BLOCKS);
    assertThat(fast.disk.reads()).isGreaterThan(3 * slow.disk.reads());
  }

  @Test
  void a_holder_that_becomes_silent_is_asked_no_more_for_a_while() throws Exception {
    Keeper good = new Keeper();
    Keeper silent = new Keeper();
    List<StorageKey> keys = List.copyOf(blocks.keySet());
    Node reader = reader(2);
    Map<StorageKey, List<Servers.Location>> where = reader.servers.lookup(keys);
    fetch(reader, keys.subList(0, 100), where, new AtomicInteger());
    silent.disk.take(NEVER);
    fetch(reader, keys.subList(100, 150), where, new AtomicInteger());
    int asked = silent.disk.reads();
    AtomicInteger found = new AtomicInteger();

    fetch(reader, keys.subList(150, 300), where, found);

    assertThat(found.get()).isEqualTo(150);
    // Beside the good one, where that was late on a busy machine.
    assertThat(silent.disk.reads() - asked).isLessThan(150 / 10);
    assertThat(good.disk.reads()).isGreaterThan(150);
  }

  private long fetchAll(int keepers, AtomicInteger found) throws Exception {
    List<StorageKey> keys = List.copyOf(blocks.keySet());
    Node reader = reader(keepers);
    Map<StorageKey, List<Servers.Location>> where = reader.servers.lookup(keys);
    long begun = System.nanoTime();
    fetch(reader, keys, where, found);
    return (System.nanoTime() - begun) / 1_000_000;
  }

  /** Somebody new who has none of the blocks and sees so many keepers of each. */
  private Node reader(int keepers) throws Exception {
    List<StorageKey> keys = new ArrayList<>(blocks.keySet());
    village.await(
        "announced",
        () ->
            keys.stream()
                .allMatch(
                    key ->
                        village.index.locations().getOrDefault(key, Set.of()).size() == keepers));
    return village.settler().node();
  }

  private void fetch(
      Node reader,
      List<StorageKey> keys,
      Map<StorageKey, List<Servers.Location>> where,
      AtomicInteger found) {
    Parallel.forEach(
        village.platform,
        keys,
        32,
        village.platform.deadline(60_000),
        key ->
            reader
                .reader
                .contentFrom(key, where.getOrDefault(key, List.of()))
                .ifPresent(block -> found.incrementAndGet()));
  }

  private Map<StorageKey, Block> blocks() {
    Seeded random = new Seeded(7);
    Map<StorageKey, Block> made = new LinkedHashMap<>();
    for (int i = 0; i < BLOCKS; i++) {
      Block.Content block = Block.Content.of(random.bytes(2_000));
      made.put(StorageKey.ofContent(village.platform.crypto(), block.encoded()), block);
    }
    return made;
  }
}
