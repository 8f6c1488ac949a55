package dev.p2pcp.node;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Gate;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.transport.Link;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.PeerHandler;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.transport.Tunnel;
import dev.p2pcp.trust.Candour;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A login at one index server: requests and their answers, tunnel streams, heartbeat. It ends once,
 * and is not used again after that.
 */
final class IndexSession implements Transport.Listener {
  private static final long HANDSHAKE = 10_000;
  private static final long ANSWER = 15_000;

  /**
   * Where there are other servers, one that owes an answer and says nothing at all for so many
   * milliseconds is asked whether it is there, and after as many again given up.
   */
  private static final long SILENCE = 2_000;

  /** Hears about the session. Must not suspend. */
  interface Events {
    void standing(Allowance allowance);

    /** What is known of how far the server can be relied on. */
    Candour candour();

    /** Whether no other server has a session open. */
    boolean isAlone();

    /** Whether this agent is logged in with that key's cluster by another address already. */
    boolean isLoggedInWith(PublicKey cluster);

    /** The best way to a peer that is found through that session. */
    Link linkTo(PeerId peer, IndexSession via);

    /** Signals wait to be pulled. */
    void ringing(IndexSession session);

    /** Once; a retry makes sense after so many milliseconds, 0 for as soon as one likes. */
    void ended(IndexSession session, String why, long retryAfter);
  }

  /** What the far side's handshake frames are waited for with. */
  private sealed interface Step {}

  private record Came(Frame frame) implements Step {}

  private record Over(String why) implements Step {}

  /** A request that was sent then. */
  private record Asked(Pending<Step> answer, long at) {}

  private final Platform platform;
  private final String origin;
  private final Events events;
  private final Tunnel tunnel;
  private final Gate requests;
  private final Pending<Boolean> over;
  private final Map<Long, Asked> open = new HashMap<>();
  private final ServerPace pace = new ServerPace();
  private final Candour candour;
  private volatile Pending<Step> handshake;
  private volatile Transport.@Nullable Connection connection;
  private volatile PublicKey serverKey;
  private long nextId;
  private volatile long lastHeard;
  private boolean ended;
  private boolean leaving;
  private boolean ponging;
  private volatile long retryAfter;
  private volatile boolean replaced;
  private volatile String why = "closed";

  @SuppressWarnings("NullAway.Init")
  private IndexSession(Platform platform, String origin, PeerHandler handler, Events events) {
    this.candour = events.candour();
    this.platform = platform;
    this.origin = origin;
    this.events = events;
    this.tunnel = new Tunnel(platform, this::send, handler);
    this.requests = new Gate(platform.tasks(), Limits.REQUESTS);
    this.handshake = platform.tasks().pending();
    this.over = platform.tasks().pending();
  }

  /**
   * Connects and logs in. Suspends.
   *
   * @throws LinkException if the server can't be reached or does not keep to the protocol
   * @throws RefusedException if it does not want this agent
   */
  static IndexSession login(
      Platform platform,
      Transport transport,
      String origin,
      Device device,
      PeerHandler handler,
      Events events)
      throws LinkException, RefusedException {
    IndexSession session = new IndexSession(platform, origin, handler, events);
    Deadline deadline = platform.deadline(HANDSHAKE);
    session.connected(transport.connect(origin, session, deadline));
    try {
      session.shakeHands(device, deadline);
    } catch (LinkException | RefusedException e) {
      session.close();
      throw e;
    }
    return session;
  }

  /** A server may have said or done something before the connection is known here. */
  private void connected(Transport.Connection opened) {
    boolean over;
    synchronized (this) {
      connection = opened;
      over = ended || leaving;
    }
    if (over) {
      opened.close();
    }
  }

  String origin() {
    return origin;
  }

  /** The key that signs this cluster's tickets. */
  PublicKey serverKey() {
    return serverKey;
  }

