package dev.p2pcp.simulator;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.index.Network;
import dev.p2pcp.inprocess.MemoryIndex;
import dev.p2pcp.inprocess.MemoryNetwork;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.trust.Conduct;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Everybody and the index server, from the first visit to the end of the last day. */
final class World {
  static final long HOUR = 3_600_000;
  static final long DAY = 24 * HOUR;

  /** All come within this time, and stay until {@link #SETTLED}, when every copy is placed. */
  private static final long ARRIVAL = HOUR;

  /** When the days begin. */
  static final long SETTLED = 2 * HOUR;

  private static final String ORIGIN = "http://index.example";

  /** So long that hardly a message of a run is one. */
  private static final int HEARTBEAT = 1_800_000;

  private static final int LONGEST_VALUE = 2_000;

  /** Between two turns of the index's audits. */
  private static final long AUDIT = 10_000;

  private static final long INDEX_DOWN = 30_000;

  /** After a restart of the index all who are online are back, and what they know is told. */
  private static final long RELEARNT = HOUR / 4;

  private final Scenario scenario;
  private final SimClock clock = new SimClock();
  private final SimTasks tasks = new SimTasks(clock);
  private final Crypto crypto = new SimCrypto();
  private final Census census = new Census();
  private final Seeded chance;
  private final Visits visits;
  private final MemoryIndex index;
  private final List<SimAgent> agents = new ArrayList<>();
  private final Optional<Operator> operator;
  private final Tally tally;
  private final Amnesia amnesia;

  World(Scenario scenario) {
    this.scenario = scenario;
    this.chance = new Seeded(scenario.seed());
    this.visits = new Visits(scenario.people(), chance);
    MemoryNetwork network = new MemoryNetwork();
    this.index = network.server(platform(), ORIGIN);
    index.heartbeat(HEARTBEAT);
    List<Optional<Cheat>> cheats = cheats();
    for (int i = 0; i < scenario.people().agents(); i++) {
      SimAgent agent = agent(network, i, scenario.people().isAnchor(i), cheats.get(i));
      if (cheats.get(i).isPresent()) {
        agent.transport().hush();
      }
      agents.add(agent);
    }
    pairUp();
    this.operator = operator(network);
    index.networks(
        peer ->
            operator
                .map(one -> one.network(peer))
                .orElseGet(() -> new Network(peer.bytes().longAt(0), true)));
    this.tally = new Tally(scenario, agents, census, this::foundGuilty);
    this.amnesia = new Amnesia(clock, index, agents, tally);
    index.auditTraffic(tally::audited);
  }

  private SimAgent agent(
      MemoryNetwork network, int number, boolean isAnchor, Optional<Cheat> cheat) {
    Platform own = platform();
    SimTransport transport =
        new SimTransport(network, tasks, clock, own.entropy(), scenario.network());
    return new SimAgent(number, own, transport, List.of(ORIGIN), census, isAnchor, cheat);
  }

  private Optional<Operator> operator(MemoryNetwork network) {
    int accounts = scenario.cheaters().sybils();
    if (accounts == 0) {
      return scenario.cheaters().pacts() == 0 ? Optional.empty() : Optional.of(pacts(network));
    }
    int people = agents.size();
    SharedRoom room = new SharedRoom(SimAgent.ANCHOR_SLOTS);
    SimAgent single = agent(network, people, true, Optional.empty());
    List<SimAgent> sybils = new ArrayList<>();
    for (int i = 1; i <= accounts; i++) {
      sybils.add(agent(network, people + i, true, Optional.of(Cheat.sybil(clock, room))));
    }
    return Optional.of(Operator.ofSybils(single, sybils, room, index, scenario.data().copies()));
  }

  private Operator pacts(MemoryNetwork network) {
    List<SimAgent> honest = new ArrayList<>();
    List<Pact> pacts = new ArrayList<>();
    int number = agents.size();
    for (int i = 0; i < scenario.cheaters().pacts(); i++) {
      honest.add(agent(network, number++, true, Optional.empty()));
      honest.add(agent(network, number++, true, Optional.empty()));
      SimAgent one = agent(network, number++, true, Optional.empty());
      SimAgent other = agent(network, number++, true, Optional.empty());
      pacts.add(new Pact(one, other, platform()));
    }
    return Operator.ofPacts(honest, pacts, index, scenario.data().copies());
  }

