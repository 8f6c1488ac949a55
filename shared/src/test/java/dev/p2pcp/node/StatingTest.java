package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatingTest {
  @Test
  void what_an_account_needs_is_stated_to_servers_and_holders_and_brought_back_by_both()
      throws Exception {
    try (Village village = new Village()) {
      List<Village.Resident> others = village.settlers(2);
      Village.Resident ada = village.settler();
      ada.put("/notes/a", "one");
      village.await("placed", ada::isAllPlaced);
      village.await("stated", () -> statementsOf(ada, ada).size() == 1);
      for (Village.Resident other : others) {
        village.await("vouched", () -> !statementsOf(ada, other).isEmpty());
      }

      Statement said = statementsOf(ada, ada).get(0);
      Allowance figures = village.index.figures(ada.node().device().account());
      assertThat(said.number()).isPositive();
      assertThat(said.isGenuine(village.platform.crypto())).isTrue();

      village.await("all of it", () -> statementsOf(ada, ada).get(0).needed() == figures.needed());
      int told = village.index.count(SessionFrame.State.class);
      village.index.kill();
      village.index.restart();
      village.await(
          "relearnt", () -> village.index.figures(ada.node().device().account()).equals(figures));
      village.await("told again", () -> village.index.count(SessionFrame.State.class) >= told + 3);
      assertThat(village.index.count(SessionFrame.Manifest.class)).isPositive();
    }
  }

  @Test
  void a_device_whose_disk_went_back_in_time_goes_on_above_what_it_has_used() throws Exception {
    try (Village village = new Village()) {
      village.settlers(2);
      Village.Resident ada = village.settler();
      ada.put("/notes/a", "one");
      village.await("placed", ada::isAllPlaced);
      village.await("stated", () -> statementsOf(ada, ada).size() == 1);
      Statement old = statementsOf(ada, ada).get(0);
      ada.put("/notes/b", "two");
      village.await("placed", ada::isAllPlaced);
      village.await("stated", () -> statementsOf(ada, ada).get(0).number() > old.number());
      Statement latest = statementsOf(ada, ada).get(0);

      ada.stop();
      ada.store.apply(
          new BlockStore.Batch()
              .putRecord(BlockStore.Table.STATEMENTS, old.device().bytes(), old.encoded()));
      Village.Resident again = ada.reopened();
      village.await("above", () -> statementsOf(again, again).get(0).number() > latest.number());
    }
  }

  private static List<Statement> statementsOf(Village.Resident whose, Village.Resident at)
      throws Exception {
    List<Statement> statements = new ArrayList<>();
    for (Bytes record : at.store.records(BlockStore.Table.STATEMENTS).values()) {
      Statement statement = Statement.read(new ByteReader(record));
      if (statement.device().equals(whose.node().device().peer())) {
        statements.add(statement);
      }
    }
    return statements;
  }
}
