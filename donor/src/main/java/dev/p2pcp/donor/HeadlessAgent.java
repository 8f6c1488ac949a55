package dev.p2pcp.donor;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.identity.SeedPhrase;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.jvm.WebSocketTransport;
import dev.p2pcp.node.Agent;
import dev.p2pcp.node.AgentException;
import dev.p2pcp.node.Node;
import dev.p2pcp.node.Unheard;
import dev.p2pcp.platform.Platform;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The agent of everybody, on the JVM, over a store that somebody else opens. */
final class HeadlessAgent implements AutoCloseable {
  /** Bytes of records that a store may hold for each slot, beside its block. */
  private static final long RECORDS_PER_SLOT = 4096;

  /** And for what is no slot's: profile, catalogue, receipts of own blocks. */
  private static final long RECORDS = 256L * 1024 * 1024;

  private final Platform platform;
  private final Agent agent;
  private final AtomicReference<@Nullable Throwable> crash;

  private HeadlessAgent(
      Platform platform, Agent agent, AtomicReference<@Nullable Throwable> crash) {
    this.platform = platform;
    this.agent = agent;
    this.crash = crash;
  }

  /** Bytes of keys and values that so many slots may come to. */
  static long bytesOf(int slots) {
    return slots * (Block.MAX_LENGTH + RECORDS_PER_SLOT) + RECORDS;
  }

  /** What the agent is to do. */
  record Task(int slots, boolean alwaysOn, List<String> servers) {
    Task {
      servers = List.copyOf(servers);
    }
  }

  /**
   * Begins to work.
   *
   * @throws DonorException if the store belongs to another phrase, or the task can't be done
   */
  static HeadlessAgent open(BlockStore store, SeedPhrase phrase, Task task) throws DonorException {
    JvmClock clock = new JvmClock();
    JvmCrypto crypto = new JvmCrypto();
    AtomicReference<@Nullable Throwable> crash = new AtomicReference<>();
    VirtualThreadTasks tasks =
        new VirtualThreadTasks(clock, (name, cause) -> crash.compareAndSet(null, cause));
    Platform platform = new Platform(clock, new JvmEntropy(), tasks, crypto);
    try {
      // Without servers at first, so that none of them hears of slots that are not meant.
      Agent agent =
          Agent.open(
              platform,
              store,
              new WebSocketTransport(clock),
              new PhraseKey(crypto, phrase),
              List.of(),
              Optional.empty(),
              new Unheard());
      HeadlessAgent headless = new HeadlessAgent(platform, agent, crash);
      headless.begin(phrase, task);
      return headless;
    } catch (StoreException e) {
      throw new DonorException(
          ExitCode.FAILED,
          e.reason() == StoreException.Reason.DAMAGED
              ? "what is stored here was damaged, or belongs to other words: " + e.getMessage()
              : "the store can't be used: " + e.getMessage());
    } catch (AgentException e) {
      throw new DonorException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private void begin(SeedPhrase phrase, Task task) throws AgentException {
    if (agent.state() == Agent.State.NEW) {
      agent.login(phrase.text());
    }
    if (task.alwaysOn()) {
      agent.node().stayOn();
    }
    lend(task.slots());
    agent.useOrigins(task.servers());
  }

  /** Fewer than are in use can't be lent; then no new blocks are taken until some are over. */
  private void lend(int slots) throws AgentException {
    try {
      agent.lend(slots);
    } catch (AgentException e) {
      if (e.reason() != AgentException.Reason.IN_USE) {
        throw e;
      }
      int least =
          e.figures().stream()
              .filter(figure -> figure.name().equals("least"))
              .mapToInt(AgentException.Figure::value)
              .findFirst()
              .orElse(slots);
      agent.lend(least);
    }
  }

  Platform platform() {
    return platform;
  }

  Agent agent() {
    return agent;
  }

  Node node() throws DonorException {
    try {
      return agent.node();
    } catch (AgentException e) {
      throw new DonorException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
  }

  /** What ended a task that never should end. */
  Optional<Throwable> crash() {
    return Optional.ofNullable(crash.get());
  }

  @Override
  public void close() {
    agent.close();
  }
}
