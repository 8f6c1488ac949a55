package dev.p2pcp.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Small runs that every build makes; longer ones are made by hand. */
class WorldTest {
  private static final Scenario.Network LINE = new Scenario.Network(20, 60, 100, 0);

  @Test
  void who_stays_online_keeps_every_copy_though_the_index_forgets_all_again_and_again() {
    Tally tally =
        run(
            new Scenario(
                1,
                1,
                new Scenario.People(8, 1, 1.2, 0, 0, 1, 0),
                new Scenario.Data(3, 4),
                LINE,
                new Scenario.Trouble(5, 0, 0, 0, 0, Scenario.Who.ALL),
                Scenario.Cheaters.NONE));
    assertThat(tally.samples())
        .allMatch(sample -> sample.copies() == 3L * sample.blocks())
        .allMatch(sample -> sample.readable() == sample.blocks());
    assertThat(tally.kills()).isEqualTo(5);
    assertThat(tally.ledgers()).isEqualTo(40);
    assertThat(tally.ledgersUnequal()).isZero();
    assertThat(tally.readsDone()).isGreaterThan(tally.reads() * 95 / 100);
    assertThat(tally.failures()).isEmpty();
  }

  @Test
  void half_of_the_network_is_cut_off_for_hours_and_nothing_is_lost() throws Exception {
    Tally tally =
        run(
            new Scenario(
                2,
                1,
                new Scenario.People(8, 1, 1.2, 0, 0, 1, 0),
                new Scenario.Data(3, 4),
                LINE,
                new Scenario.Trouble(0, 0.5, 6, 0, 0, Scenario.Who.ALL),
                Scenario.Cheaters.NONE));
    Tally.Sample apart = tally.samples().get(15);
    assertThat(apart.agentsOnline()).isEqualTo(8);
    Tally.Sample last = tally.samples().getLast();
    assertThat(last.lost()).isZero();
    assertThat(last.copies()).isEqualTo(3L * last.blocks());
    assertThat(tally.readsDone()).isLessThan(tally.reads());
    // Who is cut off rests between its attempts.
    assertThat(tally.turns()).isLessThan(600_000);
  }

  @Test
  void people_whose_browsers_are_cleared_have_everything_back() throws Exception {
    Tally tally =
        run(
            new Scenario(
                3,
                4,
                new Scenario.People(16, 0.3, 1.2, 0.5, 0.125, 1, 10),
                new Scenario.Data(4, 4),
                LINE,
                new Scenario.Trouble(1, 0, 0, 0, 0, Scenario.Who.ALL),
                Scenario.Cheaters.NONE));
    assertThat(tally.clearedCount()).isPositive();
    assertThat(tally.samples().getLast().lost()).isZero();
  }

  @Test
  void copies_outlive_their_receipts_though_their_owners_are_mostly_away() throws Exception {
    Tally tally =
        run(
            new Scenario(
                4,
                32,
                new Scenario.People(8, 0.2, 1.2, 0, 0.5, 1, 0),
                new Scenario.Data(3, 1),
                LINE,
                new Scenario.Trouble(0, 0, 0, 0, 0, Scenario.Who.ALL),
                Scenario.Cheaters.NONE));
    // Neither lost on the last day nor placed anew.
    assertThat(tally.samples())
        .allMatch(sample -> sample.copies() == 3L * sample.blocks())
        .allMatch(sample -> sample.atRisk() == 0);
    assertThat(tally.failures()).isEmpty();
  }

  @Test
  void the_same_seed_replays_the_same_run_in_any_process_and_another_does_not() throws Exception {
    String[] options = {"--agents=6", "--days=1", "--life=1", "--kills=2", "--cut-hours=3"};
    String first = digestOf("--seed=7", options);
    assertThat(digestOf("--seed=7", options)).isEqualTo(first);
    assertThat(digestOf("--seed=8", options)).isNotEqualTo(first);
  }

  @Test
  void what_cannot_be_simulated_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Scenario(
                    1,
                    1,
                    new Scenario.People(0, 1, 1.2, 0, 0, 1, 0),
                    new Scenario.Data(3, 4),
                    LINE,
                    new Scenario.Trouble(0, 0, 0, 0, 0, Scenario.Who.ALL),
                    Scenario.Cheaters.NONE))
        .withMessage("agents: 1 to 100000");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Scenario(
                    1,
                    1,
                    new Scenario.People(10, 0, 1.2, 0, 0, 1, 0),
                    new Scenario.Data(3, 4),
                    LINE,
                    new Scenario.Trouble(0, 0, 0, 0, 0, Scenario.Who.ALL),
                    Scenario.Cheaters.NONE))
        .withMessageStartingWith("online");
  }

  private static Tally run(Scenario scenario) {
    return new World(scenario).run((day, sample) -> {});
  }

  /** By a process of its own, as orders that differ from one to the next would show there. */
  private static String digestOf(String seed, String... options)
      throws IOException, InterruptedException {
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.p2pcp.simulator.Simulate",
            seed);
    command.command().addAll(List.of(options));
    Process process = command.redirectErrorStream(true).start();
    String last = "";
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
      }
    }
    assertThat(process.waitFor()).as(last).isZero();
    int at = last.indexOf("\"digest\":\"");
    assertThat(at).as(last).isPositive();
    return last.substring(at);
  }
}
