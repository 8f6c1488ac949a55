package dev.p2pcp.simulator;

import dev.p2pcp.testing.Seeded;

/**
 * When people open and close their tabs and lose their browsers' storage: visits and the times
 * between them are exponential, so that a tab is open for the wanted share of the time; by night
 * people put a visit off.
 */
final class Visits {
  private static final double LENGTH = 1.2 * World.HOUR;
  private static final double TURN = 2 * Math.PI / World.DAY;
  private static final int MANTISSA = 53;

  private final Scenario scenario;
  private final Seeded chance;

  Visits(Scenario scenario, Seeded chance) {
    this.scenario = scenario;
    this.chance = chance;
  }

  /** Milliseconds until a tab that is open since the arrival is closed. */
  long firstRest() {
    return isAlways() ? Long.MAX_VALUE / 2 : exponential(LENGTH);
  }

  /** Milliseconds that a visit lasts. */
  long length() {
    return isAlways() ? Long.MAX_VALUE / 2 : exponential(LENGTH);
  }

  /** The moment of the next visit of who leaves now. */
  long nextVisit(long now) {
    // By thinning (Lewis and Shedler, 1979): candidates at the highest rate, of which fewer are
    // taken at night; the mean rate is the wanted one.
    double mean = LENGTH * (1 - scenario.online()) / scenario.online();
    long at = now;
    do {
      at += exponential(mean / (1 + scenario.rhythm()));
    } while (unit() * (1 + scenario.rhythm()) > 1 + scenario.rhythm() * Math.sin(TURN * at));
    return at;
  }

  /** Milliseconds that a browser's storage lives. */
  long life() {
    return exponential(scenario.life() * World.DAY);
  }

  private boolean isAlways() {
    return scenario.online() >= 1;
  }

  private long exponential(double mean) {
    return 1 + (long) (-Math.log(1 - unit()) * mean);
  }

  /** From 0 to below 1. */
  private double unit() {
    return (chance.next() >>> (Long.SIZE - MANTISSA)) * 0x1p-53;
  }
}
