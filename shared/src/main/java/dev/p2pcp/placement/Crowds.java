package dev.p2pcp.placement;

import java.util.HashMap;
import java.util.Map;

/**
 * What those of each network lend together: all of one draw no more blocks than one large holder
 * does. Who comes with a thousand accounts is therefore asked to keep as much as if it came with
 * one, and what keeps blocks apart is not many accounts of one network.
 */
public final class Crowds {
  /**
   * Free slots beyond which a candidate gets no more weight, so that one large holder does not draw
   * everything.
   */
  static final int WEIGHTY_SLOTS = 256;

  private static final int ALWAYS = 100;

  private final Map<Long, Integer> weights = new HashMap<>();

  /** Somebody of that network has so many free slots and is there for so many percent. */
  public void add(long network, int free, int availability) {
    weights.merge(network, weight(free, availability), Crowds::sum);
  }

  /** What counts of the weight of each one there. */
  public double share(long network) {
    int all = weights.getOrDefault(network, 0);
    int most = weight(WEIGHTY_SLOTS, ALWAYS);
    return all <= most ? 1 : (double) most / all;
  }

  static int weight(int free, int availability) {
    return Math.min(free, WEIGHTY_SLOTS) * availability;
  }

  private static int sum(int one, int other) {
    return (int) Math.min(Integer.MAX_VALUE, (long) one + other);
  }
}
