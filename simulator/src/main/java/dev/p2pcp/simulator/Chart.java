package dev.p2pcp.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Lines over the days of a run, as a drawing in a page. */
final class Chart {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 220;
  private static final int LEFT = 56;
  private static final int TOP = 12;
  private static final int BOTTOM = 26;

  private final String title;
  private final int days;
  private final List<Line> lines = new ArrayList<>();

  Chart(String title, int days) {
    this.title = title;
    this.days = days;
  }

  private record Line(String name, List<Double> values) {
    double last() {
      return values.getLast();
    }
  }

  /** A line through values that are as far apart as another, from the first day to the last. */
  Chart line(String name, double[] values) {
    lines.add(new Line(name, Arrays.stream(values).boxed().toList()));
    return this;
  }

  String html() {
    double most = 0;
    for (Line line : lines) {
      for (double value : line.values) {
        most = Math.max(most, value);
      }
    }
    most = most == 0 ? 1 : most;
    StringBuilder drawn = new StringBuilder();
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      drawn.append(
          String.format(
              Locale.ROOT, "<path class=\"l%d\" d=\"%s\"/>\n", i, path(lines.get(i), most)));
      names.append(
          String.format(
              Locale.ROOT,
              "<span class=\"l%d\">%s: %s at the end</span>\n",
              i,
              lines.get(i).name,
              figure(lines.get(i).last())));
    }
    return String.format(
        Locale.ROOT,
        """
        <figure>
        <figcaption>%1$s</figcaption>
        <svg viewBox="0 0 %2$d %3$d" role="img" aria-label="%1$s">
        <line x1="%4$d" y1="%5$d" x2="%2$d" y2="%5$d"/><line x1="%4$d" y1="%6$d" x2="%4$d" y2="%5$d"/>
        <text x="%7$d" y="%8$d" class="e">%9$s</text><text x="%7$d" y="%5$d" class="e">0</text>
        <text x="%4$d" y="%3$d">0</text><text x="%2$d" y="%3$d" class="e">%10$d days</text>
        %11$s</svg>
        <p>%12$s</p>
        </figure>
        """,
        title,
        WIDTH,
        HEIGHT + BOTTOM,
        LEFT,
        HEIGHT,
        TOP,
        LEFT - 6,
        TOP + 10,
        figure(most),
        days,
        drawn,
        names);
  }

  private static String path(Line line, double most) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < line.values.size(); i++) {
      double x = LEFT + (double) (WIDTH - LEFT) * i / Math.max(1, line.values.size() - 1);
      double y = HEIGHT - (HEIGHT - TOP) * line.values.get(i) / most;
      path.append(String.format(Locale.ROOT, "%c%.1f %.1f", i == 0 ? 'M' : 'L', x, y));
    }
    return path.toString();
  }

  private static String figure(double value) {
    boolean whole = value == Math.rint(value) || value >= 100;
    return String.format(Locale.ROOT, whole ? "%.0f" : "%.2f", value);
  }
}
