package dev.p2pcp.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many blocks are lost by the formula of {@code docs/durability.md}: a Markov chain over what
 * is left of one block, all of whose constants are rules of the system or of the scenario. It knows
 * of no anchors, cheaters or troubles.
 */
final class Expected {
  /** Limits of the time after which an absent holder counts as lost, in hours. */
  private static final double SHORTEST_GRACE = 6;

  private static final double LONGEST_GRACE = 72;

  /** So many mean absences are waited for. */
  private static final double PATIENCE = 8;

  /** Absences whose mean is spread as the one that is learnt with a weight of an eighth. */
  private static final int LEARNT = 15;

  /** Mean hours until who is online has looked for its copies: half of the pause between looks. */
  private static final double LOOK = 0.3125;

  /** Hours of one step of the sum. */
  private static final double STEP = 0.02;

  /** The state of a block of which no copy is left. */
  private static final int GONE = 0;

  private final int others;
  private final double online;
  private final double visit;
  private final double absence;
  private final double loss;
  private final double notice;
  private final double[] untilRestored;

  /** For tabs that live as the scenario says; its life must not be 0. */
  Expected(Scenario scenario) {
    Scenario.People people = scenario.people();
    others = scenario.data().copies() - 1;
    online = people.online();
    visit = people.visit();
    absence = visit * (1 - online) / online;
    loss = 1 / (24 * people.life());
    notice = 1 / Math.max(LOOK, meanGrace() - (1 - online) * absence);
    untilRestored = new double[others + 1];
    for (int left = 1; left <= others; left++) {
      untilRestored[left] = untilRestored(left);
    }
  }

  /** Whether the formula is about such a scenario. */
  static boolean knows(Scenario scenario) {
    return scenario.people().anchorCount() == 0
        && scenario.people().life() > 0
        && scenario.people().online() < 1
        && scenario.trouble().equals(Scenario.Trouble.NONE)
        && scenario.cheaters().equals(Scenario.Cheaters.NONE);
  }

  /**
   * The share of blocks that are lost by the end of each day.
   *
   * @return for day 0 and so many days more
   */
  double[] lostByDay(int days) {
    List<Move> moves = moves();
    double[] lost = new double[days + 1];
    double[] now = new double[GONE + 1 + 2 * width() * width()];
    now[place(1, 0, 0)] = 1;
    double[] next = now.clone();
    long stepsADay = Math.round(24 / STEP);
    for (int day = 1; day <= days; day++) {
      for (long step = 0; step < stepsADay; step++) {
        for (Move move : moves) {
          double moved = now[move.from] * move.rate * STEP;
          next[move.from] -= moved;
          next[move.to] += moved;
        }
        System.arraycopy(next, 0, now, 0, now.length);
      }
      lost[day] = now[GONE];
    }
    return lost;
  }

  /** From one state to another, so many times an hour. */
  private record Move(int from, int to, double rate) {}

  /**
   * All that can happen to a block that is not lost. Its state is whether the owner has its copy,
   * how many copies of others are lost without anybody knowing, and how many are known to be lost.
   */
  private List<Move> moves() {
    List<Move> moves = new ArrayList<>();
    for (int own = 0; own <= 1; own++) {
      for (int unknown = 0; unknown <= others; unknown++) {
        for (int known = 0; unknown + known <= others; known++) {
          if (own + others - unknown - known > 0) {
            add(moves, own, unknown, known);
          }
        }
      }
    }
    return moves;
  }

  private void add(List<Move> moves, int own, int unknown, int known) {
    int here = place(own, unknown, known);
    int left = others - unknown - known;
    boolean isLast = own + left == 1;
    if (own == 1) {
      moves.add(new Move(here, isLast ? GONE : place(0, unknown, known), loss));
    } else {
      moves.add(new Move(here, place(1, unknown, known), 1 / untilRestored[left]));
    }
    if (left > 0) {
      moves.add(new Move(here, isLast ? GONE : place(own, unknown + 1, known), left * loss));
    }
    if (unknown > 0) {
      moves.add(new Move(here, place(own, unknown - 1, known + 1), unknown * notice));
    }
    if (known > 0) {
      moves.add(new Move(here, place(own, unknown, 0), 1 / untilRepaired(own + left)));
    }
  }

  private int width() {
    return others + 1;
  }

  private int place(int own, int unknown, int known) {
    return GONE + 1 + (own * width() + unknown) * width() + known;
  }

  /**
   * Mean hours that an absent holder is waited for. Its mean absence is learnt: the newest counts
   * an eighth, so that of exponential absences the learnt one is spread as the mean of fifteen is.
   */
  private double meanGrace() {
    double mean = PATIENCE * absence;
    double within =
        mean * (erlang(LEARNT + 1, mean, LONGEST_GRACE) - erlang(LEARNT + 1, mean, SHORTEST_GRACE));
    return SHORTEST_GRACE * erlang(LEARNT, mean, SHORTEST_GRACE)
        + within
        + LONGEST_GRACE * (1 - erlang(LEARNT, mean, LONGEST_GRACE));
  }

  /**
   * The share below a limit of sums of so many exponential parts, of which LEARNT make the mean.
   */
  private static double erlang(int parts, double mean, double limit) {
    double x = LEARNT * limit / mean;
    double term = StrictMath.exp(-x);
    double above = 0;
    for (int i = 0; i < parts; i++) {
      above += term;
      term *= x / (i + 1);
    }
    return 1 - above;
  }

  /** Mean hours until one of so many who have the block is online and has looked. */
  private double untilRepaired(int sources) {
    return LOOK + StrictMath.pow(1 - online, sources) * absence / sources;
  }

  /**
   * Mean hours until an owner who just lost its copy is online together with one of so many
   * holders. Its own state and the number of holders online are a chain of their own, whose mean
   * times to that end are found by repeated substitution.
   */
  private double untilRestored(int holders) {
    double comes = 1 / absence;
    double goes = 1 / visit;
    double[] away = new double[holders + 1];
    double alone = 0;
    for (int round = 0; round < 10_000; round++) {
      double[] before = away.clone();
      double alonesBefore = alone;
      for (int up = 0; up <= holders; up++) {
        double rate = comes + up * goes + (holders - up) * comes;
        double rest = comes * (up == 0 ? alone : 0);
        rest += up > 0 ? up * goes * away[up - 1] : 0;
        rest += up < holders ? (holders - up) * comes * away[up + 1] : 0;
        away[up] = (1 + rest) / rate;
      }
      alone = (1 + goes * away[0]) / (goes + holders * comes);
      if (Arrays.equals(before, away) && alone == alonesBefore) {
        break;
      }
    }
    double mean = 0;
    for (int up = 0; up <= holders; up++) {
      mean += binomial(holders, up) * away[up];
    }
    // Who is online when it happens is away from the end of that visit on.
    return mean + online * visit;
  }

  private double binomial(int all, int up) {
    double ways = 1;
    for (int i = 0; i < up; i++) {
      ways = ways * (all - i) / (i + 1);
    }
    return ways * StrictMath.pow(online, up) * StrictMath.pow(1 - online, all - up);
  }
}