  /** Something to be told of the run while it goes on. */
  interface Progress {
    void day(int day, Tally.Sample sample);
  }

  /** Lets it all happen. */
  Tally run(Progress progress) {
    for (SimAgent agent : agents) {
      // Anchors are what the others find.
      long arrival = chance.below((int) (agent.isAnchor() ? HOUR / 60 : ARRIVAL));
      tasks.at(arrival, () -> arrive(agent));
    }
    operator.ifPresent(
        one -> {
          one.accounts().forEach(agent -> join(one, agent));
          one.pacts().forEach(pact -> tasks.at(HOUR, () -> task("pact", () -> one.sign(pact))));
        });
    planKills();
    planCut();
    planLoss();
    audit();
    for (int hour = 0; hour <= 24 * scenario.days(); hour++) {
      tasks.runUntil(SETTLED + hour * HOUR);
      Tally.Sample sample = tally.sample(clock.ticks() - SETTLED);
      if (hour % 24 == 0) {
        progress.day(hour / 24, sample);
      }
      visitSomebody();
    }
    operator.ifPresent(
        one -> {
          tally.operated(one.outcome(agents));
          one.accounts().forEach(SimAgent::goOffline);
        });
    agents.forEach(SimAgent::goOffline);
    tally.finish(tasks.turns());
    return tally;
  }

  private void audit() {
    index.audit();
    tasks.at(clock.ticks() + AUDIT, this::audit);
  }

  private OptionalLong foundGuilty(SimAgent agent) {
    if (!agent.hasBegun()) {
      return OptionalLong.empty();
    }
    Conduct conduct = index.conduct(agent.account());
    return conduct.isFaultyAt(clock.now())
        ? conduct.faults().stream()
            .mapToLong(fault -> fault.time() - clock.now() + clock.ticks())
            .min()
        : OptionalLong.empty();
  }

  private Platform platform() {
    return new Platform(clock, new Seeded(chance.next()), tasks, crypto);
  }

  /** Who cheats, and how: those with the highest numbers, so that no anchor does. */
  private List<Optional<Cheat>> cheats() {
    int all = scenario.people().agents();
    List<Optional<Cheat>> cheats = new ArrayList<>();
    add(cheats, Cheat.Kind.DROP, scenario.cheaters().drop());
    add(cheats, Cheat.Kind.LIE, scenario.cheaters().lie());
    add(cheats, Cheat.Kind.FORGE, scenario.cheaters().forge());
    // Two make a pair.
    add(cheats, Cheat.Kind.COLLUDE, scenario.cheaters().collude() / 2);
    add(cheats, Cheat.Kind.COLLUDE, scenario.cheaters().collude() / 2);
    while (cheats.size() < all) {
      cheats.add(Optional.empty());
    }
    return cheats.subList(0, all).reversed();
  }

  private void add(List<Optional<Cheat>> cheats, Cheat.Kind kind, double share) {
    long count = Math.round(share * scenario.people().agents());
    int day = scenario.cheaters().day();
    long cheating = day == 0 ? 0 : SETTLED + day * DAY;
    for (long i = 0; i < count; i++) {
      cheats.add(Optional.of(new Cheat(kind, clock, cheating)));
    }
  }

  private void pairUp() {
    List<SimAgent> colluders =
        agents.stream()
            .filter(a -> a.cheat().filter(c -> c.kind() == Cheat.Kind.COLLUDE).isPresent())
            .toList();
    for (int i = 0; i + 1 < colluders.size(); i += 2) {
      SimAgent one = colluders.get(i);
      SimAgent other = colluders.get(i + 1);
      one.cheat().orElseThrow().with(other);
      other.cheat().orElseThrow().with(one);
    }
  }

