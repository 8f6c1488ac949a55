package dev.p2pcp.simulator;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/** The figures of a run, for people and as one line of JSON. */
final class Report {
  private static final double DAY_SECONDS = 86_400;
  private static final double KIB = 1_024;

  /** The name under which the most memory of the process is told, in MiB. */
  static final String MEMORY = "memory_mib";

  private final Tally tally;
  private final Cost cost;
  private final Scenario scenario;
  private final Tally.Sample first;
  private final Tally.Sample last;

  /**
   * What the run cost.
   *
   * @param seconds that it took
   * @param cpuSeconds of all threads, those of the JVM among them
   * @param memory the most that the process had, in bytes
   */
  record Cost(double seconds, double cpuSeconds, long memory) {}

  Report(Tally tally, Cost cost) {
    this.tally = tally;
    this.cost = cost;
    this.scenario = tally.scenario();
    this.first = tally.samples().getFirst();
    this.last = tally.samples().getLast();
  }

  Tally tally() {
    return tally;
  }

  /** Blocks that the formula says are lost by the end of each day, if it is about such a run. */
  Optional<double[]> expectedLost() {
    if (!Expected.knows(scenario)) {
      return Optional.empty();
    }
    double[] lost = new Expected(scenario).lostByDay(scenario.days());
    for (int day = 0; day < lost.length; day++) {
      lost[day] *= last.blocks();
    }
    return Optional.of(lost);
  }

