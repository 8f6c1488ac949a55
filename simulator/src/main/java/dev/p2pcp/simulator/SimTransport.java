package dev.p2pcp.simulator;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.inprocess.PromptListener;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.transport.Channels;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * One agent's way to the index servers: messages take their time both ways and keep their order;
 * now and then the connection breaks.
 */
final class SimTransport implements Transport {
  private static final int MILLION = 1_000_000;

  private final Transport network;
  private final SimTasks tasks;
  private final Clock clock;
  private final Entropy entropy;
  private final Scenario.Network line;
  private long bytes;
  private boolean cut;
  private long changed;
  private boolean hushed;
  private Channels channels = Channels.NONE;

  SimTransport(
      Transport network, SimTasks tasks, Clock clock, Entropy entropy, Scenario.Network line) {
    this.network = network;
    this.tasks = tasks;
    this.clock = clock;
    this.entropy = entropy;
    this.line = line;
  }

  /** Ways straight to other agents, for who begins from now on. */
  void connectBy(Channels ways) {
    channels = ways;
  }

  @Override
  public Channels channels() {
    return channels;
  }

  /** Bytes sent and received so far. */
  long bytes() {
    return bytes;
  }

  /** Nothing can be reached from now on, or again. */
  void cut(boolean now) {
    cut = now;
    changed = clock.ticks();
  }

  /** Whether index servers could be reached for so many milliseconds without a break. */
  boolean isOpenFor(long millis) {
    return !cut && clock.ticks() - changed >= millis;
  }

  /** The index is not told of blocks that are gone from here, though the agent thinks it is. */
  void hush() {
    hushed = true;
  }

  @Override
  public Connection connect(String origin, Listener listener, Deadline deadline)
      throws LinkException {
    tasks.sleep(2L * oneWay());
    if (cut) {
      throw new LinkException("unreachable");
    }
    Wire wire = new Wire(listener);
    wire.far = network.connect(origin, wire, deadline);
    return wire;
  }

  private int oneWay() {
    return line.delay() + (line.jitter() == 0 ? 0 : entropy.below(line.jitter()));
  }

  /** An open connection with its two queues of messages on their way. */
  private final class Wire implements Connection, PromptListener {
    private final Listener near;
    private Connection far = new Nowhere();
    private long lastOut;
    private long lastIn;
    private boolean closed;

    Wire(Listener near) {
      this.near = near;
    }

    @Override
    public void send(Bytes message) throws LinkException {
      if (closed) {
        throw new LinkException("closed");
      }
      bytes += message.length();
      if (cut || entropy.below(MILLION) < line.breaks()) {
        fail("connection lost");
        throw new LinkException("connection lost");
      }
      if (hushed && isConfession(message)) {
        return;
      }
      lastOut = Math.max(lastOut, clock.ticks() + oneWay());
      tasks.at(lastOut, () -> arrive(message));
    }

    @Override
    public void close() {
      far.close();
      fail("closed");
    }

    @Override
    public void received(Bytes message) {
      bytes += message.length();
      lastIn = Math.max(lastIn, clock.ticks() + oneWay());
      tasks.at(
          lastIn,
          () -> {
            if (!closed) {
              near.received(line.omitted() == 0 ? message : withOmissions(message));
            }
          });
    }

    @Override
    public void closed(String why) {
      tasks.at(Math.max(lastIn, clock.ticks()), () -> fail(why));
    }

    /** What an index server says that keeps some locations to itself. */
    private Bytes withOmissions(Bytes message) {
      try {
        if (FrameCodec.decodeMessage(message) instanceof SessionFrame.Found found) {
          List<List<PeerId>> told = new ArrayList<>();
          for (List<PeerId> peers : found.locations()) {
            told.add(peers.stream().filter(peer -> !isOmitted()).toList());
          }
          return FrameCodec.encode(new SessionFrame.Found(found.id(), told));
        }
        return message;
      } catch (MalformedFrameException e) {
        throw new IllegalStateException("the index speaks the protocol", e);
      }
    }

    /** Whether it says that blocks are gone; then it is answered here. */
    private boolean isConfession(Bytes message) {
      try {
        Frame frame = FrameCodec.decodeMessage(message);
        if (frame instanceof SessionFrame.Request request
            && (request instanceof SessionFrame.Freed
                || request instanceof SessionFrame.Withdraw)) {
          received(FrameCodec.encode(new SessionFrame.Done(request.id())));
          return true;
        }
        return false;
      } catch (MalformedFrameException e) {
        throw new IllegalStateException("the agent speaks the protocol", e);
      }
    }

    private boolean isOmitted() {
      return entropy.below(MILLION) < line.omitted() * MILLION;
    }

    private void arrive(Bytes message) {
      try {
        far.send(message);
      } catch (LinkException e) {
        fail(String.valueOf(e.getMessage()));
      }
    }

    private void fail(String why) {
      if (!closed) {
        closed = true;
        far.close();
        // Never within a call of the listener's own.
        tasks.at(clock.ticks(), () -> near.closed(why));
      }
    }
  }

  /** Stands for a connection that is not known yet. */
  private static final class Nowhere implements Connection {
    @Override
    public void send(Bytes message) throws LinkException {
      throw new LinkException("not connected");
    }

    @Override
    public void close() {}
  }
}
