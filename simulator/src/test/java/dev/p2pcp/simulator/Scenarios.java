package dev.p2pcp.simulator;

/** Scenarios of tests, each other than the plain one in what it is about. */
final class Scenarios {
  static final Scenario.Network LINE = new Scenario.Network(20, 60, 100, 0);

  private Scenarios() {}

  /** Everybody stays online, and nothing happens. */
  static Scenario calm(long seed, int agents, int days) {
    return new Scenario(
        seed,
        days,
        new Scenario.People(agents, 1, 1.2, 0, 0, 1, 0),
        new Scenario.Data(3, 4),
        LINE,
        Scenario.Trouble.NONE,
        Scenario.Cheaters.NONE);
  }

  /** People and a few anchors come and go for days; now and then a browser is cleared. */
  static Scenario lively(long seed) {
    return new Scenario(
        seed,
        3,
        new Scenario.People(30, 0.3, 2, 0.5, 0.07, 1, 4),
        new Scenario.Data(4, 3),
        LINE,
        Scenario.Trouble.NONE,
        Scenario.Cheaters.NONE);
  }

  static Scenario with(Scenario one, Scenario.People people) {
    return new Scenario(
        one.seed(), one.days(), people, one.data(), one.network(), one.trouble(), one.cheaters());
  }

  static Scenario with(Scenario one, Scenario.Data data) {
    return new Scenario(
        one.seed(), one.days(), one.people(), data, one.network(), one.trouble(), one.cheaters());
  }

  static Scenario with(Scenario one, Scenario.Network network) {
    return new Scenario(
        one.seed(), one.days(), one.people(), one.data(), network, one.trouble(), one.cheaters());
  }

  static Scenario with(Scenario one, Scenario.Trouble trouble) {
    return new Scenario(
        one.seed(), one.days(), one.people(), one.data(), one.network(), trouble, one.cheaters());
  }

  static Scenario with(Scenario one, Scenario.Cheaters cheaters) {
    return new Scenario(
        one.seed(), one.days(), one.people(), one.data(), one.network(), one.trouble(), cheaters);
  }

  static Scenario.Trouble kills(int aDay) {
    return new Scenario.Trouble(aDay, 0, 0, 0, 0, Scenario.Who.ALL);
  }

  static Scenario.Trouble cut(double share, int hours) {
    return new Scenario.Trouble(0, share, hours, 0, 0, Scenario.Who.ALL);
  }

  static Scenario.Trouble cut(double share, int hours, int kills) {
    return new Scenario.Trouble(kills, share, hours, 0, 0, Scenario.Who.ALL);
  }

  static Scenario.Trouble loss(double share, Scenario.Who of) {
    return new Scenario.Trouble(0, 0, 0, share, 1, of);
  }
}
