package dev.p2pcp.node;

import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.Channels;
import dev.p2pcp.transport.DirectLink;
import dev.p2pcp.transport.Envelope;
import dev.p2pcp.transport.Signal;
import dev.p2pcp.transport.SignalSeal;
import dev.p2pcp.wire.Refusal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ways to one peer. Who finds the tunnel used knocks; who is knocked at replies with an offer,
 * or with a no; of two who knock at once, the one with the greater id replies. An attempt that
 * fails is made again after a pause that doubles.
 */
final class Peering implements DirectLink.Events {
  /** Calls and bytes through an index server after which a channel is worth it. */
  private static final int WORTH_CALLS = 2;

  private static final long WORTH_BYTES = 64 * 1024;

  /** How long calls wait for a first attempt, in milliseconds, and how many do not. */
  private static final long PATIENCE = 1_000;

  private static final int AT_ONCE = 3;

  /** Time for an attempt, from the knock until calls go through, in milliseconds. */
  private static final long ATTEMPT = 20_000;

  /** How long an interrupted channel may take to come back, in milliseconds. */
  private static final long COME_BACK = 15_000;

  private static final long FIRST_PAUSE = 1_000;
  private static final long LONGEST_PAUSE = 600_000;
  private static final int DOUBLINGS = 10;

  /** After a channel that was of use, in milliseconds; and what use is. */
  private static final long SHORT_PAUSE = 200;

  private static final long OF_USE_BYTES = 1024 * 1024;
  private static final long OF_USE_TIME = 60_000;

  /** What who is full, or finds no way, asks others to wait, in milliseconds. */
  private static final int FULL_PAUSE = 30_000;

  /** And who takes up others just now. */
  private static final int JOINING_PAUSE = 2_000;

  private enum State {
    TUNNEL,
    KNOCKING,
    JOINING,
    UP
  }

  private final Links links;
  private final Platform platform;
  private final PeerId peer;
  private State state = State.TUNNEL;
  private boolean replying;
  private @Nullable SignalSeal seal;
  private @Nullable DirectLink direct;
  private @Nullable IndexSession via;
  private @Nullable Outbox outbox;
  private int attempt;
  private int failures;
  private long notBefore;
  private long lastKnock;
  private int calls;
  private long bytes;
  private long lastTunnel = Long.MIN_VALUE;
  private long since;
  private Pending<Boolean> settled;

  Peering(Links links, PeerId peer) {
    this.links = links;
    this.platform = links.platform();
    this.peer = peer;
    this.settled = platform.tasks().pending();
  }

  PeerId peer() {
    return peer;
  }

  /** The channel, if calls go through it now; the next call is worth one if many are to follow. */
  synchronized @Nullable DirectLink direct(boolean lasting) {
    calls = lasting ? Math.max(calls, WORTH_CALLS - 1) : calls;
    return direct != null && direct.isUp() ? direct : null;
  }

  synchronized boolean isUp() {
    return state == State.UP;
  }

  synchronized boolean hasChannel() {
    return state != State.TUNNEL;
  }

  synchronized boolean isJoining() {
    return state == State.JOINING && replying;
  }

  synchronized boolean isRelayed() {
    return direct != null && direct.isRelayed();
  }

  synchronized long lastUsed() {
    return direct == null ? 0 : direct.lastUsed();
  }

  synchronized boolean wasTunnelledSince(long ticks) {
    return lastTunnel > ticks;
  }

  /**
   * A call is about to be made: begins with a channel if it is worth one. While the first attempt
   * is young, a few calls go through the index server at once, and more wait for it, since what is
   * wanted in quantity comes faster and burdens nobody else by a channel. Suspends.
   */
  void calling(IndexSession session, Deadline deadline) {
    synchronized (this) {
      calls++;
    }
    beginIfWorth(session);
    Pending<Boolean> waited;
    long left;
    synchronized (this) {
      boolean young = (state == State.KNOCKING || state == State.JOINING) && failures == 0;
      left = since + PATIENCE - platform.clock().ticks();
      if (!young || left <= 0 || calls <= WORTH_CALLS + AT_ONCE) {
        return;
      }
      waited = settled;
    }
    waited.await(platform.deadline(Math.min(left, deadline.left(platform.clock()) / 2)));
  }

