package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.Path;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.testing.FaultyBlockStore;
import dev.p2pcp.wire.SessionFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Copies whose holders stay away are replaced, and not too many are made. */
class RepairTest {
  private static final long HOUR = 3_600_000;
  private static final Allowance EXACT = new Allowance(2, 6, 6);

  private final Village village = new Village();

  @AfterEach
  void leave() {
    village.close();
  }

  @Test
  void a_copy_is_replaced_only_when_its_holder_was_away_for_longer_than_its_grace()
      throws Exception {
    List<Village.Resident> others = village.settlers(4);
    Village.Resident ada = ada();
    Village.Resident gone = holderAmong(others, ada);
    gone.stop();
    village.clock.moveBy(70 * HOUR);
    lookOf(ada);
    // Who just took a block is believed to have it at the first look.
    village.clock.moveBy(HOUR);
    lookOf(ada);
    assertThat(view(ada).copies().absent()).isEqualTo(1);
    assertThat(view(ada).copies().lost()).isZero();
    assertThat(ada.isAllPlaced()).isTrue();

    village.clock.moveBy(2 * HOUR);
    ada.node().replicator.lookSoon();

    village.await("replaced", () -> keptBy(others, gone) == 4);
    village.await("shown", () -> view(ada).placement() == ItemView.Placement.DONE);
    assertThat(view(ada).copies().lost()).isEqualTo(1);
    assertThat(view(ada).copies().repairing()).isZero();
    // Exactly so much is lent: the lost copies no longer count.
    village.await("counted", () -> figures(ada).equals(EXACT));
  }

  @Test
  void copies_of_a_holder_that_comes_back_count_again_and_the_surplus_is_released()
      throws Exception {
    List<Village.Resident> others = village.settlers(4);
    Village.Resident ada = ada();
    Village.Resident gone = holderAmong(others, ada);
    gone.stop();
    village.clock.moveBy(73 * HOUR);
    ada.node().replicator.lookSoon();
    village.await("replaced", () -> keptBy(others, gone) == 4);
    village.await("counted", () -> figures(ada).equals(EXACT));

    gone.reopened();

    village.await("online", () -> !gone.node().servers.sessions().isEmpty());
    village.await("its copies count", () -> isBack(ada, gone.node().device().peer()));
    village.await("surplus released", () -> keptBy(others, null) == 4 && ada.isAllPlaced());
    village.await("counted", () -> figures(ada).equals(EXACT));
  }

  @Test
  void nothing_is_replaced_while_the_index_server_is_calm() throws Exception {
    village.index.calm(100 * HOUR);
    List<Village.Resident> others = village.settlers(4);
    Village.Resident ada = ada();
    Village.Resident gone = holderAmong(others, ada);
    gone.stop();
    village.clock.moveBy(90 * HOUR);
    lookOf(ada);
    assertThat(view(ada).copies().lost()).isZero();
    assertThat(keptBy(others, gone)).isLessThan(4);

    village.clock.moveBy(11 * HOUR);
    ada.node().replicator.lookSoon();
    village.await("replaced", () -> keptBy(others, gone) == 4);
  }

  @Test
  void an_index_server_that_starts_again_counts_what_it_counted_before() throws Exception {
    List<Village.Resident> others = village.settlers(4);
    Village.Resident ada = ada();
    Village.Resident gone = holderAmong(others, ada);
    gone.stop();
    village.clock.moveBy(73 * HOUR);
    ada.node().replicator.lookSoon();
    village.await("replaced", () -> keptBy(others, gone) == 4);
    village.await("counted", () -> figures(ada).equals(EXACT));
    village.index.kill();
    village.index.restart();
    village.await("counted again", () -> figures(ada).equals(EXACT));
    lookOf(ada);
    // Holders come back one after the other: what is counted meanwhile passes.
    village.await(
        "counted for good", () -> figures(ada).equals(EXACT) && keptBy(others, gone) == 4);
  }

  @Test
  void what_a_holder_lost_with_its_disk_is_replaced_at_once() throws Exception {
    village.settlers(3);
    FaultyBlockStore disk = new FaultyBlockStore(new MemoryBlockStore(Village.ROOM));
    Village.Resident unlucky = village.new Resident(disk).open(List.of(Village.ORIGIN));
    unlucky.agent().create();
    village.await("online", () -> !unlucky.node().servers.sessions().isEmpty());
    Village.Resident ada = village.settler();
    int notes = 0;
    while (unlucky.node().holdings.forOthers() == 0) {
      ada.put("/notes/" + notes++, "note");
      village.await("placed", ada::isAllFound);
    }
    int copies = 2 * ada.node().own.count();
    PeerId peer = unlucky.node().device().peer();

    disk.lose();

    village.await("known", () -> unlucky.agent().state() == Agent.State.LOST);
    village.await("said", () -> figures(ada).needed() < copies + ada.node().own.count());
    village.await("given up", () -> copiesWith(ada, peer) == 0);
    village.await("replaced", ada::isAllFound);
  }

