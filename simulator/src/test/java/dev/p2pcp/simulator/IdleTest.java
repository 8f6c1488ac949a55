package dev.p2pcp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.wire.SessionFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who has nothing to do makes no noise. */
class IdleTest {
  private static final long HOUR = 3_600_000;

  @Test
  void who_has_stored_nothing_looks_for_it_seldom() {
    Operators operators = new Operators(1);
    SimAgent idle = operators.person(Operators.BOTH, List.of());
    operators.pass(HOUR);
    int before = operators.one.count(SessionFrame.Lookup.class);
    operators.pass(4 * HOUR);
    assertThat(operators.one.count(SessionFrame.Lookup.class) - before).isBetween(1, 120);
    assertThat(idle.isOnline()).isTrue();
    operators.end();
  }

  @Test
  void who_is_back_by_the_words_has_all_soon_after_its_holder_though_that_comes_late() {
    Operators operators = new Operators(2);
    SimAgent holder = operators.person(Operators.BOTH);
    SimAgent owner = operators.person(Operators.BOTH, List.of(Bytes.utf8("about me")));
    operators.pass(60_000);
    owner.goOffline();
    owner.clear();
    holder.goOffline();
    operators.doNow(() -> owner.comeOnline(3));
    operators.pass(HOUR);
    assertThat(owner.blocksOnDisk()).isEmpty();
    operators.doNow(() -> holder.comeOnline(3));
    operators.pass(5 * 60_000);
    assertThat(owner.blocksOnDisk()).containsAll(owner.items().values());
    operators.end();
  }
}
