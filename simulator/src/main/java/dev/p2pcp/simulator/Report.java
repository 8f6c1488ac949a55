package dev.p2pcp.simulator;

import java.util.List;
import java.util.Locale;

/** The figures of a run, for people and as one line of JSON. */
final class Report {
  private static final double DAY_SECONDS = 86_400;

  private final Tally tally;
  private final double seconds;

  /** With the seconds that the run took. */
  Report(Tally tally, double seconds) {
    this.tally = tally;
    this.seconds = seconds;
  }

  String text() {
    Scenario scenario = tally.scenario();
    Tally.Sample last = tally.samples().getLast();
    StringBuilder text = new StringBuilder();
    line(
        text,
        "%d agents, %d days, R = %d, seed %d",
        scenario.people().agents(),
        scenario.days(),
        scenario.data().copies(),
        scenario.seed());
    line(
        text,
        "blocks            %d, of which lost %d, with one copy left %d",
        last.blocks(),
        last.lost(),
        last.atRisk());
    line(
        text,
        "copies a block    %.2f at the end, %.2f at the beginning",
        perBlock(last),
        perBlock(tally.samples().getFirst()));
    line(text, "a copy is online  %.2f %% of the time", 100 * readable());
    line(
        text,
        "pages opened      %d; %d could be read, %d were",
        tally.reads(),
        tally.readsPossible(),
        tally.readsDone());
    line(text, "browsers cleared  %d", tally.clearedCount());
    line(
        text,
        "index killed      %d times; of %d ledgers %d came back unequal",
        tally.kills(),
        tally.ledgers(),
        tally.ledgersUnequal());
    line(text, "traffic           %.0f KiB per agent and day", bytesPerAgentDay() / 1024);
    tally.failures().forEach((what, times) -> line(text, "failed %d times: %s", times, what));
    line(
        text,
        "turns             %d, %.0f per agent and day",
        tally.turns(),
        tally.turns() / agentDays());
    line(text, "digest            %s", tally.digest());
    line(
        text, "took              %.1f s, %.0f agent-days a second", seconds, agentDays() / seconds);
    return text.toString();
  }

  String json() {
    Tally.Sample last = tally.samples().getLast();
    return String.format(
        Locale.ROOT,
        "{\"bench\":\"sim\",\"seed\":%d,\"agents\":%d,\"days\":%d,\"copies\":%d,\"blocks\":%d,"
            + "\"lost\":%d,\"at_risk\":%d,\"copies_per_block\":%.3f,\"readable\":%.5f,"
            + "\"reads\":%d,\"reads_possible\":%d,\"reads_done\":%d,\"cleared\":%d,\"kills\":%d,"
            + "\"ledgers\":%d,\"ledgers_unequal\":%d,\"bytes_per_agent_day\":%.0f,"
            + "\"seconds\":%.2f,\"agent_days_per_s\":%.1f,\"digest\":\"%s\"}",
        tally.scenario().seed(),
        tally.scenario().people().agents(),
        tally.scenario().days(),
        tally.scenario().data().copies(),
        last.blocks(),
        last.lost(),
        last.atRisk(),
        perBlock(last),
        readable(),
        tally.reads(),
        tally.readsPossible(),
        tally.readsDone(),
        tally.clearedCount(),
        tally.kills(),
        tally.ledgers(),
        tally.ledgersUnequal(),
        bytesPerAgentDay(),
        seconds,
        agentDays() / seconds,
        tally.digest());
  }

  private static double perBlock(Tally.Sample sample) {
    return (double) sample.copies() / sample.blocks();
  }

  /** Share of blocks and hours at which a copy was online. */
  private double readable() {
    List<Tally.Sample> samples = tally.samples();
    return samples.stream().mapToDouble(s -> (double) s.readable() / s.blocks()).sum()
        / samples.size();
  }

  private double bytesPerAgentDay() {
    return tally.samples().getLast().bytes() / agentDays();
  }

  /** Those of the time before the first day too. */
  private double agentDays() {
    double simulated = (tally.samples().getLast().millis() + World.SETTLED) / 1000.0;
    return tally.scenario().people().agents() * simulated / DAY_SECONDS;
  }

  private static void line(StringBuilder text, String format, Object... figures) {
    text.append(String.format(Locale.ROOT, format, figures)).append('\n');
  }
}