  @Test
  void surviving_holders_replace_what_is_lost_while_the_owner_is_away() throws Exception {
    List<Village.Resident> others = village.settlers(4);
    Village.Resident ada = ada();
    Village.Resident gone = holderAmong(others, ada);
    ada.stop();
    gone.stop();
    village.clock.moveBy(73 * HOUR);
    for (Village.Resident one : others) {
      if (one != gone) {
        village.await("online", () -> !one.node().servers.sessions().isEmpty());
        one.node().mending.round();
      }
    }
    assertThat(keptBy(others, gone)).isEqualTo(4);
    assertThat(figures(ada).needed()).as("the lost copies still count").isEqualTo(6);

    ada.reopened();

    village.await("online", () -> !ada.node().servers.sessions().isEmpty());
    ada.node().replicator.lookSoon();
    village.await("adopted", () -> view(ada).copies().lost() == 1 && ada.isPlaced("/notes/a"));
    village.await("counted", () -> figures(ada).equals(EXACT));
    assertThat(keptBy(others, gone)).as("no further copies").isEqualTo(4);
  }

  @Test
  void who_leaves_hands_over_what_it_keeps() throws Exception {
    List<Village.Resident> others = village.settlers(4);
    Village.Resident ada = ada();
    Village.Resident leaving = holderAmong(others, ada);
    ada.stop();

    leaving.agent().logout(true);

    others.remove(leaving);
    assertThat(keptBy(others, null)).isEqualTo(4);
  }

  @Test
  void a_fresh_device_learns_who_keeps_its_copies_and_gets_receipts_of_its_own() throws Exception {
    village.settlers(3);
    Village.Resident ada = ada();
    var placed = ada.node().own.snapshot();
    String words = ada.words();
    ada.stop();
    Village.Resident again = village.device(words);
    village.await("back", () -> again.isPlaced("/notes/a"));
    placed.forEach(
        (key, block) -> {
          List<OwnBlock.Copy> learned = copiesOf(again, key);
          assertThat(learned).hasSize(2);
          block
              .copies()
              .forEach(
                  copy ->
                      assertThat(learned)
                          .anyMatch(
                              one ->
                                  one.holder().equals(copy.holder())
                                      && one.expires() >= copy.expires()));
        });
    Receipts receipts = again.node().receipts;
    village.await(
        "receipts", () -> placed.keySet().stream().allMatch(key -> isProven(receipts, again, key)));
  }

  private static boolean isProven(Receipts receipts, Village.Resident owner, StorageKey key) {
    return copiesOf(owner, key).stream()
        .allMatch(
            copy -> receipts.copies().contains(new SessionFrame.Renew.Copy(key, copy.holder())));
  }

  /** Somebody with an item and the catalogue that lists it, who lends just enough for both. */
  private Village.Resident ada() throws Exception {
    Village.Resident ada = village.settler();
    ada.agent().lend(6);
    village.await("pledged", () -> figures(ada).lent() == 6);
    ada.put("/notes/a", "a");
    village.await("placed", ada::isAllFound);
    village.await("counted", () -> figures(ada).equals(EXACT));
    village.await("settled", () -> ada.node().placing.settleAgain());
    return ada;
  }

  private Allowance figures(Village.Resident of) throws AgentException {
    return village.index.figures(of.node().device().account());
  }

  /** Waits until a look at all copies has ended that began after the call. */
  private void lookOf(Village.Resident of) throws Exception {
    int before = village.index.count(SessionFrame.Copies.class);
    of.node().replicator.lookSoon();
    village.await("asked", () -> village.index.count(SessionFrame.Copies.class) > before);
    village.await("done", () -> !of.node().replicator.isWorking());
  }

  private static ItemView view(Village.Resident of) throws AgentException {
    return of.node().view(new Path("/notes/a")).orElseThrow();
  }

  private static Village.Resident holderAmong(List<Village.Resident> all, Village.Resident of)
      throws AgentException {
    PeerId holder = of.node().own.get(view(of).key()).orElseThrow().copies().get(0).holder();
    for (Village.Resident one : all) {
      if (one.node().device().peer().equals(holder)) {
        return one;
      }
    }
    throw new AssertionError("nobody");
  }

  private static int keptBy(List<Village.Resident> all, @Nullable Village.Resident but)
      throws AgentException {
    int kept = 0;
    for (Village.Resident one : all) {
      kept += one == but ? 0 : one.node().holdings.forOthers();
    }
    return kept;
  }

  private static long copiesWith(Village.Resident of, PeerId holder) throws AgentException {
    return of.node().own.snapshot().values().stream()
        .filter(block -> block.copyWith(holder).isPresent())
        .count();
  }

  private static boolean isBack(Village.Resident of, PeerId holder) throws AgentException {
    return of.node().own.snapshot().values().stream()
        .flatMap(block -> block.copies().stream())
        .noneMatch(copy -> copy.holder().equals(holder) && copy.lost());
  }

  private static List<OwnBlock.Copy> copiesOf(Village.Resident of, StorageKey key) {
    try {
      return of.node().own.get(key).orElseThrow().copies();
    } catch (AgentException e) {
      throw new AssertionError(e);
    }
  }
}
