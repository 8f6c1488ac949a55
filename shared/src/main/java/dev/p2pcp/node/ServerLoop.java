package dev.p2pcp.node;

import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.transport.Link;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.PeerHandler;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.trust.Candour;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps this agent logged in at one index server: connects, tells what is kept, and after a loss
 * comes back after a pause that doubles and is spread at random, so that agents do not come back
 * all at once.
 */
final class ServerLoop {
  private static final long FIRST_PAUSE = 250;
  private static final long LONGEST_PAUSE = 5_000;

  /** Longest absence that a server can ask for, in milliseconds. */
  private static final long LONGEST_ABSENCE = 60_000;

  /** A session that lasted so long lets the pauses begin anew, in milliseconds. */
  private static final long STEADY = 10_000;

  /** How long the end of a connection is waited for, in milliseconds. */
  private static final long LAST_WORD = 1_000;

  /** Hears what changes. Must not suspend. */
  interface Events {
    void changed(ServerLoop server);

    /** The account needs less than before, or may store more. */
    void figuresChanged();

    /** The best way to a peer that is found through that session. */
    Link linkTo(PeerId peer, IndexSession via);

    /** Signals wait at a server. */
    void ringing(IndexSession session);

    /** The session is open and the server knows what is kept here. */
    void ready(ServerLoop server);
  }

  /** The other servers that this agent lives on. */
  interface Others {
    /** Whether another of them is a member of that key's cluster, and has a session open. */
    boolean reach(PublicKey cluster, ServerLoop asking);

    /** Whether none of them has a session open. */
    boolean areAway(ServerLoop asking);
  }

  /** Where the loop is. */
  enum State {
    CONNECTING,
    CONNECTED,
    WAITING,
    REFUSED,
    STOPPED
  }

  private final Platform platform;
  private final Transport transport;
  private final String origin;
  private final Device device;
  private final PeerHandler handler;
  private final Others others;
  private final Events events;
  private final Telling telling;
  private final Pending<Boolean> stopping;
  private final Candour candour = new Candour();
  private volatile long awaySince;
  private volatile State state = State.CONNECTING;

  /** The last session ended by a login of this device at another address of the cluster. */
  private volatile boolean replaced;

  private volatile String why = "";
  private volatile long nextTry;
  private volatile @Nullable IndexSession session;
  private volatile @Nullable Allowance allowance;
  private volatile @Nullable PublicKey lastKey;

  ServerLoop(
      Platform platform,
      Transport transport,
      String origin,
      Device device,
      PeerHandler handler,
      Inventory inventory,
      Others others,
      Events events) {
    this.platform = platform;
    this.transport = transport;
    this.origin = origin;
    this.device = device;
    this.handler = handler;
    this.others = others;
    this.events = events;
    this.telling = new Telling(platform, inventory);
    this.stopping = platform.tasks().pending();
  }

  /** One connection, whose end must not be taken for that of another. */
  private final class Attempt implements IndexSession.Events {
    private final Pending<Boolean> over = platform.tasks().pending();
    private volatile String reason = "";
    private volatile long retryAfter;

    @Override
    public void standing(Allowance figures) {
      if (!over.isComplete()) {
        Allowance before = allowance;
        allowance = figures;
        events.changed(ServerLoop.this);
        boolean lost = before != null && figures.needed() < before.needed();
        if (lost || (before != null && figures.lent() > before.lent())) {
          events.figuresChanged();
        }
      }
    }

    @Override
    public Candour candour() {
      return candour;
    }

    @Override
    public boolean isAlone() {
      return others.areAway(ServerLoop.this);
    }

    @Override
    public boolean isLoggedInWith(PublicKey cluster) {
      // That this server names another's key proves nothing; that it ended a session for a login
      // which it never saw would.
      return replaced && others.reach(cluster, ServerLoop.this);
    }

    @Override
    public Link linkTo(PeerId peer, IndexSession via) {
      return events.linkTo(peer, via);
    }

    @Override
    public void ringing(IndexSession session) {
      events.ringing(session);
    }