  /** A call went through an index server. Never suspends. */
  synchronized void tunnelled(long weight) {
    lastTunnel = platform.clock().ticks();
    bytes += weight;
  }

  private void beginIfWorth(IndexSession session) {
    synchronized (this) {
      boolean worth = calls >= WORTH_CALLS || bytes >= WORTH_BYTES;
      if (!worth || state != State.TUNNEL || platform.clock().ticks() < notBefore) {
        return;
      }
    }
    if (!links.mayOpen(false)) {
      return;
    }
    int number;
    synchronized (this) {
      if (state != State.TUNNEL) {
        return;
      }
      number = begin(State.KNOCKING, session);
    }
    platform.tasks().spawn("knock", () -> knock(number));
    watch(number, ATTEMPT);
  }

  /** What the peer sent. Suspends. */
  void heard(Envelope envelope, IndexSession session) {
    if (envelope instanceof Envelope.Knock knock) {
      knocked(knock, session);
      return;
    }
    SignalSeal keys;
    int number;
    synchronized (this) {
      keys = state == State.TUNNEL ? null : seal;
      number = state == State.UP ? 0 : attempt;
    }
    Optional<Signal> signal = keys == null ? Optional.empty() : keys.open(envelope);
    if (signal.isEmpty()) {
      return;
    }
    if (envelope instanceof Envelope.Reply) {
      // A knock of before, that comes late, is answered by this.
      synchronized (this) {
        lastKnock = Math.max(lastKnock, envelope.time());
      }
    }
    if (signal.get() instanceof Signal.No no) {
      giveUp(number, Math.min(LONGEST_PAUSE, no.retryAfter()));
    } else if (envelope instanceof Envelope.Reply) {
      join(signal.get(), session);
    } else {
      tell(signal.get());
    }
  }

