package dev.p2pcp.node;

import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Gate;
import dev.p2pcp.platform.Tasks;

/**
 * How many blocks are fetched at once: more as long as more arrives for it, fewer when less does.
 * What it measures are rounds in which all places were taken.
 */
final class FetchWindow {
  private static final int LEAST = 4;

  /** With blocks of 256 KiB, each asked for at two holders at worst: 8 MiB. */
  static final int MOST = 16;

  private static final int STEP = 2;
  private static final double GAIN = 1.05;
  private static final double LOSS = 0.7;

  private final Clock clock;
  private final Gate gate;
  private int places = 6;
  private int surplus;
  private int taken;
  private int done;
  private double began;
  private double best;

  FetchWindow(Clock clock, Tasks tasks) {
    this.clock = clock;
    this.gate = new Gate(tasks, places);
  }

  /** Waits for a place. Suspends. */
  void enter() {
    gate.enter(Deadline.NEVER);
    synchronized (this) {
      taken++;
      if (taken < places) {
        done = 0;
      } else if (done == 0) {
        began = clock.ticks();
      }
    }
  }

  /** Never suspends. */
  void leave(boolean brought) {
    int free = 1;
    synchronized (this) {
      taken--;
      if (brought && began > 0 && ++done > places) {
        free += adapt(done / Math.max(1, clock.ticks() - began));
        done = 0;
      }
      while (free > 0 && surplus > 0) {
        free--;
        surplus--;
      }
    }
    for (int i = 0; i < free; i++) {
      gate.leave();
    }
  }

  synchronized int places() {
    return places;
  }

  /** Places to add. */
  private int adapt(double rate) {
    if (rate > best * GAIN && places < MOST) {
      best = rate;
      places += STEP;
      return STEP;
    }
    if (rate < best * LOSS && places > LEAST) {
      best = rate;
      places -= STEP;
      surplus += STEP;
    }
    return 0;
  }
}
