package dev.p2pcp.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code ./p2pcp bench sim}: how fast a network of 1 000 agents and 30 days is simulated, beside
 * what bare turns of tasks that do nothing cost in the same process; and the memory of a process
 * that simulates 10 000 agents for a day. With {@code --quick} a hundredth of both, to see that it
 * works.
 */
final class SimBench {
  private static final int AGENTS = 1_000;
  private static final int DAYS = 30;
  private static final int MANY_AGENTS = 10_000;
  private static final int TASKS = 1_000;
  private static final int TURNS_EACH = 3_000;
  private static final int ROUNDS = 3;

  private SimBench() {}

  /** The network of the first requirement: tabs that are up a fifth of the time, 2 % anchors. */
  static Scenario scenario(int agents, int days) {
    return new Scenario(
        1,
        days,
        new Scenario.People(agents, 0.2, 2.4, 0.5, 0.02, 1, 30),
        new Scenario.Data(4, 5),
        new Scenario.Network(20, 60, 100, 0),
        Scenario.Trouble.NONE,
        Scenario.Cheaters.NONE);
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    PrintStream out = System.out;
    boolean quick = List.of(arguments).contains("--quick");
    int agents = quick ? AGENTS / 10 : AGENTS;
    int days = quick ? DAYS / 10 : DAYS;
    int many = quick ? MANY_AGENTS / 100 : MANY_AGENTS;
    double baseline = bareTurnsPerSecond();
    out.printf(Locale.ROOT, "bare turns of tasks: %.0f a second%n", baseline);
    double cpuBefore = Measured.cpuSeconds();
    long began = System.nanoTime();
    Tally tally =
        new World(scenario(agents, days))
            .run((day, sample) -> out.printf("day %d of %d%n", day, days));
    Report report =
        new Report(
            tally,
            new Report.Cost(
                (System.nanoTime() - began) / 1e9,
                Measured.cpuSeconds() - cpuBefore,
                Measured.mostMemory()));
    out.print(report.text());
    out.printf("%d agents in a process of their own …%n", many);
    double manyMib = memoryOf(many);
    out.println(
        report
            .fields()
            .text("bench", "sim")
            .number("baseline_turns_per_s", baseline)
            .number("ratio", report.agentDaysPerSecond() / baseline)
            .number("memory_mib_" + many + "_agents", manyMib)
            .line());
  }

  /** The best of some rounds: the first warms up. */
  private static double bareTurnsPerSecond() {
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      SimTasks tasks = new SimTasks(new SimClock());
      for (int i = 0; i < TASKS; i++) {
        int pace = 1 + i % 7;
        tasks.spawn(
            "bare",
            () -> {
              for (int turn = 0; turn < TURNS_EACH; turn++) {
                tasks.sleep(pace);
              }
            });
      }
      long began = System.nanoTime();
      tasks.runUntil(Long.MAX_VALUE / 2);
      best = Math.max(best, tasks.turns() / ((System.nanoTime() - began) / 1e9));
    }
    return best;
  }

  private static double memoryOf(int agents) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Simulate.class.getName());
    command.addAll(List.of("--agents=" + agents, "--days=1", "--copies=4", "--anchors-share=0.02"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String last = "";
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
      }
    }
    int at = last.indexOf(Report.MEMORY);
    if (process.waitFor() != 0 || at < 0) {
      throw new IllegalStateException("the large network failed: " + last);
    }
    String rest = last.substring(at + Report.MEMORY.length() + 2);
    return Double.parseDouble(rest.substring(0, rest.indexOf(',')));
  }
}
