package dev.p2pcp.simulator;

/**
 * What is simulated.
 *
 * @param seed decides everything that is left to chance
 * @param agents people with one device each
 * @param days length of the run after all data is stored
 * @param online share of its time that a tab is open, from 0 to 1
 * @param rhythm how much more often tabs are opened by day than by night, from 0 (no difference) to
 *     1 (by day only)
 * @param anchors agents that are always online
 * @param life mean days until a browser's profile is cleared and its owner logs in by the 24 words;
 *     0 for never
 * @param copies R, of every item, the own one included
 * @param items items of each person
 * @param line how the lines are
 * @param kills times a day that the index server is killed and started afresh
 * @param cutShare share of the agents that a partition cuts off, from 0 to 1
 * @param cutHours hours that they are cut off, in the middle of the run; 0 for no partition
 */
record Scenario(
    long seed,
    int agents,
    int days,
    double online,
    double rhythm,
    int anchors,
    double life,
    int copies,
    int items,
    SimTransport.Line line,
    int kills,
    double cutShare,
    int cutHours) {
  private static final int MOST_AGENTS = 100_000;
  private static final int MOST_DAYS = 3_650;
  private static final int MOST_ITEMS = 1_000;
  private static final int MOST_COPIES = 10;
  private static final int MOST_KILLS = 1_000;

  Scenario {
    require(agents >= 1 && agents <= MOST_AGENTS, "agents: 1 to " + MOST_AGENTS);
    require(days >= 1 && days <= MOST_DAYS, "days: 1 to " + MOST_DAYS);
    require(online > 0 && online <= 1, "online: above 0, up to 1");
    require(rhythm >= 0 && rhythm <= 1, "rhythm: 0 to 1");
    require(anchors >= 0 && anchors <= agents, "anchors: 0 to the number of agents");
    require(life >= 0, "life: 0 or more days");
    require(copies >= 1 && copies <= MOST_COPIES, "copies: 1 to " + MOST_COPIES);
    require(items >= 1 && items <= MOST_ITEMS, "items: 1 to " + MOST_ITEMS);
    require(kills >= 0 && kills <= MOST_KILLS, "kills: 0 to " + MOST_KILLS);
    require(cutShare >= 0 && cutShare <= 1, "cut-share: 0 to 1");
    require(cutHours >= 0 && cutHours <= 24L * days, "cut-hours: 0 to the length of the run");
  }

  private static void require(boolean right, String rule) {
    if (!right) {
      throw new IllegalArgumentException(rule);
    }
  }
}
