package dev.p2pcp.donor;

import java.io.PrintWriter;

/**
 * Shows a donor's state: on a terminal one line that is kept fresh, elsewhere a line whenever
 * something changed that matters, and every ten minutes.
 */
final class Screen {
  private static final long EVERY = 10 * 60_000;

  /** Erases the line and goes to its beginning (ECMA-48). */
  private static final String FRESH = "\r\u001b[2K";

  private final PrintWriter out;
  private final boolean terminal;
  private String gist = "";
  private long shown;

  Screen(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** A line that stays. */
  void say(String line) {
    out.println(terminal ? FRESH + line : line);
    out.flush();
  }

  /** The state at that moment. */
  void show(Figures figures, long ticks) {
    if (terminal) {
      out.print(FRESH + figures.line());
      out.flush();
      return;
    }
    if (!figures.gist().equals(gist) || ticks - shown >= EVERY) {
      gist = figures.gist();
      shown = ticks;
      say(figures.line());
    }
  }

  /** Leaves the terminal to whoever comes next. */
  void end() {
    if (terminal) {
      out.println();
      out.flush();
    }
  }
}
