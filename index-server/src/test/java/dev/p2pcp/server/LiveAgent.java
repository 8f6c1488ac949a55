package dev.p2pcp.server;

import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.Path;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.jvm.WebSocketTransport;
import dev.p2pcp.node.Agent;
import dev.p2pcp.node.Conflicts;
import dev.p2pcp.node.DeviceKey;
import dev.p2pcp.platform.Platform;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The agent that people run, on the JVM with its store in memory. */
final class LiveAgent implements AutoCloseable {
  private static final long STORE = 256L * 1024 * 1024;

  /** Longest wait for anything, in milliseconds, and how often to look where no event tells. */
  private static final long WAIT = 30_000;

  private static final long LOOK = 100;

  private static final JvmClock CLOCK = new JvmClock();

  private final Queue<Throwable> crashes = new ConcurrentLinkedQueue<>();
  private final Agent agent;

  private LiveAgent(List<String> origins) throws Exception {
    JvmCrypto crypto = new JvmCrypto();
    JvmEntropy entropy = new JvmEntropy();
    VirtualThreadTasks tasks = new VirtualThreadTasks(CLOCK, (task, crash) -> crashes.add(crash));
    Crypto.SealingKey key = crypto.sealingKey(entropy.bytes(32));
    agent =
        Agent.open(
            new Platform(CLOCK, entropy, tasks, crypto),
            new MemoryBlockStore(STORE),
            new WebSocketTransport(CLOCK),
            new DeviceKey() {
              @Override
              public Crypto.SealingKey obtain() {
                return key;
              }

              @Override
              public void forget() {}
            },
            origins,
            Optional.empty(),
            new Events());
  }

  /** Somebody new. */
  static LiveAgent create(String... origins) throws Exception {
    LiveAgent live = new LiveAgent(List.of(origins));
    live.agent.create();
    return live;
  }

  /** Somebody on another device. */
  static LiveAgent login(List<String> words, String... origins) throws Exception {
    LiveAgent live = new LiveAgent(List.of(origins));
    live.agent.login(String.join(" ", words));
    return live;
  }

  Agent agent() {
    return agent;
  }

  void put(String path, Bytes value, boolean isPublic) throws Exception {
    agent.node().put(Path.parse(path), value, isPublic, 0);
  }

  /** Something to wait for. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  /** Waits until it holds, looking whenever the agent says that something changed. */
  void await(String what, Condition condition) throws Exception {
    long deadline = CLOCK.ticks() + WAIT;
    synchronized (this) {
      while (!condition.holds()) {
        agent.watch();
        if (!crashes.isEmpty()) {
          throw new AssertionError("the agent crashed", crashes.peek());
        }
        if (CLOCK.ticks() > deadline) {
          throw new AssertionError("in vain: " + what + "; " + agent.node().status());
        }
        wait(LOOK);
      }
    }
  }

  @Override
  public void close() {
    agent.close();
  }

  private synchronized void changed() {
    notifyAll();
  }

  private final class Events implements Agent.Events {
    @Override
    public void stateChanged(Agent.State state) {
      changed();
    }

    @Override
    public void statusChanged() {
      changed();
    }

    @Override
    public void itemChanged(Path path, boolean remote) {
      changed();
    }

    @Override
    public void conflict(Conflicts.Conflict conflict) {
      changed();
    }
  }
}
