package dev.p2pcp.simulator;

/**
 * What is simulated.
 *
 * @param seed decides everything that is left to chance
 * @param days length of the run after all data is stored
 */
record Scenario(
    long seed,
    int days,
    People people,
    Data data,
    Network network,
    Trouble trouble,
    Cheaters cheaters) {
  private static final int MOST_AGENTS = 100_000;
  private static final int MOST_DAYS = 3_650;
  private static final int MOST_ITEMS = 1_000;
  private static final int MOST_COPIES = 10;
  private static final int MOST_KILLS = 1_000;
  private static final double MOST_HOURS = 240;

  Scenario {
    require(days >= 1 && days <= MOST_DAYS, "days: 1 to " + MOST_DAYS);
    require(trouble.cutHours <= 24L * days, "cut-hours: 0 to the length of the run");
    require(cheaters.day <= days, "cheat-day: 0 to the length of the run");
    require(trouble.lossDay <= days, "loss-day: 0 to the length of the run");
  }

  /**
   * Who takes part.
   *
   * @param agents people with one device each, anchors among them
   * @param online share of its time that a tab is open, from above 0 to 1
   * @param visit mean hours that a tab is open at a time
   * @param rhythm how much more often tabs are opened by day than by night, from 0 (no difference)
   *     to 1 (by day only)
   * @param anchors share of the agents that are anchors: devices that mean to be always on
   * @param anchorsOnline share of its time that an anchor is online
   * @param life mean days until the storage of a tab's browser is cleared and its owner logs in by
   *     the 24 words; 0 for never
   */
  record People(
      int agents,
      double online,
      double visit,
      double rhythm,
      double anchors,
      double anchorsOnline,
      double life) {
    People {
      require(agents >= 1 && agents <= MOST_AGENTS, "agents: 1 to " + MOST_AGENTS);
      require(online > 0 && online <= 1, "online: above 0, up to 1");
      require(visit > 0 && visit <= MOST_HOURS, "visit: above 0, up to " + MOST_HOURS + " hours");
      require(rhythm >= 0 && rhythm <= 1, "rhythm: 0 to 1");
      require(anchors >= 0 && anchors <= 1, "anchors-share: 0 to 1");
      require(anchorsOnline > 0 && anchorsOnline <= 1, "anchors-online: above 0, up to 1");
      require(life >= 0, "life: 0 or more days");
    }

    /** How many are anchors: those with the lowest numbers. */
    int anchorCount() {
      return (int) Math.round(anchors * agents);
    }

    boolean isAnchor(int number) {
      return number < anchorCount();
    }
  }

  /**
   * What they store.
   *
   * @param copies R, of every item, the own one included
   * @param items items of each person
   */
  record Data(int copies, int items) {
    Data {
      require(copies >= 1 && copies <= MOST_COPIES, "copies: 1 to " + MOST_COPIES);
      require(items >= 1 && items <= MOST_ITEMS, "items: 1 to " + MOST_ITEMS);
    }
  }

  /**
   * How they reach each other.
   *
   * @param delay least milliseconds that a message takes one way
   * @param jitter milliseconds more, at random
   * @param breaks of a million messages so many break the connection
   * @param omitted share of the locations that the index leaves out of its answers, from 0 to 1
   */
  record Network(int delay, int jitter, int breaks, double omitted) {
    private static final int MOST_MILLIS = 60_000;
    private static final int MILLION = 1_000_000;

    Network {
      require(delay >= 0 && delay <= MOST_MILLIS, "delay: 0 to " + MOST_MILLIS);
      require(jitter >= 0 && jitter <= MOST_MILLIS, "jitter: 0 to " + MOST_MILLIS);
      require(breaks >= 0 && breaks <= MILLION, "breaks: 0 to " + MILLION);
      require(omitted >= 0 && omitted <= 1, "omit: 0 to 1");
    }
  }

  /**
   * What goes wrong.
   *
   * @param kills times a day that the index server is killed and started afresh
   * @param cutShare share of the agents that a partition cuts off, from 0 to 1
   * @param cutHours hours that they are cut off, in the middle of the run; 0 for no partition
   * @param lossShare share of the agents that lose their disks at one and the same moment
   * @param lossDay on which day that is
   * @param lossOf whose disks
   */
  record Trouble(
      int kills, double cutShare, int cutHours, double lossShare, int lossDay, Who lossOf) {
    static final Trouble NONE = new Trouble(0, 0, 0, 0, 0, Who.ALL);

    Trouble {
      require(kills >= 0 && kills <= MOST_KILLS, "kills: 0 to " + MOST_KILLS);
      require(cutShare >= 0 && cutShare <= 1, "cut-share: 0 to 1");
      require(cutHours >= 0, "cut-hours: 0 to the length of the run");
      require(lossShare >= 0 && lossShare <= 1, "loss-share: 0 to 1");
      require(lossDay >= 0, "loss-day: 0 to the length of the run");
    }
  }

  /** A kind of agent. */
  enum Who {
    ALL,
    TABS,
    ANCHORS
  }

  /**
   * Who cheats, as shares of the agents; nobody cheats in two ways.
   *
   * @param drop keep nine of ten blocks of others, and claim all
   * @param lie lend slots that they do not have, and keep nothing
   * @param forge keep what others stored, and show something else when asked
   * @param collude sign for each other in pairs, and keep nothing of each other
   * @param sybils accounts of one operator, beside the agents, with one storage for all of them
   * @param pacts pairs of accounts, beside the agents, that sign for each other that they keep
   *     blocks which can be computed; there is one operator or there are pacts
   * @param day those who drop or forge begin with it on that day; 0: at once
   */
  record Cheaters(
      double drop, double lie, double forge, double collude, int sybils, int pacts, int day) {
    static final Cheaters NONE = new Cheaters(0, 0, 0, 0, 0, 0, 0);

    Cheaters {
      require(isShare(drop), "drop: 0 to 1");
      require(isShare(lie), "lie: 0 to 1");
      require(isShare(forge), "forge: 0 to 1");
      require(isShare(collude), "collude: 0 to 1");
      require(sybils >= 0 && sybils <= MOST_AGENTS, "sybils: 0 to " + MOST_AGENTS);
      require(pacts >= 0 && pacts <= MOST_AGENTS, "pacts: 0 to " + MOST_AGENTS);
      require(sybils == 0 || pacts == 0, "pacts: not together with sybils");
      require(day >= 0, "cheat-day: 0 to the length of the run");
      require(drop + lie + forge + collude <= 1, "drop: with the other cheaters, 1 at most");
    }

    private static boolean isShare(double share) {
      return share >= 0 && share <= 1;
    }
  }

  private static void require(boolean right, String rule) {
    if (!right) {
      throw new IllegalArgumentException(rule);
    }
  }
}
