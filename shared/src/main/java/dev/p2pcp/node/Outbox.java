package dev.p2pcp.node;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Signal;
import dev.p2pcp.transport.SignalSeal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What one end of a channel has to say to the other before it is up: sealed, in order, and
 * candidates that are found soon after each other together.
 */
final class Outbox {
  /** Candidates are gathered for so long before they are sent, in milliseconds. */
  private static final long GATHER = 20;

  /** Signals that wait to be sent. */
  private static final int WAITING = 64;

  private final Platform platform;
  private final PeerId peer;
  private final SignalSeal seal;
  private final IndexSession via;
  private final Runnable failed;
  private final Deque<Signal> waiting = new ArrayDeque<>();
  private boolean sending;

  /**
   * Sends through that session.
   *
   * @param failed something could not be sent; must not suspend
   */
  Outbox(Platform platform, PeerId peer, SignalSeal seal, IndexSession via, Runnable failed) {
    this.platform = platform;
    this.peer = peer;
    this.seal = seal;
    this.via = via;
    this.failed = failed;
  }

  /** Sends it soon. Never suspends. */
  void add(Signal signal) {
    synchronized (this) {
      if (waiting.size() >= WAITING) {
        return;
      }
      waiting.add(signal);
      if (sending) {
        return;
      }
      sending = true;
    }
    platform.tasks().spawn("signal", this::sendAll);
  }

  /** Leaves a sealed word for a peer; false if it could not be left. Suspends. */
  static boolean send(IndexSession via, PeerId peer, Bytes sealed) {
    try {
      via.ask(id -> new SessionFrame.Signal(id, peer, sealed), SessionFrame.Done.class);
      return true;
    } catch (LinkException | RefusedException e) {
      return false;
    }
  }

  private void sendAll() {
    while (true) {
      Signal next;
      synchronized (this) {
        next = waiting.poll();
        if (next == null) {
          sending = false;
          return;
        }
      }
      if (next instanceof Signal.Candidates candidates) {
        next = gathered(candidates);
      }
      if (!send(via, peer, seal.seal(next))) {
        failed.run();
      }
    }
  }

  /** With those that follow soon. */
  private Signal.Candidates gathered(Signal.Candidates first) {
    platform.tasks().sleep(GATHER);
    List<String> lines = new ArrayList<>(first.lines());
    boolean last = first.last();
    synchronized (this) {
      while (!last
          && waiting.peek() instanceof Signal.Candidates more
          && lines.size() + more.lines().size() <= Signal.CANDIDATES) {
        waiting.poll();
        lines.addAll(more.lines());
        last = more.last();
      }
    }
    return new Signal.Candidates(lines, last);
  }
}