  private void arrive(SimAgent agent) {
    List<Bytes> values = new ArrayList<>();
    for (int i = 0; i < scenario.data().items(); i++) {
      values.add(chance.bytes(1 + chance.below(LONGEST_VALUE)));
    }
    task("first visit", () -> agent.begin(scenario.data().copies(), values));
    tasks.at(SETTLED + visits.length(agent.isAnchor()), () -> leave(agent));
    if (!agent.isAnchor() && scenario.people().life() > 0) {
      tasks.at(SETTLED + visits.life(), () -> liveOut(agent));
    }
  }

  /** Comes once for all, and stores what is allowed by then again and again. */
  private void join(Operator one, SimAgent agent) {
    tasks.at(chance.below((int) HOUR / 60), () -> task("first visit", () -> one.begin(agent)));
    tasks.at(SETTLED + chance.below((int) HOUR), () -> storeMore(one, agent));
  }

  private void storeMore(Operator one, SimAgent agent) {
    task("note", () -> one.storeMore(agent));
    tasks.at(clock.ticks() + HOUR, () -> storeMore(one, agent));
  }

  private void leave(SimAgent agent) {
    agent.goOffline();
    tasks.at(visits.next(agent.isAnchor(), clock.ticks()), () -> visit(agent));
  }

  private void visit(SimAgent agent) {
    task("visit", () -> agent.comeOnline(scenario.data().copies()));
    tasks.at(clock.ticks() + visits.length(agent.isAnchor()), () -> leave(agent));
  }

  private void liveOut(SimAgent agent) {
    clear(agent);
    tasks.at(clock.ticks() + visits.life(), () -> liveOut(agent));
  }

  /**
   * The tab goes with its browser's storage; the person is back at the next visit, by the words.
   */
  private void clear(SimAgent agent) {
    agent.goOffline();
    agent.clear();
    tally.cleared();
  }

  private void planKills() {
    int kills = scenario.trouble().kills();
    // One in each part of the day, so that what comes of each can be seen.
    int part = (int) DAY / Math.max(1, kills);
    for (int i = 0; i < scenario.days() * kills; i++) {
      int within = chance.below((int) Math.max(1, part - INDEX_DOWN - RELEARNT));
      tasks.at(SETTLED + i / kills * DAY + (long) (i % kills) * part + within, this::kill);
    }
  }

  private void kill() {
    amnesia.begin();
    index.kill();
    tally.killed();
    tasks.at(clock.ticks() + INDEX_DOWN, index::restart);
    tasks.at(clock.ticks() + INDEX_DOWN + RELEARNT, amnesia::end);
  }

  private void planCut() {
    Scenario.Trouble trouble = scenario.trouble();
    if (trouble.cutHours() == 0) {
      return;
    }
    long begin = SETTLED + scenario.days() * DAY / 2;
    List<SimAgent> cut = first(agents, trouble.cutShare());
    tasks.at(begin, () -> cut.forEach(agent -> agent.transport().cut(true)));
    tasks.at(
        begin + trouble.cutHours() * HOUR,
        () -> cut.forEach(agent -> agent.transport().cut(false)));
  }

  private void planLoss() {
    Scenario.Trouble trouble = scenario.trouble();
    if (trouble.lossShare() == 0) {
      return;
    }
    List<SimAgent> kind =
        agents.stream()
            .filter(
                agent ->
                    switch (trouble.lossOf()) {
                      case ALL -> true;
                      case TABS -> !agent.isAnchor();
                      case ANCHORS -> agent.isAnchor();
                    })
            .toList();
    tasks.at(
        SETTLED + trouble.lossDay() * DAY,
        () -> first(kind, trouble.lossShare()).forEach(this::lose));
  }

  /** An anchor's disk is replaced at once, so that its owner goes on; a tab's comes back later. */
  private void lose(SimAgent agent) {
    boolean wasOnline = agent.isOnline();
    clear(agent);
    if (wasOnline && agent.isAnchor()) {
      task("visit", () -> agent.comeOnline(scenario.data().copies()));
    }
  }

  private static List<SimAgent> first(List<SimAgent> of, double share) {
    return of.subList(0, (int) Math.round(share * of.size()));
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
            census.isOnline(Objects.requireNonNull(author.items().get(SimAgent.PROFILE)));
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
