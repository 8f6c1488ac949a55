package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.Path;
import dev.p2pcp.inprocess.MemoryIndex;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.testing.FaultyBlockStore;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dead holders, broken disks, crashes, and too little room. */
class TroubleTest {
  private final Village village = new Village();

  @AfterEach
  void leave() {
    village.close();
  }

  @Test
  void what_is_lent_bounds_what_is_stored_and_lending_more_makes_it_fit() throws Exception {
    village.settlers(4);
    Village.Resident ada = village.settler();
    ada.agent().lend(30);
    village.await("pledged", () -> ada.node().allowance(0).lent() == 30);
    // The catalogue is a block as well.
    for (int i = 0; i < 9; i++) {
      ada.put("/notes/" + i, "note " + i);
    }
    village.await("placed", ada::isAllPlaced);
    assertThatThrownBy(() -> ada.put("/notes/9", "one too many"))
        .isInstanceOfSatisfying(
            ItemException.class, e -> assertThat(e.figures()).contains(new Allowance(11, 33, 30)));
    assertThat(ada.node().view(new Path("/notes/9"))).isEmpty();
    assertThat(village.index.figures(ada.node().device().account()))
        .isEqualTo(new Allowance(10, 30, 30));
    ada.agent().lend(33);
    ada.put("/notes/9", "fits");
    village.await("placed", ada::isAllPlaced);
    village.await(
        "counted",
        () ->
            village.index.figures(ada.node().device().account()).equals(new Allowance(11, 33, 33)));
    assertThatThrownBy(() -> ada.agent().lend(32)).isInstanceOf(AgentException.class);
  }

  @Test
  void a_removal_frees_quota_everywhere() throws Exception {
    List<Village.Resident> others = village.settlers(3);
    Village.Resident ada = village.settler();
    ada.put("/notes/a", "a");
    ada.put("/notes/b", new Seeded(1).bytes(600_000));
    village.await("placed", ada::isAllPlaced);
    ada.node().remove(new Path("/notes/b"));
    village.await("released", ada::isAllPlaced);
    Allowance left = new Allowance(2, 6, ada.node().holdings.slots());
    village.await(
        "counted", () -> village.index.figures(ada.node().device().account()).equals(left));
    int kept = 0;
    for (Village.Resident other : others) {
      kept += other.node().holdings.forOthers();
    }
    assertThat(kept).isEqualTo(4);
    village.index.kill();
    village.index.restart();
    village.await(
        "counted again", () -> village.index.figures(ada.node().device().account()).equals(left));
  }

  @Test
  void a_large_value_is_read_back_though_one_holder_is_dead() throws Exception {
    List<Village.Resident> others = village.settlers(4);
    Village.Resident ada = village.settler();
    Bytes film = new Seeded(5).bytes(5_000_000);
    ada.node().put(new Path("/film"), film, true, 0);
    village.await("placed", ada::isAllFound);
    var identity = ada.agent().keys().identity().publicKey();
    ada.agent().close();
    village.index.silence(others.get(0).node().device().peer());
    Village.Resident reader = others.get(3);
    assertThat(reader.node().getOf(identity, new Path("/film"), done -> {}))
        .map(Content::value)
        .contains(film);
  }

  @Test
  void a_full_disk_leaves_nothing_half_there_and_the_rest_is_done_later() throws Exception {
    village.settlers(3);
    FaultyBlockStore disk = new FaultyBlockStore(new MemoryBlockStore(Village.ROOM));
    Village.Resident ada = village.new Resident(disk).open(List.of(Village.ORIGIN));
    ada.agent().create();
    ada.put("/notes/a", "a");
    village.await("placed", ada::isAllPlaced);
    List<StorageKey> before = disk.keys();

    disk.failAfter(0, StoreException.Reason.FULL);
    assertThatThrownBy(() -> ada.put("/notes/b", new Seeded(1).bytes(400_000)))
        .isInstanceOfSatisfying(
            ItemException.class,
            e -> assertThat(e.reason()).isEqualTo(ItemException.Reason.STORAGE_FULL));
    assertThat(disk.keys()).isEqualTo(before);
    assertThat(ada.node().view(new Path("/notes/b"))).isEmpty();
    assertThat(ada.node().own.count()).isEqualTo(2);

    disk.failOn(BlockStore.Table.RECEIPTS, StoreException.Reason.ABORTED);
    ada.put("/notes/c", "c");
    village.await("receipts can't be written", () -> disk.refused() > 1);
    assertThat(ada.isPlaced("/notes/c")).isFalse();
    disk.heal();
    village.await("placed", ada::isAllPlaced);
  }

  @Test
  void who_was_cut_off_while_copies_were_made_has_them_at_once_when_back() throws Exception {
    village.settlers(2);
    FaultyBlockStore disk = new FaultyBlockStore(new MemoryBlockStore(Village.ROOM));
    Village.Resident ada = village.new Resident(disk).open(List.of(Village.ORIGIN));
    ada.agent().create();
    disk.failOn(BlockStore.Table.RECEIPTS, StoreException.Reason.ABORTED);
    ada.put("/notes/a", "a");
    village.await("receipts can't be written", () -> disk.refused() > 0);
    ada.stop();
    disk.heal();

    ada.open(List.of(Village.ORIGIN));

    village.await("placed", ada::isAllPlaced);
  }

