package dev.p2pcp.simulator;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code ./p2pcp simulate}. */
@Command(
    name = "./p2pcp simulate",
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "Runs many real agents and the real rules of the index over simulated time and links.",
      "The same options give the same run, whose digest is printed; the last line is JSON."
    })
final class Simulate implements Callable<Integer> {
  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides all chance (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--agents",
      paramLabel = "N",
      description = "People, a browser each (${DEFAULT-VALUE}).")
  private int agents = 100;

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "Days after all data is stored (${DEFAULT-VALUE}).")
  private int days = 7;

  @Option(
      names = "--online",
      paramLabel = "SHARE",
      description = "Share of the time that a tab is open (${DEFAULT-VALUE}).")
  private double online = 0.2;

  @Option(
      names = "--rhythm",
      paramLabel = "SHARE",
      description =
          "How much day and night differ: 0 not at all, 1 visits by day only (${DEFAULT-VALUE}).")
  private double rhythm = 0.5;

  @Option(
      names = "--visit",
      paramLabel = "HOURS",
      description = "Mean time that a tab is open at a time (${DEFAULT-VALUE}).")
  private double visit = 2.4;

  @Option(
      names = "--anchors-share",
      paramLabel = "SHARE",
      description =
          "Share of the agents that are anchors: always on, never cleared, sought first (${DEFAULT-VALUE}).")
  private double anchors;

  @Option(
      names = "--anchors-online",
      paramLabel = "SHARE",
      description =
          "Share of its time that an anchor is online; it is away for an hour each time (${DEFAULT-VALUE}).")
  private double anchorsOnline = 1;

  @Option(
      names = "--life",
      paramLabel = "DAYS",
      description =
          "Mean life of a browser's storage; its owner then logs in by the words; 0: for ever (${DEFAULT-VALUE}).")
  private double life = 30;

  @Option(
      names = "--copies",
      paramLabel = "R",
      description = "Copies of each item, the own one included (${DEFAULT-VALUE}).")
  private int copies = 3;

  @Option(
      names = "--items",
      paramLabel = "N",
      description = "Items of each person (${DEFAULT-VALUE}).")
  private int items = 5;

  @Option(
      names = "--delay",
      paramLabel = "MS",
      description = "Least delay of a message one way (${DEFAULT-VALUE}).")
  private int delay = 20;

  @Option(
      names = "--jitter",
      paramLabel = "MS",
      description = "Further delay at random (${DEFAULT-VALUE}).")
  private int jitter = 60;

  @Option(
      names = "--breaks",
      paramLabel = "N",
      description = "Of a million messages so many break the connection (${DEFAULT-VALUE}).")
  private int breaks = 100;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "Times a day that the index server dies and forgets (${DEFAULT-VALUE}).")
  private int kills;

  @Option(
      names = "--cut-share",
      paramLabel = "SHARE",
      description = "Share of agents cut off in the middle of the run (${DEFAULT-VALUE}).")
  private double cutShare = 0.5;

  @Option(
      names = "--cut-hours",
      paramLabel = "N",
      description = "For so long; 0: never (${DEFAULT-VALUE}).")
  private int cutHours;

  @Option(
      names = "--loss-share",
      paramLabel = "SHARE",
      description = "Share of agents that lose their disks all at once (${DEFAULT-VALUE}).")
  private double lossShare;

  @Option(names = "--loss-day", paramLabel = "DAY", description = "On this day (${DEFAULT-VALUE}).")
  private int lossDay = 1;

  @Option(
      names = "--loss-of",
      paramLabel = "KIND",
      description = "Of those of one kind: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private Scenario.Who lossOf = Scenario.Who.ALL;

  @Option(
      names = "--drop",
      paramLabel = "SHARE",
      description =
          "Share of agents that drop a tenth of what others stored and claim to keep it (${DEFAULT-VALUE}).")
  private double drop;

  @Option(
      names = "--lie",
      paramLabel = "SHARE",
      description = "Share of agents that lend slots they do not have (${DEFAULT-VALUE}).")
  private double lie;

  @Option(
      names = "--forge",
      paramLabel = "SHARE",
      description =
          "Share of agents that show altered bytes of what others stored (${DEFAULT-VALUE}).")
  private double forge;

  @Option(
      names = "--collude",
      paramLabel = "SHARE",
      description =
          "Share of agents that sign for each other in pairs and keep nothing of it (${DEFAULT-VALUE}).")
  private double collude;

  @Option(
      names = "--sybils",
      paramLabel = "N",
      description =
          "Further accounts, of one operator, who has one storage for all and is measured beside one account with as much (${DEFAULT-VALUE}).")
  private int sybils;

  @Option(
      names = "--pacts",
      paramLabel = "N",
      description =
          "Further pairs of accounts that sign for each other, for blocks that can be computed, and are measured beside as many honest accounts (${DEFAULT-VALUE}).")
  private int pacts;

  @Option(
      names = "--cheat-day",
      paramLabel = "DAY",
      description =
          "Those who drop or forge are honest until this day; 0: they never are (${DEFAULT-VALUE}).")
  private int cheatDay;

  @Option(
      names = "--omit",
      paramLabel = "SHARE",
      description =
          "Share of the locations that the index server keeps to itself (${DEFAULT-VALUE}).")
  private double omitted;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Writes report.txt, report.json and report.html there.")
  private Optional<Path> report = Optional.empty();

  @Override
  public Integer call() throws IOException {
    Scenario scenario = scenario();
    PrintStream out = System.out;
    World world = new World(scenario);
    long began = System.nanoTime();
    Tally tally =
        world.run(
            (day, sample) ->
                out.printf(
                    Locale.ROOT,
                    "day %d: %d tabs open, %.2f copies a block, %.2f of them online, %d at risk, %d lost%n",
                    day,
                    sample.agentsOnline(),
                    (double) sample.copies() / sample.blocks(),
                    (double) sample.copiesOnline() / sample.blocks(),
                    sample.atRisk(),
                    sample.lost()));
    Report made = new Report(tally, costSince(began));
    out.println();
    out.print(made.text());
    if (report.isPresent()) {
      Path directory = Files.createDirectories(report.get());
      Files.writeString(directory.resolve("report.txt"), made.text());
      Files.writeString(directory.resolve("report.json"), made.jsonWithHours());
      Files.writeString(directory.resolve("report.html"), new ReportPage(made).html());
      out.println("Report: " + directory.resolve("report.html"));
    }
    out.println(made.json());
    return 0;
  }

  private static Report.Cost costSince(long began) {
    return new Report.Cost(
        (System.nanoTime() - began) / 1e9, Measured.cpuSeconds(), Measured.mostMemory());
  }

  private Scenario scenario() {
    try {
      return new Scenario(
          seed,
          days,
          new Scenario.People(agents, online, visit, rhythm, anchors, anchorsOnline, life),
          new Scenario.Data(copies, items),
          new Scenario.Network(delay, jitter, breaks, omitted),
          new Scenario.Trouble(kills, cutShare, cutHours, lossShare, lossDay, lossOf),
          new Scenario.Cheaters(drop, lie, forge, collude, sybils, pacts, cheatDay));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(new CommandLine(this), "--" + e.getMessage(), e);
    }
  }

  private static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Simulate());
    commandLine
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help").usageHelp(true).description("Shows this.").build());
    return commandLine;
  }

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }
}
