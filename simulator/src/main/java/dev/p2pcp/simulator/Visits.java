package dev.p2pcp.simulator;

import dev.p2pcp.testing.Seeded;

/**
 * When people open and close their tabs and lose their browsers' storage: visits and the times
 * between them are exponential, so that a tab is open for the wanted share of the time; by night
 * people put a visit off.
 */
final class Visits {
  private static final double TURN = 2 * Math.PI / World.DAY;

  /** Mean length of what interrupts an anchor. */
  private static final double INTERRUPTION = World.HOUR;

  private static final int MANTISSA = 53;
  private static final long NEVER = Long.MAX_VALUE / 2;

  private final Scenario.People people;
  private final Seeded chance;

  Visits(Scenario.People people, Seeded chance) {
    this.people = people;
    this.chance = chance;
  }

  /** Milliseconds until who is online goes, which is as long for who came just now. */
  long length(boolean isAnchor) {
    double online = isAnchor ? people.anchorsOnline() : people.online();
    if (online >= 1) {
      return NEVER;
    }
    double mean = isAnchor ? INTERRUPTION * online / (1 - online) : people.visit() * World.HOUR;
    return exponential(mean);
  }

  /** The moment when who goes now is back. */
  long next(boolean isAnchor, long now) {
    return isAnchor ? now + exponential(INTERRUPTION) : nextVisit(now);
  }

  private long nextVisit(long now) {
    // By thinning (Lewis and Shedler, 1979): candidates at the highest rate, of which fewer are
    // taken at night; the mean rate is the wanted one.
    double mean = people.visit() * World.HOUR * (1 - people.online()) / people.online();
    double most = 1 + people.rhythm();
    long at = now;
    do {
      at += exponential(mean / most);
    } while (unit() * most > 1 + people.rhythm() * StrictMath.sin(TURN * at));
    return at;
  }

  /** Milliseconds that a browser's storage lives. */
  long life() {
    return exponential(people.life() * World.DAY);
  }

  private long exponential(double mean) {
    return 1 + (long) (-StrictMath.log(1 - unit()) * mean);
  }

  /** From 0 to below 1. */
  private double unit() {
    return (chance.next() >>> (Long.SIZE - MANTISSA)) * 0x1p-53;
  }
}
