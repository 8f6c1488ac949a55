package dev.p2pcp.simulator;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The report as one page without scripts: its figures and how they went over the days. */
final class ReportPage {
  private static final double KIB = 1_024;

  private final Report report;
  private final Tally tally;
  private final int agents;
  private final int copies;

  ReportPage(Report report) {
    this.report = report;
    this.tally = report.tally();
    this.agents = tally.scenario().people().agents();
    this.copies = tally.scenario().data().copies();
  }

  String html() {
    return """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>p2pcp: a simulated network</title>
        <style>
          :root { color-scheme: light dark; --a: light-dark(#1d63c1, #7db2ff); --b: light-dark(#b4540a, #ffb26b);
            --c: light-dark(#b3123c, #ff8fa8) }
          body { font: 1rem/1.5 system-ui, sans-serif; max-width: 90rem; margin: 0 auto; padding: 1rem }
          pre { overflow-x: auto; padding: 1rem; border: 1px solid #8888; border-radius: .5rem }
          main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%%, 26rem), 1fr)); gap: 1rem 2rem }
          figure { margin: 0 } figcaption { font-weight: 600 } p { margin: 0 }
          svg { width: 100%%; height: auto }
          path { fill: none; stroke-width: 2 } line { stroke: #8888 }
          text { fill: currentColor; font-size: 13px } .e { text-anchor: end }
          path.l0 { stroke: var(--a) } path.l1 { stroke: var(--b) } path.l2 { stroke: var(--c); stroke-dasharray: 6 4 }
          span { margin-right: 1.5rem } span.l0 { color: var(--a) } span.l1 { color: var(--b) } span.l2 { color: var(--c) }
        </style>
        <h1>A simulated network</h1>
        <pre>%s</pre>
        <main>
        %s%s%s%s%s%s%s</main>
        </html>
        """
        .formatted(
            escaped(report.text()),
            copiesOfABlock().html(),
            chart("Blocks at risk: with one copy left")
                .line("blocks", hourly(Tally.Sample::atRisk))
                .html(),
            lost().html(),
            chart("Repair: KiB of blocks that an agent takes in a day")
                .line("KiB", daily(Tally.Sample::written, 1 / KIB / agents))
                .html(),
            chart("Traffic: KiB that an agent sends and gets in a day")
                .line("KiB", daily(Tally.Sample::bytes, 1 / KIB / agents))
                .html(),
            chart("Cheaters")
                .line("caught", hourly(Tally.Sample::caught))
                .line("honest and accused", hourly(Tally.Sample::accused))
                .html(),
            chart("People").line("online", hourly(Tally.Sample::agentsOnline)).html());
  }

  private Chart copiesOfABlock() {
    return chart("Copies of a block")
        .line("live", hourly(s -> (double) s.copiesOnline() / s.blocks()))
        .line("absent", hourly(s -> (double) (s.copies() - s.copiesOnline()) / s.blocks()))
        .line("lost", hourly(s -> Math.max(0, copies - (double) s.copies() / s.blocks())));
  }

  private Chart lost() {
    Chart chart = chart("Blocks lost").line("in this run", hourly(Tally.Sample::lost));
    report.expectedLost().ifPresent(expected -> chart.line("by the formula", expected));
    return chart;
  }

  private Chart chart(String title) {
    return new Chart(title, tally.scenario().days());
  }

  private double[] hourly(ToDoubleFunction<Tally.Sample> figure) {
    return tally.samples().stream().mapToDouble(figure).toArray();
  }

  /** What a figure that only grows has grown by, each day. */
  private double[] daily(ToDoubleFunction<Tally.Sample> figure, double unit) {
    List<Tally.Sample> samples = tally.samples();
    double[] grown = new double[tally.scenario().days()];
    for (int day = 0; day < grown.length; day++) {
      double before = figure.applyAsDouble(samples.get(24 * day));
      grown[day] = (figure.applyAsDouble(samples.get(24 * day + 24)) - before) * unit;
    }
    return grown;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
