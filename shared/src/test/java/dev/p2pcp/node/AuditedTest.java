package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.trust.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Agents that are audited by their index server, over its tunnels. */
class AuditedTest {
  private static final long MINUTE = 60_000;

  @Test
  void holders_show_what_they_keep() throws Exception {
    try (Village village = new Village()) {
      List<Village.Resident> others = village.settlers(3);
      Village.Resident ada = village.settler();
      ada.put("/note", "a note");
      ada.put("/picture", new Seeded(1).bytes(300_000));
      village.await("placed", ada::isAllFound);

      village.ahead = MINUTE;
      village.await(
          "audited",
          () -> {
            village.index.audit();
            int passed = 0;
            for (Village.Resident other : others) {
              passed += village.index.conduct(account(other)).passes();
            }
            return passed > 0;
          });
      assertThat(village.index.count(Verdict.WRONG)).isZero();
      assertThat(village.index.count(Verdict.REFUSED)).isZero();
    }
  }

  @Test
  void a_holder_that_lost_its_blocks_says_so_and_nobody_counts_them() throws Exception {
    try (Village village = new Village()) {
      // Everybody has to keep every block, so it does not matter who is careless.
      Village.Resident careless = village.settlers(2).getFirst();
      Village.Resident ada = village.settler();
      ada.put("/note", "a note");
      ada.put("/picture", new Seeded(2).bytes(300_000));
      village.await("placed", ada::isAllFound);
      int needed = village.index.figures(account(ada)).needed();
      List<StorageKey> kept = careless.node().holdings.keys();
      for (StorageKey key : kept) {
        careless.store.apply(new BlockStore.Batch().removeBlock(key));
      }
      int others = careless.node().holdings.forOthers();
      assertThat(others).isPositive();

      village.ahead = MINUTE;
      village.await(
          "one loss known",
          () -> {
            village.index.audit();
            return village.index.count(Verdict.REFUSED) > 0
                && careless.node().holdings.forOthers() < others
                && village.index.figures(account(ada)).needed() < needed;
          });
      assertThat(village.index.conduct(account(careless)).faults()).isEmpty();
      assertThat(ada.get("/note")).contains(Bytes.utf8("a note"));
    }
  }

  private static AccountId account(Village.Resident resident) throws Exception {
    return resident.node().device().account();
  }
}
