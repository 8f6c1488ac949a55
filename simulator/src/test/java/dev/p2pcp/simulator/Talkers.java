package dev.p2pcp.simulator;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Network;
import dev.p2pcp.inprocess.MemoryIndex;
import dev.p2pcp.inprocess.MemoryNetwork;
import dev.p2pcp.node.Node;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.topic.Topic;
import dev.p2pcp.topic.TopicUser;
import dev.p2pcp.topic.Verdict;
import dev.p2pcp.wire.PeerFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * People with one index server and direct links who talk in a topic, in simulated time and without
 * chance. Each keeps a set of messages; who meets compares.
 */
final class Talkers {
  static final Hash TOPIC = new Hash(new Seeded(42).bytes(Hash.LENGTH));

  /** A message that nobody can take for right begins so. */
  static final byte WRONG = 1;

  /** And one that follows on what nobody has. */
  static final byte ORPHAN = 2;

  static final byte RIGHT = 3;

  private static final String ORIGIN = "http://index.example";
  private static final int SHORT = 8;
  private static final int MOST_SENT = 200;

  /** Between people at home: 15 to 40 ms one way. */
  private static final Scenario.Network LINE = new Scenario.Network(15, 25, 0, 0);

  final SimClock clock = new SimClock();
  final SimTasks tasks = new SimTasks(clock);
  final MemoryIndex index;
  final SimChannels channels;
  final List<Talker> all = new ArrayList<>();
  private final MemoryNetwork network = new MemoryNetwork();
  private final SimCrypto crypto = new SimCrypto();
  private final Census census = new Census();
  private final Seeded chance;

  Talkers(long seed) {
    chance = new Seeded(seed);
    index = network.server(platform(), ORIGIN);
    index.networks(peer -> new Network(peer.bytes().longAt(0), true));
    index.heartbeat(20_000);
    channels = new SimChannels(tasks, clock, new Seeded(chance.next()), LINE);
  }

  Platform platform() {
    return new Platform(clock, new Seeded(chance.next()), tasks, crypto);
  }

  /** Something that may fail as things do for people. */
  interface Doing {
    void run() throws Exception;
  }

  /** One of them. */
  final class Talker implements TopicUser {
    final SimAgent agent;
    final int side;

    /** Messages, and when each came. */
    final Map<Bytes, Long> heard = new HashMap<>();

    int judged;

    /** Hands nothing on. */
    boolean takesOnly;

    private @Nullable Topic topic;

    Talker(SimAgent agent, int side) {
      this.agent = agent;
      this.side = side;
    }

    Node node() {
      try {
        return agent.node();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    PeerId peer() {
      return node().device().peer();
    }

    Topic topic() {
      return Objects.requireNonNull(topic);
    }

    void join() {
      topic = node().topics().join(TOPIC, this);
    }

    void say(Bytes message) {
      heard.put(message, clock.ticks());
      topic().publish(message);
    }

    @Override
    public Verdict take(PeerId from, Bytes message) {
      judged++;
      if (takesOnly) {
        heard.putIfAbsent(message, clock.ticks());
        return Verdict.KNOWN;
      }
      return switch (message.at(0)) {
        case WRONG -> Verdict.BAD;
        case ORPHAN -> Verdict.PARKED;
        default -> heard.putIfAbsent(message, clock.ticks()) == null ? Verdict.NEW : Verdict.KNOWN;
      };
    }

    /** What the other lacks, by the beginnings of the names of what it has. */
    @Override
    public Optional<Bytes> answer(PeerId from, Bytes request) {
      if (request.length() % SHORT != 0) {
        return Optional.empty();
      }
      List<Bytes> theirs = new ArrayList<>();
      for (int at = 0; at < request.length(); at += SHORT) {
        theirs.add(request.slice(at, SHORT));
      }
      Bytes missing = Bytes.EMPTY;
      int sent = 0;
      for (Bytes message : heard.keySet()) {
        if (sent < MOST_SENT && !theirs.contains(nameOf(message))) {
          missing = Bytes.concat(missing, message);
          sent++;
        }
      }
      return Optional.of(missing);
    }

    @Override
    public void met(PeerId neighbour) {
      Bytes[] names = heard.keySet().stream().map(Talkers::nameOf).toArray(Bytes[]::new);
      Optional<Bytes> missing =
          topic().ask(neighbour, Bytes.concat(names), Deadline.in(clock, 10_000));
      for (int at = 0; at < missing.map(Bytes::length).orElse(0); at += LENGTH) {
        heard.putIfAbsent(missing.get().slice(at, LENGTH), clock.ticks());
      }
    }
  }

  /** Bytes of what people say. */
  static final int LENGTH = 120;

  /** Something that nobody has said. */
  Bytes words(byte kind) {
    return Bytes.concat(Bytes.wrap(new byte[] {kind}), chance.bytes(LENGTH - 1));
  }

  private static Bytes nameOf(Bytes message) {
    return PeerFrame.Gossip.nameOf(message).bytes().slice(0, SHORT);
  }

  /** Somebody new, who is online and not in the topic yet. */
  Talker person(int side) {
    Platform own = platform();
    SimTransport transport = new SimTransport(network, tasks, clock, own.entropy(), LINE);
    transport.connectBy(channels.of(side));
    SimAgent agent =
        new SimAgent(all.size(), own, transport, List.of(ORIGIN), census, false, Optional.empty());
    Talker talker = new Talker(agent, side);
    all.add(talker);
    run(() -> agent.begin(2, List.of(Bytes.utf8("somebody"))));
    pass(500);
    return talker;
  }

  /** So many, half of them on each side, who have joined and found each other. */
  void people(int count) {
    for (int i = 0; i < count; i++) {
      person(i % 2).join();
    }
    pass(120_000);
  }

  void run(Doing doing) {
    tasks.spawn(
        "test",
        () -> {
          try {
            doing.run();
          } catch (RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  void pass(long millis) {
    tasks.runUntil(clock.ticks() + millis);
  }

  /** Milliseconds after which the last of them heard what one says, or never within a minute. */
  long timeToReach(Talker author, List<Talker> others) {
    Bytes message = words(RIGHT);
    long said = clock.ticks();
    author.say(message);
    long until = said + 60_000;
    while (clock.ticks() < until && !others.stream().allMatch(o -> o.heard.containsKey(message))) {
      pass(5);
    }
    List<Long> times =
        others.stream().map(o -> o.heard.getOrDefault(message, Long.MAX_VALUE)).toList();
    return Collections.max(times) - said;
  }

  List<Talker> side(int side) {
    return all.stream().filter(one -> one.side == side).toList();
  }

  void end() {
    all.forEach(one -> one.agent.goOffline());
  }
}
