package dev.p2pcp.simulator;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.inprocess.MemoryIndex;
import dev.p2pcp.inprocess.MemoryNetwork;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Everybody and the index server, from the first visit to the end of the last day. */
final class World {
  static final long HOUR = 3_600_000;
  static final long DAY = 24 * HOUR;

  /** All come within this time, and stay until {@link #SETTLED}, when every copy is placed. */
  private static final long ARRIVAL = HOUR;

  /** When the days begin. */
  static final long SETTLED = 2 * HOUR;

  private static final String ORIGIN = "http://index.example";
  private static final int LONGEST_VALUE = 2_000;
  private static final long INDEX_DOWN = 30_000;

  /** After a restart of the index all who are online are back, and what they know is told. */
  private static final long RELEARNT = HOUR / 4;

  private final Scenario scenario;
  private final SimClock clock = new SimClock();
  private final SimTasks tasks = new SimTasks(clock);
  private final Crypto crypto = new SimCrypto();
  private final Seeded chance;
  private final Visits visits;
  private final MemoryIndex index;
  private final List<SimAgent> agents = new ArrayList<>();
  private final Tally tally;

  World(Scenario scenario) {
    this.scenario = scenario;
    this.chance = new Seeded(scenario.seed());
    this.visits = new Visits(scenario, chance);
    MemoryNetwork network = new MemoryNetwork();
    this.index = network.server(platform(), ORIGIN);
    for (int i = 0; i < scenario.agents(); i++) {
      Platform own = platform();
      SimTransport transport =
          new SimTransport(network, tasks, clock, own.entropy(), scenario.line());
      agents.add(new SimAgent(i, own, transport, List.of(ORIGIN)));
    }
    this.tally = new Tally(scenario, agents);
  }

  /** Something to be told of the run while it goes on. */
  interface Progress {
    void day(int day, Tally.Sample sample);
  }

  /** Lets it all happen. */
  Tally run(Progress progress) {
    for (SimAgent agent : agents) {
      long arrival = chance.below((int) ARRIVAL);
      tasks.at(arrival, () -> arrive(agent));
    }
    planKills();
    planCut();
    for (int hour = 0; hour <= 24 * scenario.days(); hour++) {
      tasks.runUntil(SETTLED + hour * HOUR);
      Tally.Sample sample = tally.sample(clock.ticks() - SETTLED);
      if (hour % 24 == 0) {
        progress.day(hour / 24, sample);
      }
      visitSomebody();
    }
    agents.forEach(SimAgent::goOffline);
    tally.finish(tasks.turns());
    return tally;
  }

  private Platform platform() {
    return new Platform(clock, new Seeded(chance.next()), tasks, crypto);
  }

  private boolean isAnchor(SimAgent agent) {
    return agent.number() < scenario.anchors();
  }

  private void arrive(SimAgent agent) {
    List<Bytes> values = new ArrayList<>();
    for (int i = 0; i < scenario.items(); i++) {
      values.add(chance.bytes(1 + chance.below(LONGEST_VALUE)));
    }
    task("first visit", () -> agent.begin(scenario.copies(), values));
    if (!isAnchor(agent)) {
      tasks.at(SETTLED + visits.firstRest(), () -> leave(agent));
      if (scenario.life() > 0) {
        tasks.at(SETTLED + visits.life(), () -> clear(agent));
      }
    }
  }

  private void leave(SimAgent agent) {
    agent.goOffline();
    tasks.at(visits.nextVisit(clock.ticks()), () -> visit(agent));
  }

  private void visit(SimAgent agent) {
    task("visit", () -> agent.comeOnline(scenario.copies()));
    tasks.at(clock.ticks() + visits.length(), () -> leave(agent));
  }

  /**
   * The tab goes with its browser's storage; the person is back at the next visit, by the words.
   */
  private void clear(SimAgent agent) {
    agent.goOffline();
    agent.clear();
    tally.cleared();
    tasks.at(clock.ticks() + visits.life(), () -> clear(agent));
  }

  private void planKills() {
    for (int day = 0; day < scenario.days(); day++) {
      for (int i = 0; i < scenario.kills(); i++) {
        tasks.at(SETTLED + day * DAY + chance.below((int) DAY), this::kill);
      }
    }
  }

  private void kill() {
    Map<AccountId, Allowance> before = figures();
    index.kill();
    tasks.at(clock.ticks() + INDEX_DOWN, index::restart);
    tasks.at(
        clock.ticks() + INDEX_DOWN + RELEARNT,
        () -> {
          Map<AccountId, Allowance> after = figures();
          before.keySet().retainAll(after.keySet());
          long unequal =
              before.entrySet().stream()
                  .filter(
                      entry ->
                          !isSame(
                              entry.getValue(), Objects.requireNonNull(after.get(entry.getKey()))))
                  .count();
          tally.killed(before.size(), unequal);
        });
  }

  private static boolean isSame(Allowance before, Allowance after) {
    return before.blocks() == after.blocks() && before.needed() == after.needed();
  }

  /** What the index counts for everybody who is online. */
  private Map<AccountId, Allowance> figures() {
    Map<AccountId, Allowance> figures = new HashMap<>();
    for (SimAgent agent : agents) {
      if (agent.isOnline() && agent.hasBegun()) {
        figures.put(agent.account(), index.figures(agent.account()));
      }
    }
    return figures;
  }

  private void planCut() {
    if (scenario.cutHours() == 0) {
      return;
    }
    long begin = SETTLED + scenario.days() * DAY / 2;
    List<SimAgent> cut =
        agents.subList(0, (int) Math.round(scenario.cutShare() * scenario.agents()));
    tasks.at(begin, () -> cut.forEach(agent -> agent.transport().cut(true)));
    tasks.at(
        begin + scenario.cutHours() * HOUR,
        () -> cut.forEach(agent -> agent.transport().cut(false)));
  }

  /** Somebody who is online opens the page of somebody. */
  private void visitSomebody() {
    List<SimAgent> online = agents.stream().filter(SimAgent::isOnline).toList();
    if (online.isEmpty()) {
      return;
    }
    for (int i = 0; i < Tally.READS; i++) {
      SimAgent reader = online.get(chance.below(online.size()));
      SimAgent author = agents.get(chance.below(agents.size()));
      if (reader != author) {
        boolean possible =
            tally.isOnline(Objects.requireNonNull(author.items().get(SimAgent.PROFILE)));
        task(
            "read",
            () -> {
              Optional<Bytes> profile = reader.profileOf(author);
              // Who closes the tab meanwhile waits for nothing.
              if (reader.isOnline()) {
                tally.read(possible, profile.isPresent());
              }
            });
      }
    }
  }

  /** What an agent does may fail as it does for people; nothing else may. */
  private interface Doing {
    void run() throws Exception;
  }

  private void task(String name, Doing doing) {
    tasks.spawn(
        name,
        () -> {
          try {
            doing.run();
          } catch (RuntimeException e) {
            throw e;
          } catch (Exception e) {
            tally.failed(name, e);
          }
        });
  }
}
