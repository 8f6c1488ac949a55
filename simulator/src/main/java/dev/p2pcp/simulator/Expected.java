package dev.p2pcp.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many blocks are lost by the formula of {@code docs/durability.md}: a Markov chain over what
 * is left of one block and of the catalogue that leads its owner back to it, all of whose constants
 * are rules of the system or of the scenario. It knows of no anchors, cheaters or troubles.
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
  private static final double STEP = 0.1;

  /** The state of a block of which no copy is left. */
  private static final int GONE = 0;

  /** What the owner has: nothing since its storage went; the catalogue again; the block too. */
  private static final int NOTHING = 0;

  private static final int CATALOGUE = 1;
  private static final int BLOCK = 2;

  private final int others;
  private final double online;
  private final double visit;
  private final double absence;
  private final double loss;
  private final double notice;
  private final Return[] returns;

  /** For tabs that live as the scenario says; its life must not be 0. */
  Expected(Scenario scenario) {
    Scenario.People people = scenario.people();
    others = scenario.data().copies() - 1;
    online = people.online();
    visit = people.visit();
    absence = visit * (1 - online) / online;
    loss = 1 / (24 * people.life());
    notice = 1 / Math.max(LOOK, meanGrace() - (1 - online) * absence);
    returns = new Return[others + 1];
    for (int left = 1; left <= others; left++) {
      returns[left] = untilTogether(left);
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
    int apart = width() * width();
    double[] now = new double[GONE + 1 + (BLOCK + 1) * apart * apart];
    now[place(BLOCK, Others.ALL, Others.ALL)] = 1;
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

  /** Copies of others that are lost: without anybody knowing, and known to be. */
  private record Others(int unknown, int known) {
    static final Others ALL = new Others(0, 0);

    int lost() {
      return unknown + known;
    }
  }

  /**
   * All that can happen to a block that is not lost. Its state is what the owner has, and what of
   * the others' copies is lost, of the block and of the catalogue.
   */
  private List<Move> moves() {
    List<Others> all = new ArrayList<>();
    for (int unknown = 0; unknown <= others; unknown++) {
      for (int known = 0; unknown + known <= others; known++) {
        all.add(new Others(unknown, known));
      }
    }
    List<Move> moves = new ArrayList<>();
    for (int own = NOTHING; own <= BLOCK; own++) {
      for (Others block : all) {
        for (Others catalogue : all) {
          if (own == BLOCK || block.lost() < others) {
            ofOwner(moves, own, block, catalogue);
            ofBlock(moves, own, block, catalogue);
            ofCatalogue(moves, own, block, catalogue);
          }
        }
      }
    }
    return moves;
  }

  private void ofOwner(List<Move> moves, int own, Others block, Others catalogue) {
    int here = place(own, block, catalogue);
    int left = others - block.lost();
    int leading = others - catalogue.lost();
    if (own > NOTHING) {
      moves.add(new Move(here, left == 0 ? GONE : place(NOTHING, block, catalogue), loss));
    }
    if (own == NOTHING && leading > 0) {
      // The block's holders come and go by themselves: it is there at once, if one of them is.
      double rate = 1 / returns[leading].ofCleared();
      double none = StrictMath.pow(1 - online, left);
      moves.add(new Move(here, place(BLOCK, block, catalogue), rate * (1 - none)));
      moves.add(new Move(here, place(CATALOGUE, block, catalogue), rate * none));
    }
    if (own == CATALOGUE) {
      moves.add(new Move(here, place(BLOCK, block, catalogue), 1 / returns[left].ofAlone()));
    }
  }

  private void ofBlock(List<Move> moves, int own, Others block, Others catalogue) {
    int here = place(own, block, catalogue);
    int left = others - block.lost();
    int sources = left + (own == BLOCK ? 1 : 0);
    if (left > 0) {
      Others fewer = new Others(block.unknown + 1, block.known);
      moves.add(new Move(here, sources == 1 ? GONE : place(own, fewer, catalogue), left * loss));
    }
    if (block.unknown > 0) {
      Others noticed = new Others(block.unknown - 1, block.known + 1);
      moves.add(new Move(here, place(own, noticed, catalogue), block.unknown * notice));
    }
    if (block.known > 0) {
      Others repaired = new Others(block.unknown, 0);
      moves.add(new Move(here, place(own, repaired, catalogue), 1 / untilRepaired(sources)));
    }
  }

  private void ofCatalogue(List<Move> moves, int own, Others block, Others catalogue) {
    int here = place(own, block, catalogue);
    int left = others - catalogue.lost();
    int sources = left + (own > NOTHING ? 1 : 0);
    if (left > 0) {
      Others fewer = new Others(catalogue.unknown + 1, catalogue.known);
      moves.add(new Move(here, place(own, block, fewer), left * loss));
    }
    // Of a catalogue that nobody has nothing is made any more.
    if (catalogue.unknown > 0 && sources > 0) {
      Others noticed = new Others(catalogue.unknown - 1, catalogue.known + 1);
      moves.add(new Move(here, place(own, block, noticed), catalogue.unknown * notice));
    }
    if (catalogue.known > 0 && sources > 0) {
      Others repaired = new Others(catalogue.unknown, 0);
      moves.add(new Move(here, place(own, block, repaired), 1 / untilRepaired(sources)));
    }
  }

  private int width() {
    return others + 1;
  }

  private int place(int own, Others block, Others catalogue) {
    int first = (own * width() + block.unknown) * width() + block.known;
    return GONE + 1 + (first * width() + catalogue.unknown) * width() + catalogue.known;
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
   * Mean hours until an owner is online together with a holder.
   *
   * @param ofCleared if its storage just went
   * @param ofAlone if it is online and no holder is
   */
  private record Return(double ofCleared, double ofAlone) {}

  /**
   * How long it takes with one of so many holders. The owner's own state and the number of holders
   * online are a chain of their own, whose mean times to that end are found by repeated
   * substitution.
   */
  private Return untilTogether(int holders) {
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
    return new Return(mean + online * visit, alone);
  }

  private double binomial(int all, int up) {
    double ways = 1;
    for (int i = 0; i < up; i++) {
      ways = ways * (all - i) / (i + 1);
    }
    return ways * StrictMath.pow(online, up) * StrictMath.pow(1 - online, all - up);
  }
}
