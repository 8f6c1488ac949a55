package dev.p2pcp.simulator;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The report as one page without scripts: its figures and how they went over the days. */
final class ReportPage {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 220;
  private static final int LEFT = 60;
  private static final int BOTTOM = 30;

  private final Tally tally;
  private final Report report;

  ReportPage(Tally tally, Report report) {
    this.tally = tally;
    this.report = report;
  }

  String html() {
    return """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>p2pcp: a simulated network</title>
        <style>
          :root { color-scheme: light dark }
          body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
          pre { overflow-x: auto; padding: 1rem; border: 1px solid #8888; border-radius: .5rem }
          svg { width: 100%%; height: auto }
          path { fill: none; stroke: #2a7de1; stroke-width: 2 }
          line { stroke: #8888 }
          text { fill: currentColor; font-size: 13px }
        </style>
        <h1>A simulated network</h1>
        <pre>%s</pre>
        %s%s%s%s%s
        </html>
        """
        .formatted(
            escaped(report.text()),
            chart("Copies of a block, on all disks", s -> (double) s.copies() / s.blocks()),
            chart(
                "Copies of a block, on disks of open tabs",
                s -> (double) s.copiesOnline() / s.blocks()),
            chart("Tabs open", Tally.Sample::agentsOnline),
            chart("Blocks at risk: with one copy left", Tally.Sample::atRisk),
            chart("Blocks lost", Tally.Sample::lost));
  }

  private String chart(String title, ToDoubleFunction<Tally.Sample> figure) {
    List<Tally.Sample> samples = tally.samples();
    double most = Math.max(1, samples.stream().mapToDouble(figure).max().orElse(1));
    long last = Math.max(1, samples.getLast().millis());
    StringBuilder path = new StringBuilder();
    for (Tally.Sample sample : samples) {
      double x = LEFT + (WIDTH - LEFT) * (double) sample.millis() / last;
      double y = HEIGHT - (HEIGHT - 10) * figure.applyAsDouble(sample) / most;
      path.append(String.format(Locale.ROOT, "%c%.1f %.1f", path.isEmpty() ? 'M' : 'L', x, y));
    }
    return String.format(
        Locale.ROOT,
        """
        <h2>%1$s</h2>
        <svg viewBox="0 0 %2$d %3$d" role="img" aria-label="%1$s">
        <line x1="%4$d" y1="%5$d" x2="%2$d" y2="%5$d"/><line x1="%4$d" y1="0" x2="%4$d" y2="%5$d"/>
        <text x="0" y="15">%6$.2f</text><text x="0" y="%5$d">0</text>
        <text x="%4$d" y="%7$d">0</text><text x="%8$d" y="%7$d">%9$d days</text>
        <path d="%10$s"/></svg>
        """,
        title,
        WIDTH,
        HEIGHT + BOTTOM,
        LEFT,
        HEIGHT,
        most,
        HEIGHT + BOTTOM - 8,
        WIDTH - 70,
        tally.scenario().days(),
        path);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
