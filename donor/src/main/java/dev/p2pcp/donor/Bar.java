package dev.p2pcp.donor;

import java.io.PrintWriter;
import java.util.Locale;

/** A progress bar on a terminal; nothing elsewhere. */
final class Bar {
  private static final int WIDTH = 30;
  private static final double MEGABYTE = 1e6;
  private static final String FRESH = "\r\u001b[2K";

  private final PrintWriter out;
  private final boolean shown;

  Bar(PrintWriter out, boolean shown) {
    this.out = out;
    this.shown = shown;
  }

  static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  /** So many bytes of so many. */
  void bytes(String what, long done, long of) {
    show(
        what,
        of == 0 ? 1 : (double) done / of,
        String.format(Locale.ROOT, "%.1f of %.1f MB", done / MEGABYTE, of / MEGABYTE));
  }

  /** So many copies of so many. */
  void copies(int done, int of, String why) {
    show("copies", of == 0 ? 1 : (double) done / of, done + " of " + of + why);
  }

  private void show(String what, double part, String figures) {
    if (shown) {
      int full = (int) Math.min(WIDTH, Math.round(WIDTH * part));
      out.print(FRESH + what + " [" + "#".repeat(full) + "-".repeat(WIDTH - full) + "] " + figures);
      out.flush();
    }
  }

  /** Clears the line. */
  void end() {
    if (shown) {
      out.print(FRESH);
      out.flush();
    }
  }
}
