package dev.p2pcp.node;

/**
 * How soon one index server answers, learnt from its answers as TCP learns a round trip (RFC 6298).
 */
final class ServerPace {
  /** Patience before anything is known, and its bounds, in milliseconds. */
  private static final long FIRST = 500;

  private static final long LEAST = 250;
  private static final long MOST = 3_000;

  private long mean = -1;
  private long spread;

  /** An answer took so many milliseconds. */
  synchronized void took(long millis) {
    if (mean < 0) {
      mean = millis;
      spread = millis / 2;
    } else {
      spread += (Math.abs(millis - mean) - spread) / 4;
      mean += (millis - mean) / 8;
    }
  }

  /** After so many milliseconds an answer is later than it usually is. */
  synchronized long patience() {
    return mean < 0 ? FIRST : Math.max(LEAST, Math.min(2 * mean + 4 * spread, MOST));
  }
}
