package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.Path;
import dev.p2pcp.inprocess.MemoryIndex;
import dev.p2pcp.inprocess.MemoryNetwork;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Agents and index servers that live in this process, with true keys and memory for disks. */
final class Village implements AutoCloseable {
  static final String ORIGIN = "http://one.example";
  static final long ROOM = 2L << 30;

  private static final long PATIENCE = 60_000;

  final MovedClock clock = new MovedClock();
  private final Queue<Throwable> crashes = new ConcurrentLinkedQueue<>();
  final Platform platform =
      new Platform(
          clock,
          new JvmEntropy(),
          new VirtualThreadTasks(clock, (task, cause) -> crashes.add(cause)),
          new JvmCrypto());
  final MemoryNetwork network = new MemoryNetwork();

  /** So many milliseconds the clock of the index server is ahead of the agents'. */
  volatile long ahead;

  final MemoryIndex index =
      network.server(
          new Platform(new ServerClock(), platform.entropy(), platform.tasks(), platform.crypto()),
          ORIGIN);
  private final List<Agent> agents = new ArrayList<>();
  private final Object changed = new Object();

  private final class ServerClock implements Clock {
    @Override
    public long now() {
      return clock.now() + ahead;
    }

    @Override
    public long ticks() {
      return clock.ticks();
    }
  }

  Village() {
    // What a test takes away is to be replaced at once.
    index.calm(0);
  }

  /** An agent with its disk and the key of its device. */
  final class Resident implements Agent.Events {
    final BlockStore store;
    private final Crypto.SealingKey sealing =
        platform.crypto().sealingKey(platform.entropy().bytes(32));
    final List<Conflicts.Conflict> conflicts = new ArrayList<>();
    private @Nullable Agent agent;

    Resident(BlockStore store) {
      this.store = store;
    }

    Resident open(List<String> origins) throws Exception {
      DeviceKey key =
          new DeviceKey() {
            @Override
            public Crypto.SealingKey obtain() {
              return sealing;
            }

            @Override
            public void forget() {}
          };
      agent = Agent.open(platform, store, network, key, origins, Optional.empty(), this);
      synchronized (agents) {
        agents.add(agent);
      }
      return this;
    }

    Agent agent() {
      return java.util.Objects.requireNonNull(agent);
    }

    Node node() throws AgentException {
      return agent().node();
    }

    ItemView put(String path, Bytes value) throws Exception {
      return node().put(new Path(path), value, false, 0);
    }

    ItemView put(String path, String value) throws Exception {
      return put(path, Bytes.utf8(value));
    }

    Optional<Bytes> get(String path) throws Exception {
      return node().get(new Path(path), done -> {}).map(Content::value);
    }

    String words() throws AgentException {
      return String.join(" ", agent().words(Optional.empty()));
    }

    /** Stops working without a word, as a closed tab does; the disk stays. */
    void stop() {
      try {
        agent().node().stop();
      } catch (AgentException e) {
        return;
      }
    }

    /** Begins again with what the disk has. */
    Resident reopened() throws Exception {
      stop();
      return open(List.of(ORIGIN));
    }

    boolean isPlaced(String path) {
      try {
        return node()
            .view(new Path(path))
            .filter(view -> view.placement() == ItemView.Placement.DONE)
            .isPresent();
      } catch (AgentException e) {
        return false;
      }
    }

    /** As {@link #isAllPlaced}, and the index server knows of all copies. */
    boolean isAllFound() throws Exception {
      int copies = node().replicator.wanted();
      var places = index.locations();
      return isAllPlaced()
          && node().own.snapshot().keySet().stream()
              .allMatch(key -> places.containsKey(key) && places.get(key).size() == copies);
    }

    /** All items have their copies, no block has one too many, and none is left to release. */
    boolean isAllPlaced() throws Exception {
      int others = node().replicator.wanted() - 1;
      boolean shown =
          node().list("").stream().allMatch(v -> v.placement() == ItemView.Placement.DONE);
      return shown
          && node().own.snapshot().values().stream()
              .allMatch(
                  b ->
                      !b.released()
                          && b.copies().size() == others
                          && b.stored(clock.now()) == others);
    }

    @Override
    public void stateChanged(Agent.State state) {
      tell();
    }

    @Override
    public void statusChanged() {
      tell();
    }

    @Override
    public void itemChanged(Path path, boolean remote) {
      tell();
    }

    @Override
    public void conflict(Conflicts.Conflict conflict) {
      synchronized (conflicts) {
        conflicts.add(conflict);
      }
      tell();
    }
  }

  /** The machine's clocks, set ahead. */
  static final class MovedClock implements Clock {
    private final Clock machine = new JvmClock();
    private final AtomicLong ahead = new AtomicLong();

    void moveBy(long millis) {
      ahead.addAndGet(millis);
    }

    @Override
    public long now() {
      return machine.now() + ahead.get();
    }

    @Override
    public long ticks() {
      return machine.ticks() + ahead.get();
    }
  }

  /** Somebody new with an identity of their own, who is online. */
  Resident settler() throws Exception {
    Resident resident = new Resident(new MemoryBlockStore(ROOM)).open(List.of(ORIGIN));
    resident.agent().create();
    // The server knows of the session a moment before the agent does.
    await("online", () -> !resident.node().servers.sessions().isEmpty());
    return resident;
  }

  /** So many that are new. */
  List<Resident> settlers(int count) throws Exception {
    List<Resident> settlers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      settlers.add(settler());
    }
    return settlers;
  }

  /** A further device of somebody, logged in by the words. */
  Resident device(String words) throws Exception {
    Resident resident = new Resident(new MemoryBlockStore(ROOM)).open(List.of(ORIGIN));
    resident.agent().login(words);
    return resident;
  }

  /** Waits until it is so; something fails if that takes too long. */
  void await(String what, Callable<Boolean> condition) throws Exception {
    long until = clock.ticks() + PATIENCE;
    while (!condition.call()) {
      watch();
      if (!crashes.isEmpty()) {
        throw new AssertionError("a task crashed", crashes.peek());
      }
      if (clock.ticks() > until) {
        throw new AssertionError("not in time: " + what);
      }
      synchronized (changed) {
        // Not all that is waited for is told of, so it looks again by itself after a while.
        changed.wait(10);
      }
    }
  }

  /** As the pages of all do that are visible. */
  private void watch() {
    synchronized (agents) {
      agents.forEach(Agent::watch);
    }
  }

  private void tell() {
    synchronized (changed) {
      changed.notifyAll();
    }
  }

  @Override
  public void close() {
    synchronized (agents) {
      agents.forEach(Agent::close);
    }
    if (!crashes.isEmpty()) {
      throw new AssertionError("a task crashed", crashes.peek());
    }
  }
}
