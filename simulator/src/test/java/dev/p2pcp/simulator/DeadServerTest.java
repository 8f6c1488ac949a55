package dev.p2pcp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What it costs that one of two operators' index servers is gone, or hangs. */
class DeadServerTest {
  private static final int TIMES = 9;

  /** Longest and median time to store and to read, in milliseconds. */
  private record Times(long storing, long storingMost, long reading, long readingMost) {}

  @Test
  void a_server_that_is_gone_costs_no_time() {
    Times both = times(operators -> {});
    Times gone =
        times(
            operators -> {
              operators.one.kill();
              operators.pass(60_000);
            });
    assertThat(gone.storing).isLessThanOrEqualTo(both.storing * 13 / 10);
    assertThat(gone.reading).isLessThanOrEqualTo(both.reading * 13 / 10);
  }

  @Test
  void a_server_that_takes_connections_and_answers_nothing_costs_no_time() {
    Times both = times(operators -> {});
    Times hanging =
        times(
            operators -> {
              operators.one.kill();
              operators.one.restart();
              operators.one.hang(true);
              operators.pass(60_000);
            });
    assertThat(hanging.storing).isLessThanOrEqualTo(both.storing * 13 / 10);
    assertThat(hanging.reading).isLessThanOrEqualTo(both.reading * 13 / 10);
  }

  @Test
  void a_server_that_falls_silent_in_the_midst_is_not_waited_for() {
    Times both = times(operators -> {});
    Times silent = times(operators -> operators.one.hang(true));
    assertThat(silent.storing).isLessThanOrEqualTo(both.storing * 13 / 10);
    assertThat(silent.storingMost).isLessThanOrEqualTo(both.storingMost + 6_000);
    assertThat(silent.readingMost).isLessThanOrEqualTo(both.readingMost + 6_000);
  }

  @Test
  void ledgers_of_two_operators_agree_whoever_gave_the_tickets() throws Exception {
    Operators operators = new Operators(23);
    List<SimAgent> people = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      people.add(operators.person(Operators.BOTH));
    }
    SimAgent owner = people.get(0);
    operators.timeToStore(owner, "/notes/both");
    operators.one.kill();
    operators.timeToStore(owner, "/notes/by-two");
    operators.one.restart();
    operators.pass(30_000);
    operators.two.kill();
    operators.timeToStore(owner, "/notes/by-one");
    operators.two.restart();
    operators.pass(30_000);
    assertThat(operators.one.figures(owner.account()).needed())
        .isEqualTo(operators.two.figures(owner.account()).needed())
        .isEqualTo(3 * owner.node().status().account().blocks());
    operators.end();
  }

  @Test
  void owner_and_reader_on_different_servers_meet_by_holders_on_both() {
    Operators operators = new Operators(29);
    SimAgent owner = operators.person(List.of(Operators.ONE));
    for (int i = 0; i < 3; i++) {
      operators.person(Operators.BOTH);
    }
    SimAgent reader = operators.person(List.of(Operators.TWO));
    operators.pass(60_000);
    assertThat(operators.timeToRead(reader, owner)).isLessThan(5_000);
    operators.end();
  }

  @Test
  void who_the_operator_recommends_stands_in_while_all_chosen_are_away_and_no_longer()
      throws Exception {
    Operators operators = new Operators(31);
    operators.one.recommend(List.of(Operators.TWO));
    SimAgent person = operators.person(List.of(Operators.ONE));
    assertThat(person.node().status().knownServers()).hasSize(1);
    assertThat(person.node().status().servers()).hasSize(1);
    operators.one.kill();
    operators.pass(25_000);
    assertThat(person.node().status().servers()).hasSize(1);
    operators.pass(40_000);
    assertThat(person.node().status().servers())
        .anyMatch(server -> server.standIn() && server.state().equals("CONNECTED"));
    operators.one.restart();
    operators.pass(30_000);
    assertThat(person.node().status().servers())
        .singleElement()
        .matches(server -> server.origin().equals(Operators.ONE) && !server.standIn());
    operators.end();
  }

  private static Times times(Consumer<Operators> trouble) {
    Operators operators = new Operators(17);
    List<SimAgent> people = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      people.add(operators.person(Operators.BOTH));
    }
    operators.pass(60_000);
    trouble.accept(operators);
    List<Long> storing = new ArrayList<>();
    List<Long> reading = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      storing.add(operators.timeToStore(people.get(0), "/notes/more" + i));
      reading.add(operators.timeToRead(people.get(i % 4 + 1), people.get(0)));
    }
    operators.end();
    storing.sort(null);
    reading.sort(null);
    return new Times(
        storing.get(TIMES / 2), storing.getLast(), reading.get(TIMES / 2), reading.getLast());
  }
}
