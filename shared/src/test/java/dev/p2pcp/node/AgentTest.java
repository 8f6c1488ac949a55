package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.inprocess.MemoryIndex;
import dev.p2pcp.wire.SessionFrame;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An identity on one device, from the first tap to the logout; and its index servers. */
class AgentTest {
  private static final String TWO = "http://two.example";

  private final Village village = new Village();

  @AfterEach
  void leave() {
    village.close();
  }

  @Test
  void a_passphrase_locks_and_unlocks() throws Exception {
    Village.Resident ada = village.settler();
    ada.put("/notes/a", "a");
    ada.agent().setPassphrase("correct horse", Optional.empty());
    ada.agent().lock();
    assertThat(ada.agent().state()).isEqualTo(Agent.State.LOCKED);
    assertThatThrownBy(ada::node).isInstanceOf(AgentException.class);
    assertThatThrownBy(() -> ada.agent().unlock("wrong horse"))
        .isInstanceOfSatisfying(
            AgentException.class,
            e -> assertThat(e.reason()).isEqualTo(AgentException.Reason.WRONG_PASSPHRASE));
    ada.agent().unlock("correct horse");
    assertThat(ada.get("/notes/a")).contains(Bytes.utf8("a"));
  }

  @Test
  void a_logout_leaves_nothing_on_the_disk_whatever_was_under_way() throws Exception {
    village.settlers(3);
    Village.Resident ada = village.settler();
    for (int i = 0; i < 20; i++) {
      ada.put("/notes/" + i, "note");
    }
    ada.agent().logout(false);
    assertThat(ada.agent().state()).isEqualTo(Agent.State.NEW);
    assertThat(ada.store.keys()).isEmpty();
    for (BlockStore.Table table : BlockStore.Table.values()) {
      assertThat(ada.store.records(table)).isEmpty();
    }
  }

  @Test
  void settings_survive_a_restart() throws Exception {
    Village.Resident ada = village.settler();
    ada.agent().lend(77);
    ada.agent().wantCopies(4);
    ada.agent().useOrigins(List.of(Village.ORIGIN, TWO));
    ada.reopened();
    assertThat(ada.node().status().lending().slots()).isEqualTo(77);
    assertThat(ada.node().status().account().copies()).isEqualTo(4);
    assertThat(ada.node().status().servers())
        .extracting(NodeStatus.Server::origin)
        .containsExactly(Village.ORIGIN, TWO);
  }

  @Test
  void a_server_that_asks_to_stay_away_is_not_called_at_once() throws Exception {
    Village.Resident ada = village.settler();
    village.index.sendAway(ada.node().device().peer(), 5_000);
    village.await("away", () -> ada.node().servers.loops().get(0).retryIn() > 3_000);
    assertThat(village.index.count(SessionFrame.Proof.class)).isEqualTo(1);
  }

  @Test
  void a_grant_by_one_server_is_not_hidden_by_the_refusal_of_another() throws Exception {
    MemoryIndex two = village.network.server(village.platform, TWO);
    List<Village.Resident> others = village.settlers(2);
    for (Village.Resident other : others) {
      other.agent().useOrigins(List.of(TWO));
    }
    Village.Resident ada = village.settler();
    ada.agent().useOrigins(List.of(Village.ORIGIN, TWO));
    for (Village.Resident other : others) {
      village.await("moved", () -> two.isConnected(other.node().device().peer()));
    }
    ada.put("/notes/a", "a");
    village.await("placed through the second", ada::isAllPlaced);
    assertThat(two.figures(ada.node().device().account()).blocks()).isEqualTo(2);
  }

  @Test
  void one_copy_alone_is_enough_if_no_more_are_wanted() throws Exception {
    Village.Resident ada = village.settler();
    ada.agent().wantCopies(1);
    ada.put("/notes/a", "a");
    village.await("placed", () -> ada.isPlaced("/notes/a"));
  }

  @Test
  void copies_that_are_wanted_no_more_are_given_back() throws Exception {
    village.settlers(3);
    Village.Resident ada = village.settler();
    ada.agent().wantCopies(4);
    ada.put("/notes/a", "a");
    village.await("placed", ada::isAllPlaced);
    ada.agent().wantCopies(2);
    village.await("given back", ada::isAllPlaced);
    village.await(
        "counted", () -> village.index.figures(ada.node().device().account()).needed() == 4);
  }
}