  /** The best way there is to a peer that is found through this session. */
  Link linkTo(PeerId peer) {
    return events.linkTo(peer, this);
  }

  /** The way through this session. */
  Link tunnelTo(PeerId peer) {
    return tunnel.to(peer);
  }

  /** Whether the server ended it since this device has logged in anew. */
  boolean wasReplaced() {
    return replaced;
  }

  synchronized boolean isOpen() {
    return !ended;
  }

  /** How far this server's answers can be relied on. */
  Candour candour() {
    return candour;
  }

  /** After so many milliseconds an answer is later than it usually is. */
  long patience() {
    return pace.patience();
  }

  /** Whether an answer is due that is late. */
  synchronized boolean isLate() {
    long due = platform.clock().ticks() - pace.patience();
    return open.values().stream().anyMatch(asked -> asked.at < due);
  }

  /**
   * Sends a request and waits for its answer. Suspends.
   *
   * @param request makes the request of the id it is to carry
   * @param kind the answer that means yes
   */
  <A extends SessionFrame.Answer> A ask(LongFunction<SessionFrame.Request> request, Class<A> kind)
      throws LinkException, RefusedException {
    Deadline deadline = platform.deadline(ANSWER);
    if (!requests.enter(deadline)) {
      throw new LinkException("too many requests under way");
    }
    Pending<Step> answer = platform.tasks().pending();
    long id;
    synchronized (this) {
      if (ended) {
        requests.leave();
        throw new LinkException("session over");
      }
      id = nextId++ & 0xffff_ffffL;
      open.put(id, new Asked(answer, platform.clock().ticks()));
    }
    try {
      send(request.apply(id));
      Frame frame = answerBy(answer, deadline);
      if (frame instanceof SessionFrame.Refused refused) {
        throw new RefusedException(refused.refusal());
      }
      if (!kind.isInstance(frame)) {
        throw new LinkException("unexpected answer");
      }
      return kind.cast(frame);
    } finally {
      synchronized (this) {
        open.remove(id);
      }
      requests.leave();
    }
  }

  /** Never suspends. */
  void close() {
    Transport.Connection open;
    synchronized (this) {
      leaving = true;
      open = connection;
    }
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void received(Bytes message) {
    lastHeard = platform.clock().ticks();
    Frame frame;
    try {
      frame = FrameCodec.decodeMessage(message);
    } catch (MalformedFrameException e) {
      giveUp("malformed frame: " + e.getMessage(), 0);
      return;
    }
    switch (frame) {
      case TunnelFrame tunnelled -> tunnel.received(tunnelled);
      case SessionFrame.Answer answer -> answered(answer);
      case SessionFrame.Standing standing -> events.standing(standing.allowance());
      case SessionFrame.Ringing ringing -> events.ringing(this);
      case SessionFrame.GoAway goAway -> {
        replaced = goAway.reason().code() == Refusal.REPLACED;
        handshake.complete(new Came(goAway));
        giveUp(goAway.reason().text(), goAway.retryAfter());
      }
      case SessionFrame.Ping ping -> pong(ping.token());
      case SessionFrame.Pong pong -> {
        // Hearing it is all that it is for.
      }
      default -> handshake.complete(new Came(frame));
    }
  }

  @Override
  public void closed(String reason) {
    List<Asked> waiting;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      waiting = List.copyOf(open.values());
      open.clear();
    }
    Over step = new Over(reason);
    handshake.complete(step);
    waiting.forEach(asked -> asked.answer.complete(step));
    tunnel.closed();
    this.over.complete(true);
    events.ended(this, why.equals("closed") ? reason : why, retryAfter);
  }