  @Test
  void after_crashes_at_any_point_no_item_is_lost_and_the_ledger_is_right() throws Exception {
    village.settlers(3);
    // Tickets for what was removed before they were used count for so long.
    village.index.ticketLife(500);
    for (long seed = 1; seed <= 8; seed++) {
      try {
        crashes(new Seeded(seed));
      } catch (Exception | AssertionError e) {
        throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private void crashes(Seeded arbitrary) throws Exception {
    BlockStore memory = new MemoryBlockStore(Village.ROOM);
    FaultyBlockStore disk = new FaultyBlockStore(memory);
    Village.Resident ada = village.new Resident(disk).open(List.of(Village.ORIGIN));
    ada.agent().create();
    Map<String, Bytes> stored = new HashMap<>();
    for (int life = 0; life < 4; life++) {
      disk.failAfter(1 + arbitrary.below(12), StoreException.Reason.ABORTED);
      for (int i = 0; i < 5; i++) {
        String path = "/notes/" + arbitrary.below(4);
        Bytes value = arbitrary.bytes(1 + arbitrary.below(2_000));
        try {
          if (arbitrary.below(5) == 0) {
            ada.node().remove(new Path(path));
            stored.remove(path);
          } else {
            ada.put(path, value);
            stored.put(path, value);
          }
        } catch (ItemException e) {
          assertThat(e.reason()).isEqualTo(ItemException.Reason.STORAGE_FAILED);
        }
      }
      // The tab is gone; what it had in memory with it.
      ada.stop();
      disk.heal();
      ada.open(List.of(Village.ORIGIN));
    }
    for (Map.Entry<String, Bytes> entry : stored.entrySet()) {
      assertThat(ada.get(entry.getKey())).contains(entry.getValue());
    }
    assertThat(ada.node().list("")).hasSize(stored.size());
    int blocks = stored.size() + 1;
    village.await("placed", ada::isAllPlaced);
    Allowance right = new Allowance(blocks, 3 * blocks, ada.node().holdings.slots());
    village.await(
        "counted", () -> village.index.figures(ada.node().device().account()).equals(right));
    ada.stop();
  }

  @Test
  void a_server_that_names_anothers_key_does_not_keep_agents_from_that_one() throws Exception {
    String elsewhere = "http://two.example";
    MemoryIndex liar = village.network.server(village.platform, elsewhere);
    liar.impersonate(village.index);
    Village.Resident ada =
        village.new Resident(new MemoryBlockStore(Village.ROOM))
            .open(List.of(elsewhere, Village.ORIGIN));
    ada.agent().create();
    village.await(
        "logged in at both",
        () ->
            liar.isConnected(ada.node().device().peer())
                && village.index.isConnected(ada.node().device().peer()));
  }

  @Test
  void a_receipt_that_a_holder_did_not_hear_of_is_told_again() throws Exception {
    village.settlers(2);
    Village.Resident ada = village.settler();
    ada.put("/notes/a", "a");
    village.await("placed", ada::isAllPlaced);
    // As after a start: nobody knows whether the last words arrived.
    ada.reopened();
    village.await("online", () -> !ada.node().servers.sessions().isEmpty());
    village.await("settled", () -> ada.node().placing.settleAgain());
    assertThat(ada.isAllPlaced()).isTrue();
  }

  @Test
  void a_forger_is_asked_no_more_and_an_honest_holder_answers() throws Exception {
    List<Village.Resident> others = village.settlers(3);
    Village.Resident ada = village.settler();
    ada.node().put(new Path("/page"), Bytes.utf8("page"), true, 0);
    village.await("placed", ada::isAllPlaced);
    StorageKey key = ada.node().view(new Path("/page")).orElseThrow().key();
    village.await(
        "announced", () -> village.index.locations().getOrDefault(key, Set.of()).size() == 3);
    List<Village.Resident> keepers = new ArrayList<>(others);
    keepers.removeIf(r -> !has(r, key));
    Village.Resident forger = keepers.get(0);
    forger.store.apply(new BlockStore.Batch().putBlock(key, new Seeded(9).bytes(400)));
    Village.Resident reader = village.settler();
    for (int i = 0; i < 2; i++) {
      assertThat(reader.node().reader.newestOf(key, reader.node().reader.locations(key)))
          .map(head -> head.version())
          .contains(1L);
    }
    assertThat(reader.node().reader.isDistrusted(forger.node().device().peer())).isTrue();
  }

  private static boolean has(Village.Resident resident, StorageKey key) {
    try {
      return resident.node().holdings.of(key).isPresent();
    } catch (AgentException e) {
      return false;
    }
  }
}
