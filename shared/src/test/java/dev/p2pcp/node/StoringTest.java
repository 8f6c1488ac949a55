package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.Path;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.testing.Seeded;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Items survive the loss of a device, of their owner's presence, and of every index server. */
class StoringTest {
  @Test
  void everything_comes_back_by_the_words_byte_for_byte() throws Exception {
    try (Village village = new Village()) {
      village.settlers(4);
      Village.Resident ada = village.settler();
      Seeded arbitrary = new Seeded(1);
      Map<String, Bytes> written = new HashMap<>();
      for (int i = 0; i < 40; i++) {
        written.put("/notes/" + i, arbitrary.bytes(arbitrary.below(3_000)));
      }
      written.put("/picture", arbitrary.bytes(700_000));
      for (Map.Entry<String, Bytes> entry : written.entrySet()) {
        ada.put(entry.getKey(), entry.getValue());
      }
      village.await("placed", ada::isAllFound);
      String words = ada.words();
      ada.agent().close();

      Village.Resident again = village.device(words);
      village.await(
          "all back",
          () ->
              again.node().list("").size() == written.size()
                  && again.node().status().items().done() == written.size());
      for (Map.Entry<String, Bytes> entry : written.entrySet()) {
        assertThat(again.get(entry.getKey())).contains(entry.getValue());
      }
      assertThat(again.node().status().lending().slots()).isPositive();
    }
  }

  @Test
  void a_public_item_is_read_while_its_owner_is_away() throws Exception {
    try (Village village = new Village()) {
      List<Village.Resident> others = village.settlers(3);
      Village.Resident ada = village.settler();
      Bytes picture = new Seeded(2).bytes(500_000);
      ada.node().put(new Path("/profile"), picture, true, 0);
      village.await("placed", ada::isAllFound);
      var identity = ada.agent().keys().identity().publicKey();
      ada.agent().close();

      assertThat(others.get(0).node().getOf(identity, new Path("/profile"), done -> {}))
          .map(Content::value)
          .contains(picture);
    }
  }

  @Test
  void a_fresh_index_server_learns_the_same_places_and_figures() throws Exception {
    try (Village village = new Village()) {
      List<Village.Resident> all = village.settlers(5);
      for (int i = 0; i < all.size(); i++) {
        for (int j = 0; j < 5; j++) {
          all.get(i).put("/notes/" + j, "note " + i + " " + j);
        }
      }
      for (Village.Resident resident : all) {
        village.await("placed", resident::isAllPlaced);
      }
      village.await(
          "announced",
          () ->
              village.index.locations().size() == 30
                  && village.index.locations().values().stream().allMatch(p -> p.size() == 3));
      var places = village.index.locations();
      Map<Village.Resident, Allowance> figures = new HashMap<>();
      for (Village.Resident resident : all) {
        figures.put(resident, village.index.figures(resident.node().device().account()));
      }
      village.index.kill();
      village.index.restart();

      village.await("same places", () -> village.index.locations().equals(places));
      for (Village.Resident resident : all) {
        village.await(
            "same figures",
            () ->
                village
                    .index
                    .figures(resident.node().device().account())
                    .equals(figures.get(resident)));
      }
      assertThat(all.get(0).put("/notes/after", "x").blocks()).isEqualTo(1);
      village.await("placed by tickets of the fresh key", all.get(0)::isAllPlaced);
    }
  }
}