  private void shakeHands(Device device, Deadline deadline) throws LinkException, RefusedException {
    send(new SessionFrame.Hello(Limits.VERSION));
    Frame first = await(handshake, deadline);
    if (!(first instanceof SessionFrame.Challenge challenge)) {
      throw refusedOr(first);
    }
    if (events.isLoggedInWith(challenge.server())) {
      // A cluster takes one login of a device; a second would only end the first.
      throw new LinkException("reached at another address");
    }
    serverKey = challenge.server();
    handshake = platform.tasks().pending();
    String host = SessionFrame.Challenge.hostOf(origin);
    Signature proof =
        device.key().sign(Domain.SESSION_PROOF, challenge.signed(Limits.VERSION, host));
    send(new SessionFrame.Proof(device.certificate(), proof));
    Frame second = await(handshake, deadline);
    if (!(second instanceof SessionFrame.Welcome welcome)) {
      throw refusedOr(second);
    }
    events.standing(welcome.allowance());
    int heartbeat = Math.max(1_000, welcome.heartbeat());
    platform.tasks().spawn("heartbeat", () -> beat(heartbeat));
  }

  private static LinkException refusedOr(Frame frame) throws RefusedException {
    if (frame instanceof SessionFrame.GoAway goAway) {
      throw new RefusedException(goAway.reason(), goAway.retryAfter());
    }
    return new LinkException("unexpected frame in the handshake");
  }

  /** Pings, and gives up on a server that has been silent for two beats. */
  private void beat(int interval) {
    long token = 0;
    while (over.await(platform.deadline(interval * 3L / 4)).isEmpty()) {
      if (platform.clock().ticks() - lastHeard > 2L * interval) {
        giveUp("server is silent", 0);
        return;
      }
      trySend(new SessionFrame.Ping(token++));
    }
  }

  /** One at a time: a server that pings on and on is not answered faster than it listens. */
  private void pong(long token) {
    synchronized (this) {
      if (ponging) {
        return;
      }
      ponging = true;
    }
    platform
        .tasks()
        .spawn(
            "pong",
            () -> {
              trySend(new SessionFrame.Pong(token));
              synchronized (this) {
                ponging = false;
              }
            });
  }

  private void answered(SessionFrame.Answer answer) {
    Asked asked;
    synchronized (this) {
      asked = open.get(answer.id());
    }
    if (asked != null && asked.answer.complete(new Came(answer))) {
      pace.took(platform.clock().ticks() - asked.at);
    }
  }

  /** A server that owes an answer for too long is given up. */
  private Frame answerBy(Pending<Step> answer, Deadline deadline) throws LinkException {
    probe(answer, deadline);
    if (!answer.isComplete() && answer.await(deadline).isEmpty()) {
      giveUp("no answer in time", 0);
    }
    return await(answer, deadline);
  }

  private void probe(Pending<Step> answer, Deadline deadline) {
    long asked = platform.clock().ticks();
    if (answer.await(soon(deadline)).isPresent() || lastHeard >= asked || events.isAlone()) {
      return;
    }
    trySend(new SessionFrame.Ping(asked));
    if (answer.await(soon(deadline)).isEmpty() && lastHeard < asked) {
      giveUp("server is silent", 0);
    }
  }

  private Deadline soon(Deadline latest) {
    return platform.deadline(Math.min(SILENCE, latest.left(platform.clock())));
  }

  private Frame await(Pending<Step> pending, Deadline deadline) throws LinkException {
    Optional<Step> step = pending.await(deadline);
    if (step.isEmpty()) {
      throw new LinkException("no answer in time");
    }
    return switch (step.get()) {
      case Came came -> came.frame();
      case Over over -> throw new LinkException(over.why());
    };
  }

  private void giveUp(String reason, long retry) {
    why = reason;
    retryAfter = retry;
    close();
  }

  private void send(Frame frame) throws LinkException {
    Transport.Connection open = connection;
    if (open == null) {
      throw new LinkException("not connected");
    }
    open.send(FrameCodec.encode(frame));
  }

  /** For what is sent without being asked: if the connection is gone, {@link #closed} tells. */
  private void trySend(Frame frame) {
    try {
      send(frame);
    } catch (LinkException e) {
      close();
    }
  }
}