  String text() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "%d agents (%d anchors), %d days, R = %d, seed %d",
        scenario.people().agents(),
        scenario.people().anchorCount(),
        scenario.days(),
        scenario.data().copies(),
        scenario.seed());
    line(text, "blocks            %d, with one copy left %d", last.blocks(), last.atRisk());
    line(text, "blocks lost       %d%s", last.lost(), besideExpected());
    line(
        text,
        "copies a block    %.2f at the end, %.2f at the beginning; %.2f too many, at most %.2f",
        perBlock(last),
        perBlock(first),
        surplus(last),
        tally.samples().stream().mapToDouble(Report::surplus).max().orElse(0));
    line(text, "a copy is online  %.2f %% of the time", 100 * readable());
    line(
        text,
        "pages opened      %d; %.2f %% were read; of %d with a copy online, %d were",
        tally.reads(),
        100 * readShare(),
        tally.readsPossible(),
        tally.readsDone());
    line(text, "browsers cleared  %d", tally.clearedCount());
    line(
        text,
        "index killed      %d times; of %d ledgers %d came back unequal",
        tally.kills(),
        tally.ledgers(),
        tally.ledgersUnequal());
    line(
        text,
        "of their entries  %d were equal, %d waited for people who were away, %d began or ended",
        tally.entriesEqual(),
        tally.entriesWaiting(),
        tally.entriesChanged());
    tally
        .relearnt()
        .forEach(
            outcome -> outcome.differences().forEach(words -> line(text, "unequal: %s", words)));
    line(
        text,
        "cheaters          %d, of whom %d were caught, %d of %d within a day; %d others accused",
        tally.cheaters(),
        last.caught(),
        tally.caughtInTime(),
        tally.tried(),
        last.accused());
    if (tally.outcome().accounts() > 0) {
      line(
          text,
          "in league         %d accounts: %d blocks kept, %d copies with others; honest beside: %d, %d; ratio %.2f",
          tally.outcome().accounts(),
          tally.outcome().kept(),
          tally.outcome().gained(),
          tally.outcome().honestKept(),
          tally.outcome().honestGained(),
          tally.outcome().ratio());
    }
    line(
        text,
        "audits            %.1f KiB a day and agent, %.1f KiB the most in 24 hours",
        tally.auditBytes() / agentDays() / KIB,
        tally.auditMost() / KIB);
    line(text, "traffic           %.0f KiB per agent and day", trafficPerAgentDay() / KIB);
    line(text, "of it for repair  %.1f KiB of blocks per agent and day", repairPerAgentDay() / KIB);
    tally.failures().forEach((what, times) -> line(text, "failed %d times: %s", times, what));
    line(
        text,
        "turns             %d, %.0f per agent and day",
        tally.turns(),
        tally.turns() / agentDays());
    line(text, "digest            %s", tally.digest());
    line(
        text,
        "took              %.1f s (%.1f s of processor time, %.0f MiB), %.0f agent-days a second",
        cost.seconds,
        cost.cpuSeconds,
        cost.memory / KIB / KIB,
        agentDays() / cost.seconds);
    return text.toString();
  }

  /** The figures as one line. */
  String json() {
    return fields().line();
  }

  /** The figures, to which more may be added. */
  Fields fields() {
    Fields fields =
        new Fields()
            .whole("seed", scenario.seed())
            .whole("agents", scenario.people().agents())
            .whole("anchors", scenario.people().anchorCount())
            .whole("days", scenario.days())
            .whole("copies", scenario.data().copies())
            .whole("blocks", last.blocks())
            .whole("lost", last.lost());
    expectedLost().ifPresent(lost -> fields.number("lost_expected", lost[lost.length - 1]));
    return fields
        .whole("at_risk", last.atRisk())
        .number("copies_per_block", perBlock(last))
        .number("surplus_per_block", surplus(last))
        .number("readable", readable())
        .whole("reads", tally.reads())
        .whole("reads_possible", tally.readsPossible())
        .whole("reads_done", tally.readsDone())
        .number("reads_share", readShare())
        .whole("cleared", tally.clearedCount())
        .whole("kills", tally.kills())
        .whole("ledgers", tally.ledgers())
        .whole("ledgers_unequal", tally.ledgersUnequal())
        .whole("entries_equal", tally.entriesEqual())
        .whole("entries_waiting", tally.entriesWaiting())
        .whole("cheaters", tally.cheaters())
        .whole("caught", last.caught())
        .whole("tried", tally.tried())
        .whole("caught_in_a_day", tally.caughtInTime())
        .whole("accused", last.accused())
        .whole("sybils", tally.outcome().accounts())
        .whole("sybils_gained", tally.outcome().gained())
        .whole("single_gained", tally.outcome().honestGained())
        .number("sybils_ratio", tally.outcome().ratio())
        .number("audit_bytes_per_agent_day", tally.auditBytes() / agentDays())
        .whole("audit_bytes_most", tally.auditMost())
        .number("traffic_bytes_per_agent_day", trafficPerAgentDay())
        .number("repair_bytes_per_agent_day", repairPerAgentDay())
        .whole("turns", tally.turns())
        .number("seconds", cost.seconds)
        .number("agent_days_per_s", agentDaysPerSecond())
        .number("cpu_seconds_per_agent_day", cost.cpuSeconds / agentDays())
        .number(MEMORY, cost.memory / KIB / KIB)
        .text("digest", tally.digest());
  }

  /** The same, and what was seen each hour. */
  String jsonWithHours() {
    StringJoiner hours =
        new StringJoiner(",\n", "{\"run\":" + json() + ",\n\"hours\":[\n", "\n]}\n");
    for (Tally.Sample sample : tally.samples()) {
      hours.add(
          new Fields()
              .whole("hour", sample.millis() / World.HOUR)
              .whole("online", sample.agentsOnline())
              .whole("copies", sample.copies())
              .whole("copies_online", sample.copiesOnline())
              .whole("readable", sample.readable())
              .whole("at_risk", sample.atRisk())
              .whole("lost", sample.lost())
              .whole("bytes", sample.bytes())
              .whole("bytes_written", sample.written())
              .whole("caught", sample.caught())
              .line());
    }
    return hours.toString();
  }

  /** Share of the pages opened that were read. */
  double readShare() {
    return tally.reads() == 0 ? 1 : (double) tally.readsDone() / tally.reads();
  }

  /** Agents times days, those before the first day too. */
  double agentDays() {
    double simulated = (last.millis() + World.SETTLED) / 1000.0;
    return scenario.people().agents() * simulated / DAY_SECONDS;
  }

  double agentDaysPerSecond() {
    return agentDays() / cost.seconds;
  }

  private String besideExpected() {
    return expectedLost()
        .map(lost -> lost[lost.length - 1])
        .map(
            lost ->
                String.format(Locale.ROOT, "; by the formula %.1f ± %.1f", lost, Math.sqrt(lost)))
        .orElse("");
  }

  private static double perBlock(Tally.Sample sample) {
    return (double) sample.copies() / sample.blocks();
  }

  private static double surplus(Tally.Sample sample) {
    return (double) sample.surplus() / sample.blocks();
  }

  /** Share of blocks and hours at which a copy was online. */
  private double readable() {
    List<Tally.Sample> samples = tally.samples();
    return samples.stream().mapToDouble(s -> (double) s.readable() / s.blocks()).sum()
        / samples.size();
  }

  private double trafficPerAgentDay() {
    return last.bytes() / agentDays();
  }

  private double repairPerAgentDay() {
    double days = last.millis() / 1000.0 / DAY_SECONDS;
    return (last.written() - first.written()) / (scenario.people().agents() * days);
  }

  private static void line(StringBuilder text, String format, Object... figures) {
    text.append(String.format(Locale.ROOT, format, figures)).append('\n');
  }

  /** A JSON object that is being written. */
  static final class Fields {
    private final StringJoiner fields = new StringJoiner(",", "{", "}");

    Fields text(String name, String value) {
      fields.add("\"" + name + "\":\"" + value + "\"");
      return this;
    }

    Fields whole(String name, long value) {
      fields.add("\"" + name + "\":" + value);
      return this;
    }

    Fields number(String name, double value) {
      fields.add(String.format(Locale.ROOT, "\"%s\":%.5f", name, value));
      return this;
    }

    String line() {
      return fields.toString();
    }
  }
}