  /** Back to the tunnel. Never suspends. */
  void close(String why) {
    DirectLink open;
    synchronized (this) {
      open = direct;
      if (open == null) {
        over(0);
      }
    }
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void signal(Signal to) {
    Outbox out;
    synchronized (this) {
      out = outbox;
    }
    if (out != null) {
      out.add(to);
    }
  }

  @Override
  public void up() {
    synchronized (this) {
      if (state == State.TUNNEL) {
        return;
      }
      state = State.UP;
      attempt++;
      since = platform.clock().ticks();
      settled.complete(true);
    }
    links.cameUp();
  }

  @Override
  public void interrupted() {
    DirectLink open;
    int number;
    synchronized (this) {
      if (state != State.UP) {
        return;
      }
      open = direct;
      number = ++attempt;
    }
    // One of both looks for another way, or they would get into each other's.
    if (open != null && links.device().peer().compareTo(peer) > 0) {
      open.offer(true);
    }
    watch(number, COME_BACK);
  }

  @Override
  public void closed(String why) {
    synchronized (this) {
      long lived = platform.clock().ticks() - since;
      boolean ofUse =
          state == State.UP
              && (lived > OF_USE_TIME || (direct != null && direct.carried() > OF_USE_BYTES));
      if (ofUse) {
        failures = 0;
        over(SHORT_PAUSE + platform.entropy().below((int) SHORT_PAUSE));
      } else {
        over(pause());
      }
    }
  }

  /** One whose failure ends the attempt, unless it has come to its end. */
  private Outbox outbox(SignalSeal keys, IndexSession session, int number) {
    return new Outbox(platform, peer, keys, session, () -> giveUp(number, 0));
  }

  private int begin(State next, IndexSession session) {
    state = next;
    since = platform.clock().ticks();
    settled = platform.tasks().pending();
    via = session;
    seal = null;
    outbox = null;
    replying = false;
    return ++attempt;
  }

  /** Called with the lock held. */
  private void over(long pause) {
    state = State.TUNNEL;
    settled.complete(false);
    direct = null;
    seal = null;
    attempt++;
    outbox = null;
    calls = 0;
    bytes = 0;
    notBefore = platform.clock().ticks() + pause;
  }

  private long pause() {
    long pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures, DOUBLINGS));
    failures++;
    return pause / 2 + platform.entropy().below((int) pause);
  }

  /** Gives up what is not up by then. */
  private void watch(int number, long time) {
    platform
        .tasks()
        .spawn(
            "attempt",
            () -> {
              platform.tasks().sleep(time);
              giveUp(number, 0);
            });
  }

  private void giveUp(int number, long atLeast) {
    DirectLink open;
    synchronized (this) {
      if (attempt != number) {
        return;
      }
      open = direct;
      if (open == null) {
        over(Math.max(atLeast, pause()));
      }
    }
    if (open != null) {
      open.close();
    }
  }

  private void knock(int number) {
    SignalSeal keys = SignalSeal.knocking(platform, links.device().key(), peer);
    IndexSession session;
    synchronized (this) {
      if (attempt != number) {
        return;
      }
      seal = keys;
      session = via;
    }
    if (session == null || !Outbox.send(session, peer, keys.knock())) {
      giveUp(number, 0);
    }
  }

  private void knocked(Envelope.Knock knock, IndexSession session) {
    boolean genuine =
        knock.isCurrent(platform.clock().now())
            && knock.isGenuine(platform.crypto(), peer, links.device().peer());
    DirectLink before;
    synchronized (this) {
      // Each knock of a peer is later than the last, so one that was heard can't be played again.
      if (!genuine || knock.time() <= lastKnock) {
        return;
      }
      lastKnock = knock.time();
      if (state == State.KNOCKING && links.device().peer().compareTo(peer) < 0) {
        return;
      }
      before = direct;
      if (before != null) {
        over(0);
      }
    }
    if (before != null) {
      // It would not knock if it still had its end of it.
      before.close();
    }
    boolean room = links.mayOpen(true);
    Channels.Setup setup = links.setup(peer, session);
    reply(knock, session, setup, room && !links.isHopeless(setup));
  }

  private void reply(
      Envelope.Knock knock, IndexSession session, Channels.Setup setup, boolean yes) {
    SignalSeal keys;
    try {
      keys = SignalSeal.replying(platform, links.device().key(), peer, knock);
    } catch (SealBrokenException e) {
      return;
    }
    if (!yes) {
      Outbox.send(
          session,
          peer,
          keys.seal(new Signal.No(Refusal.BUSY, links.isFull() ? FULL_PAUSE : JOINING_PAUSE)));
      return;
    }
    DirectLink link = links.link(peer, this);
    int number;
    synchronized (this) {
      if (direct != null) {
        return;
      }
      number = begin(State.JOINING, session);
      replying = true;
      seal = keys;
      direct = link;
      outbox = outbox(keys, session, number);
    }
    link.open(links.channels(), setup);
    link.offer(false);
    watch(number, ATTEMPT);
  }

  /** The peer took the knock up, with an offer. */
  private void join(Signal offer, IndexSession session) {
    Channels.Setup setup = links.setup(peer, session);
    DirectLink link = links.link(peer, this);
    int number;
    synchronized (this) {
      number = attempt;
      if (state != State.KNOCKING) {
        return;
      }
      SignalSeal keys = seal;
      if (keys != null && !links.isHopeless(setup)) {
        state = State.JOINING;
        direct = link;
        outbox = outbox(keys, session, number);
      }
    }
    if (links.isHopeless(setup)) {
      giveUp(number, FULL_PAUSE);
      return;
    }
    link.open(links.channels(), setup);
    link.hear(offer);
  }

  private void tell(Signal signal) {
    DirectLink open;
    synchronized (this) {
      open = direct;
    }
    if (open != null) {
      open.hear(signal);
    }
  }
}
