package dev.p2pcp.simulator;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.Path;
import dev.p2pcp.index.Network;
import dev.p2pcp.inprocess.MemoryIndex;
import dev.p2pcp.inprocess.MemoryNetwork;
import dev.p2pcp.node.ItemView;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** People on index servers of different operators, in simulated time and without chance. */
final class Operators {
  static final String ONE = "http://one.example";
  static final String TWO = "http://two.example";
  static final List<String> BOTH = List.of(ONE, TWO);

  private static final Scenario.Network LINE = new Scenario.Network(20, 30, 0, 0);

  final SimClock clock = new SimClock();
  final SimTasks tasks = new SimTasks(clock);
  final MemoryIndex one;
  final MemoryIndex two;
  private final MemoryNetwork network = new MemoryNetwork();
  private final SimCrypto crypto = new SimCrypto();
  private final Census census = new Census();
  private final List<SimAgent> people = new ArrayList<>();
  private final Seeded chance;

  Operators(long seed) {
    chance = new Seeded(seed);
    one = server(ONE);
    two = server(TWO);
  }

  private MemoryIndex server(String origin) {
    MemoryIndex index = network.server(platform(), origin);
    index.networks(peer -> new Network(peer.bytes().longAt(0), true));
    index.calm(0);
    return index;
  }

  private Platform platform() {
    return new Platform(clock, new Seeded(chance.next()), tasks, crypto);
  }

  /** Something that may fail as things do for people. */
  interface Doing {
    void run() throws Exception;
  }

  /** Somebody new, logged in at these. */
  SimAgent person(List<String> origins) {
    return person(origins, LINE);
  }

  SimAgent person(List<String> origins, Scenario.Network line) {
    return person(origins, line, List.of(Bytes.utf8("somebody")));
  }

  /** Somebody who stores these. */
  SimAgent person(List<String> origins, List<Bytes> values) {
    return person(origins, LINE, values);
  }

  private SimAgent person(List<String> origins, Scenario.Network line, List<Bytes> values) {
    Platform own = platform();
    SimTransport transport = new SimTransport(network, tasks, clock, own.entropy(), line);
    SimAgent person =
        new SimAgent(people.size(), own, transport, origins, census, false, Optional.empty());
    people.add(person);
    doNow(() -> person.begin(3, values));
    return person;
  }

  /** Begins it and lets ten seconds pass. */
  void doNow(Doing doing) {
    run(doing);
    pass(10_000);
  }

  private void run(Doing doing) {
    tasks.spawn(
        "test",
        () -> {
          try {
            doing.run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  void pass(long millis) {
    tasks.runUntil(clock.ticks() + millis);
  }

  /** Milliseconds until an item that is written now has all its copies. */
  long timeToStore(SimAgent person, String path) {
    long began = clock.ticks();
    run(() -> person.node().put(new Path(path), Bytes.utf8("text of " + path), true, 0));
    while (!isStored(person, path)) {
      pass(10);
      if (clock.ticks() - began > 300_000) {
        throw new AssertionError("never stored: " + path);
      }
    }
    return clock.ticks() - began;
  }

  private static boolean isStored(SimAgent person, String path) {
    try {
      return person
          .node()
          .view(new Path(path))
          .filter(view -> view.placement() == ItemView.Placement.DONE)
          .isPresent();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Milliseconds until somebody has read the profile of somebody. */
  long timeToRead(SimAgent reader, SimAgent author) {
    long began = clock.ticks();
    List<Optional<Bytes>> read = new ArrayList<>();
    run(() -> read.add(reader.profileOf(author)));
    while (read.isEmpty()) {
      pass(10);
    }
    if (read.get(0).isEmpty()) {
      throw new AssertionError("not found");
    }
    return clock.ticks() - began;
  }

  void end() {
    people.forEach(SimAgent::goOffline);
  }
}
