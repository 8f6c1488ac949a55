package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.identity.Path;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueTest {
  private static Catalogue.Entry entry(String path, boolean removed, long version, long time) {
    return new Catalogue.Entry(new Path(path), false, removed, version, time, 0, 1);
  }

  @Test
  void merging_comes_to_the_same_in_every_order() {
    Seeded.check(
        200,
        arbitrary -> {
          List<Catalogue> all = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            Catalogue catalogue = new Catalogue();
            for (int j = arbitrary.below(6); j > 0; j--) {
              String path = "/" + arbitrary.below(4);
              boolean removed = arbitrary.below(2) == 0;
              catalogue.put(entry(path, removed, arbitrary.below(3), arbitrary.below(3)));
            }
            all.add(catalogue);
          }
          Catalogue forth = new Catalogue();
          all.forEach(catalogue -> forth.merge(catalogue.all(), 0));
          Catalogue back = new Catalogue();
          for (int i = 2; i >= 0; i--) {
            back.merge(all.get(i).all(), 0);
          }
          assertThat(back.encoded()).isEqualTo(forth.encoded());
          assertThat(back.merge(forth.all(), 0)).isEqualTo(new Catalogue.Merged(false, false));
        });
  }

  @Test
  void only_what_the_other_lacks_makes_one_write_again() {
    Catalogue mine = new Catalogue();
    mine.put(entry("/a", false, 2, 1));
    assertThat(mine.merge(List.of(entry("/a", false, 2, 1)), 0))
        .isEqualTo(new Catalogue.Merged(false, false));
    assertThat(mine.merge(List.of(entry("/a", false, 1, 9)), 0).ahead()).isTrue();
    assertThat(mine.merge(List.of(), 0).ahead()).isTrue();
    assertThat(mine.merge(List.of(entry("/a", true, 3, 2)), 0))
        .isEqualTo(new Catalogue.Merged(false, true));
  }

  @Test
  void old_removals_are_forgotten_on_both_sides() {
    Catalogue mine = new Catalogue();
    mine.put(entry("/a", true, 2, 10));
    mine.put(entry("/b", true, 2, 30));
    Catalogue.Merged merged =
        mine.merge(List.of(entry("/b", true, 2, 30), entry("/c", true, 1, 10)), 20);
    assertThat(merged).isEqualTo(new Catalogue.Merged(false, false));
    assertThat(mine.all()).extracting(e -> e.path().text()).containsExactly("/b");
  }
}
