package dev.p2pcp.simulator;

import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.transport.Channels;
import dev.p2pcp.transport.DirectChannel;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Signal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Direct channels between agents in simulated time. They need no index server once they are up.
 * Agents are on one of two sides, which can be parted.
 */
final class SimChannels {
  private static final int MOST = 500;

  private final SimTasks tasks;
  private final Clock clock;
  private final Entropy entropy;
  private final Scenario.Network line;
  private final Map<String, End> ends = new LinkedHashMap<>();
  private boolean parted;
  private int made;

  SimChannels(SimTasks tasks, Clock clock, Entropy entropy, Scenario.Network line) {
    this.tasks = tasks;
    this.clock = clock;
    this.entropy = entropy;
    this.line = line;
  }

  /** Those of one agent on that side. */
  Channels of(int side) {
    return new Channels() {
      private int opened;

      @Override
      public int left() {
        return MOST - opened;
      }

      @Override
      public DirectChannel open(Setup setup, DirectChannel.Listener listener) {
        opened++;
        End end = new End("sim:" + made++, side, listener);
        ends.put(end.name, end);
        return end;
      }
    };
  }

  /** Channels that are open now. */
  int open() {
    return (int) ends.values().stream().filter(end -> end.other != null).count() / 2;
  }

  /** Nothing comes from one side to the other from now on, or it does again. */
  void part(boolean now) {
    parted = now;
    for (End end : List.copyOf(ends.values())) {
      End other = end.other;
      if (now && other != null && other.side != end.side) {
        end.close();
      }
    }
  }

  /** One end; what it hears comes in order. */
  private final class End implements DirectChannel {
    final String name;
    final int side;
    private final Listener listener;
    private @Nullable End other;
    private long last;
    private boolean closed;
    private int waiting;

    End(String name, int side, Listener listener) {
      this.name = name;
      this.side = side;
      this.listener = listener;
    }

    @Override
    public void offer(boolean again) {
      tell(clock.ticks(), () -> listener.signal(new Signal.Offer(name)));
    }

    @Override
    public void signal(Signal from) {
      switch (from) {
        case Signal.Offer offer -> {
          meet(ends.get(offer.description()));
          tell(clock.ticks(), () -> listener.signal(new Signal.Answer(name)));
        }
        case Signal.Answer answer -> meet(ends.get(answer.description()));
        case Signal.Candidates candidates -> {}
        case Signal.No no -> close();
      }
    }

    @Override
    public int waiting() {
      return waiting;
    }

    @Override
    public void send(Bytes message) throws LinkException {
      End to = other;
      if (closed || to == null || message.length() > MAX_MESSAGE) {
        throw new LinkException("channel is closed");
      }
      waiting += message.length();
      to.last = Math.max(to.last, clock.ticks() + line.delay() + entropy.below(1 + line.jitter()));
      to.tell(
          to.last,
          () -> {
            left(message.length());
            to.listener.received(message);
          });
    }

    @Override
    public void close() {
      End to = other;
      end("closed here");
      if (to != null) {
        to.end("closed there");
      }
    }

    private void meet(@Nullable End found) {
      if (other == null && found != null && !(parted && found.side != side)) {
        other = found;
        Binding binding = new Binding(mark(name), mark(found.name), false);
        tell(clock.ticks() + line.delay(), () -> listener.opened(binding));
      }
    }

    private void left(int bytes) {
      boolean above = waiting > LOW_WATER;
      waiting -= bytes;
      if (above && waiting <= LOW_WATER && !closed) {
        listener.drained();
      }
    }

    private void end(String why) {
      if (!closed) {
        closed = true;
        ends.remove(name);
        other = null;
        tasks.at(clock.ticks(), () -> listener.closed(why));
      }
    }

    private void tell(long at, Runnable event) {
      tasks.at(
          at,
          () -> {
            if (!closed) {
              event.run();
            }
          });
    }
  }

  private static Bytes mark(String name) {
    return Sha256.hash(new ByteWriter().bytes16(Bytes.utf8(name)).toBytes()).bytes();
  }
}
