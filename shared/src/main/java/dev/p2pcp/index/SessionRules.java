package dev.p2pcp.index;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.wire.ChannelFrame;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One agent's session from the server's side: {@code Hello → Challenge → Proof → Welcome}, then
 * requests and tunnel frames in any order. A message that is no canonical frame, or has no place at
 * that point, ends the session with a go-away; a request over a limit is refused and the session
 * goes on.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class SessionRules {
  /** How long an agent whose own fault ended the session is asked to stay away, in milliseconds. */
  private static final int FAULT_PAUSE = 1_000;

  private enum State {
    NEW,
    CHALLENGED,
    PROVING,
    OPEN,
    OVER
  }

  private final SessionFrame.Challenge challenge;
  private final Set<Long> unanswered = new HashSet<>();
  private State state = State.NEW;
  private long announced;

  /** For a connection on which this challenge will be put. */
  public SessionRules(SessionFrame.Challenge challenge) {
    this.challenge = challenge;
  }

  /** What to do about a message of the agent. After the end of the session: nothing. */
  public SessionStep received(Bytes message) {
    if (state == State.OVER) {
      return new SessionStep.Ignore();
    }
    Frame frame;
    try {
      frame = FrameCodec.decodeMessage(message);
    } catch (MalformedFrameException e) {
      return end(Refusal.MALFORMED, e.getMessage());
    }
    return switch (frame) {
      case SessionFrame.Hello hello -> hello(hello);
      case SessionFrame.Proof proof -> proof(proof);
      case SessionFrame session when state == State.OPEN -> open(session);
      case TunnelFrame tunnel when state == State.OPEN -> new SessionStep.Relay(tunnel);
      case SessionFrame session -> outOfOrder(session);
      case TunnelFrame tunnel -> outOfOrder(tunnel);
      case PeerFrame peer -> outOfOrder(peer);
      case ChannelFrame channel -> outOfOrder(channel);
    };
  }

  /** What {@link ProofCheck} found: the session opens with these figures, or ends. */
  public SessionStep proved(Optional<Refusal> refusal, int heartbeat, Allowance allowance) {
    if (state != State.PROVING) {
      return new SessionStep.Ignore();
    }
    if (refusal.isPresent()) {
      return end(refusal.get(), FAULT_PAUSE);
    }
    state = State.OPEN;
    return new SessionStep.Send(new SessionFrame.Welcome(heartbeat, allowance));
  }

  /** A request has its answer; its id may serve again. */
  public void answered(long id) {
    unanswered.remove(id);
  }

  /** So many storage keys more (or fewer) are now announced by this session. */
  public void announced(int difference) {
    announced = Math.max(0, announced + difference);
  }

  /** Ends the session from the server's side. */
  public SessionStep end(Refusal reason, int retryAfter) {
    if (state == State.OVER) {
      return new SessionStep.Ignore();
    }
    state = State.OVER;
    return new SessionStep.End(new SessionFrame.GoAway(reason, retryAfter));
  }

  /** Whether the agent is logged in. */
  public boolean isOpen() {
    return state == State.OPEN;
  }

  /** Whether nothing more will come of this session. */
  public boolean isOver() {
    return state == State.OVER;
  }

  private SessionStep hello(SessionFrame.Hello hello) {
    if (state != State.NEW) {
      return outOfOrder(hello);
    }
    if (hello.version() != Limits.VERSION) {
      return end(Refusal.of(Refusal.UNSUPPORTED_VERSION, "version", Limits.VERSION), FAULT_PAUSE);
    }
    state = State.CHALLENGED;
    return new SessionStep.Send(challenge);
  }

  private SessionStep proof(SessionFrame.Proof proof) {
    if (state != State.CHALLENGED) {
      return outOfOrder(proof);
    }
    state = State.PROVING;
    return new SessionStep.Prove(challenge, proof);
  }

  private SessionStep open(SessionFrame frame) {
    return switch (frame) {
      case SessionFrame.Ping ping -> new SessionStep.Send(new SessionFrame.Pong(ping.token()));
      case SessionFrame.Pong pong -> new SessionStep.Ignore();
      case SessionFrame.GoAway goAway -> leave();
      case SessionFrame.Request request -> request(request);
      default -> outOfOrder(frame);
    };
  }

  private SessionStep leave() {
    state = State.OVER;
    return new SessionStep.End(
        new SessionFrame.GoAway(Refusal.of(Refusal.DRAINING, "as asked", 0), 0));
  }

  private SessionStep request(SessionFrame.Request request) {
    if (unanswered.contains(request.id())) {
      return outOfOrder(request);
    }
    if (unanswered.size() >= Limits.REQUESTS) {
      return refuse(request, "requests", Limits.REQUESTS, unanswered.size() + 1L);
    }
    if (request instanceof SessionFrame.Announce announce
        && announced + announce.keys().size() > Limits.SESSION_KEYS) {
      return refuse(request, "keys", Limits.SESSION_KEYS, announced + announce.keys().size());
    }
    unanswered.add(request.id());
    return new SessionStep.Serve(request);
  }

  private static SessionStep refuse(
      SessionFrame.Request request, String what, long limit, long asked) {
    return new SessionStep.Send(
        new SessionFrame.Refused(request.id(), Refusal.of(Refusal.OVER_LIMIT, what, limit, asked)));
  }

  private SessionStep outOfOrder(Frame frame) {
    return end(Refusal.OUT_OF_ORDER, frame.type().name());
  }

  private SessionStep end(int code, @Nullable String what) {
    return end(Refusal.of(code, what == null ? "" : what), FAULT_PAUSE);
  }
}
