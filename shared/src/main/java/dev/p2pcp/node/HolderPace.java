package dev.p2pcp.node;

import dev.p2pcp.platform.Clock;

/**
 * How fast one holder answers. An answer takes a time of its own, smoothed with its deviation as in
 * RFC 6298, and the time of the answers asked for before it, each of which takes the holder's
 * smoothed time per block. All times are in milliseconds.
 */
final class HolderPace {
  /** What is expected of a holder that was never asked. */
  private static final double UNKNOWN = 100;

  /** How long a holder that was never asked is waited for before another is asked as well. */
  private static final double FIRST_PATIENCE = 300;

  /** Shortest deviation: clocks are coarse, and so is the turn of a browser's tab. */
  private static final double LEAST_MARGIN = 30;

  private static final double LONGEST = 60_000;

  /** After so long another holder is asked, however slow that one was. */
  private static final double LATEST_HEDGE = 1_000;

  /** After so long what was slow is asked as if it were new: links change. */
  private static final double FORGIVEN = 60_000;

  private static final double MEAN_GAIN = 1.0 / 8;
  private static final double DEVIATION_GAIN = 1.0 / 4;
  private static final int MOST_SILENCES = 10;

  private final Clock clock;
  private boolean known;
  private double own;
  private double deviation;
  private double perBlock;
  private int inFlight;
  private int silences;
  private double lastAsked;
  private double lastAnswer;

  HolderPace(Clock clock) {
    this.clock = clock;
  }

  /** A question that is under way. */
  record Asked(double at, int before) {}

  /** Notes a question; what became of it is to follow. */
  synchronized Asked ask() {
    Asked asked = new Asked(clock.ticks(), inFlight);
    lastAsked = asked.at();
    inFlight++;
    return asked;
  }

  /** How long the next answer is likely to take. */
  synchronized double expected() {
    boolean slow = silences > 0 || own > UNKNOWN;
    if (slow && inFlight == 0 && clock.ticks() - lastAsked > FORGIVEN) {
      known = false;
      silences = 0;
    }
    double expected = known ? own + perBlock * inFlight : UNKNOWN * (1 + inFlight);
    return Math.min(LONGEST, expected * (1 << silences));
  }

  /**
   * How long to wait before another holder is asked as well: longer than usual, and for one that
   * was never asked not much longer than the other is likely to take.
   *
   * @param other what is expected of the other
   */
  synchronized long patience(double other) {
    double patience =
        known
            ? own + perBlock * inFlight + Math.max(LEAST_MARGIN, 4 * deviation)
            : Math.min(FIRST_PATIENCE, LEAST_MARGIN + 2 * other);
    return (long) Math.min(LONGEST, Math.max(patience, Math.min(LATEST_HEDGE, other)));
  }

  /** It was waited for in vain so far. */
  synchronized void late() {
    silences = Math.min(MOST_SILENCES, silences + 1);
  }

  /** It did not answer in time. */
  synchronized void failed() {
    inFlight--;
    late();
  }

  /** It answered that it does not have it, which tells little of how fast it is. */
  synchronized void declined() {
    inFlight--;
  }

  synchronized void answered(Asked asked) {
    inFlight--;
    silences = 0;
    double now = clock.ticks();
    double between = now - Math.max(asked.at(), lastAnswer);
    lastAnswer = now;
    perBlock = known ? perBlock + MEAN_GAIN * (between - perBlock) : between;
    double sample = Math.max(0, now - asked.at() - perBlock * asked.before());
    if (known) {
      deviation += DEVIATION_GAIN * (Math.abs(sample - own) - deviation);
      own += MEAN_GAIN * (sample - own);
    } else {
      own = sample;
      deviation = sample / 2;
      known = true;
    }
  }
}
