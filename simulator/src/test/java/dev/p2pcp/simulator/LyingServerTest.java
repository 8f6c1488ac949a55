package dev.p2pcp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.node.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An index server that leaves out locations is noticed, and no other is. */
class LyingServerTest {
  private static final Scenario.Network HONEST = new Scenario.Network(20, 60, 0, 0);
  private static final Scenario.Network TENTH = new Scenario.Network(20, 60, 0, 0.1);
  private static final int SEEDS = 20;

  @Test
  void a_tenth_left_out_shows_within_a_minute_of_looking() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      Operators operators = new Operators(seed);
      List<SimAgent> others = others(operators, 2);
      // All that this one hears of any server lacks a tenth.
      SimAgent asker = operators.person(Operators.BOTH, TENTH);
      long until = operators.clock.ticks() + 60_000;
      while (omits(asker) == 0 && operators.clock.ticks() < until) {
        watch(operators, asker, 5_000);
      }
      assertThat(omits(asker)).as("seed " + seed).isBetween(3, 25);
      assertThat(omits(others.get(0))).isZero();
      operators.end();
    }
  }

  @Test
  void honest_servers_are_not_accused_though_people_come_and_go_and_servers_die() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      Operators operators = new Operators(seed);
      List<SimAgent> others = others(operators, 4);
      SimAgent asker = operators.person(Operators.BOTH, HONEST);
      for (int minute = 0; minute < 10; minute++) {
        SimAgent comer = others.get(minute % others.size());
        comer.goOffline();
        watch(operators, asker, 10_000 + 1_700L * minute);
        operators.doNow(() -> comer.comeOnline(3));
        if (minute == 5) {
          operators.one.kill();
          watch(operators, asker, 7_000);
          operators.one.restart();
        }
        watch(operators, asker, 20_000);
        assertThat(asker.node().status().servers())
            .as("seed " + seed)
            .allMatch(server -> server.omits() == 0 && !server.forges());
      }
      operators.end();
    }
  }

  private static List<SimAgent> others(Operators operators, int count) {
    List<SimAgent> others = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      others.add(operators.person(Operators.BOTH, HONEST));
    }
    return others;
  }

  /** As a page does that is looked at. */
  private static void watch(Operators operators, SimAgent asker, long millis) throws Exception {
    for (long passed = 0; passed < millis; passed += 5_000) {
      asker.watch();
      operators.pass(Math.min(5_000, millis - passed));
    }
  }

  private static int omits(SimAgent asker) throws Exception {
    return asker.node().status().servers().stream()
        .mapToInt(NodeStatus.Server::omits)
        .min()
        .orElseThrow();
  }
}