    @Override
    public void ended(IndexSession ended, String because, long absence) {
      replaced |= ended.wasReplaced();
      reason = because;
      retryAfter = Math.max(retryAfter, absence);
      over.complete(true);
    }
  }

  String origin() {
    return origin;
  }

  State state() {
    return state;
  }

  String why() {
    return why;
  }

  /** Since when it was not reached, in milliseconds since 1970; 0 while it is. */
  long awaySince() {
    return awaySince;
  }

  /** How far its answers can be relied on. */
  Candour candour() {
    return candour;
  }

  /** Milliseconds until the next attempt; 0 unless waiting. */
  long retryIn() {
    return state == State.CONNECTED ? 0 : Math.max(0, nextTry - platform.clock().ticks());
  }

  /** The session, when it is open. */
  Optional<IndexSession> session() {
    IndexSession current = session;
    return current != null && current.isOpen() ? Optional.of(current) : Optional.empty();
  }

  Optional<Allowance> allowance() {
    return session == null ? Optional.empty() : Optional.ofNullable(allowance);
  }

  /** Whether the server signs, or did at its last login, tickets with this key. */
  boolean signsWith(PublicKey key) {
    return key.equals(lastKey);
  }

  /** What changes here, told in the order of the calls. */
  Telling telling() {
    return telling;
  }

  /** Runs until {@link #stop}. Suspends. */
  void run() {
    long pause = FIRST_PAUSE;
    while (!stopping.isComplete()) {
      long began = platform.clock().ticks();
      long absence = Math.min(live(), LONGEST_ABSENCE);
      if (platform.clock().ticks() - began > STEADY) {
        pause = FIRST_PAUSE;
      }
      long rest = pause / 2 + below(pause / 2);
      if (absence > 0) {
        rest = Math.max(rest, absence + below(absence));
      }
      nextTry = platform.clock().ticks() + rest;
      events.changed(this);
      stopping.await(platform.deadline(rest));
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
  }

  /** Ends the session, and the loop soon. Never suspends. */
  void stop() {
    synchronized (this) {
      state = State.STOPPED;
    }
    stopping.complete(true);
    session().ifPresent(IndexSession::close);
  }

  /**
   * One session from beginning to end.
   *
   * @return how long the server asks to stay away, in milliseconds
   */
  private long live() {
    become(State.CONNECTING, why);
    Attempt attempt = new Attempt();
    try {
      IndexSession opened =
          IndexSession.login(platform, transport, origin, device, handler, attempt);
      replaced = false;
      lastKey = opened.serverKey();
      session = opened;
      stay(opened, attempt);
      become(State.WAITING, attempt.reason);
      return attempt.retryAfter;
    } catch (LinkException e) {
      become(State.WAITING, String.valueOf(e.getMessage()));
      return attempt.retryAfter;
    } catch (RefusedException e) {
      become(State.REFUSED, String.valueOf(e.getMessage()));
      return Math.max(LONGEST_PAUSE, e.retryAfter());
    } finally {
      session = null;
      attempt.over.complete(true);
    }
  }

  private void stay(IndexSession opened, Attempt attempt) throws LinkException {
    try {
      if (!stopping.isComplete()) {
        telling.begin(opened);
        if (opened.isOpen()) {
          become(State.CONNECTED, "");
          events.ready(this);
        }
        attempt.over.await(Deadline.NEVER);
      }
    } finally {
      telling.end(opened);
      opened.close();
      // The server's last word, which may ask to stay away, can still be on its way.
      attempt.over.await(platform.deadline(LAST_WORD));
    }
  }

  private void become(State next, String because) {
    synchronized (this) {
      if (state == State.STOPPED) {
        return;
      }
      state = next;
      why = because;
      if (next == State.CONNECTED) {
        awaySince = 0;
      } else if (awaySince == 0) {
        awaySince = platform.clock().now();
      }
    }
    events.changed(this);
  }

  private long below(long bound) {
    return platform.entropy().below((int) Math.max(1, bound));
  }
}
