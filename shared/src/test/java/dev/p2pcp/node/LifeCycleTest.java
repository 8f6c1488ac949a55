package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.quota.Allowance;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** More copies, fewer copies, and no more lending. */
class LifeCycleTest {
  private final Village village = new Village();

  @AfterEach
  void leave() {
    village.close();
  }

  @Test
  void who_lends_no_more_reads_on_writes_nothing_and_is_told_how_long_it_lasts() throws Exception {
    village.settlers(3);
    Village.Resident ada = village.settler();
    ada.put("/notes/a", "a");
    village.await("placed", ada::isAllPlaced);

    ada.agent().lend(0);

    village.await("told", () -> ada.node().allowance(0).lent() == 0);
    assertThatThrownBy(() -> ada.put("/notes/b", "b"))
        .isInstanceOfSatisfying(
            ItemException.class, e -> assertThat(e.figures()).contains(new Allowance(3, 9, 0)));
    assertThat(ada.get("/notes/a")).contains(Bytes.utf8("a"));
    long first =
        ada.node().own.snapshot().values().stream()
            .flatMap(block -> block.copies().stream())
            .mapToLong(OwnBlock.Copy::expires)
            .min()
            .orElseThrow();
    assertThat(ada.node().status().account().paidUntil()).isEqualTo(first);
    assertThat(ada.isAllPlaced()).isTrue();

    ada.agent().lend(9);
    village.await("lent again", () -> ada.node().allowance(0).lent() == 9);
    ada.put("/notes/b", "b");
    village.await("placed", ada::isAllPlaced);
  }

  @Test
  void another_device_makes_more_and_fewer_of_the_copies_that_the_first_one_placed()
      throws Exception {
    List<Village.Resident> others = village.settlers(4);
    Village.Resident ada = village.settler();
    ada.put("/notes/a", "a");
    village.await("placed", ada::isAllFound);
    String words = ada.words();
    ada.stop();
    Village.Resident again = village.device(words);
    village.await("back", () -> again.isPlaced("/notes/a"));
    assertThat(keptBy(others)).isEqualTo(4);

    again.agent().wantCopies(2);
    village.await("fewer", () -> keptBy(others) == 2 && again.isAllPlaced());

    again.agent().wantCopies(5);
    village.await("more", () -> keptBy(others) == 8 && again.isAllPlaced());
    Allowance right = new Allowance(2, 10, again.node().holdings.slots());
    village.await(
        "counted", () -> village.index.figures(again.node().device().account()).equals(right));
  }

  private static int keptBy(List<Village.Resident> all) throws AgentException {
    int kept = 0;
    for (Village.Resident one : all) {
      kept += one.node().holdings.forOthers();
    }
    return kept;
  }
}
