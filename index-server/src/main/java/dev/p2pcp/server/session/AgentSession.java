package dev.p2pcp.server.session;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.index.ManifestCheck;
import dev.p2pcp.index.SessionRules;
import dev.p2pcp.index.SessionStep;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.server.admission.SessionRates;
import dev.p2pcp.server.signal.Signals;
import dev.p2pcp.server.tunnel.TunnelEnd;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.socket.CloseStatus;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * One connection: carries out what {@link SessionRules} decide. Frames come one at a time; login
 * and requests run in their order in a lane of their own, so that tunnel frames never wait for
 * them.
 */
final class AgentSession implements TunnelEnd, Signals.Bell {
  private static final System.Logger LOG = System.getLogger(AgentSession.class.getName());

  /** After a fault of ours an agent is asked to stay away so many milliseconds. */
  private static final int INTERNAL_PAUSE = 1_000;

  private final int number;
  private final Remote remote;
  private final SessionRules rules;
  private final ManifestCheck manifest = new ManifestCheck();
  private final Outbound outbound;
  private final SessionServices services;
  // Its end may come from any thread, also while a job is on its way: none may be lost.
  private final Sinks.Many<Supplier<Mono<Void>>> lane =
      Sinks.unsafe()
          .many()
          .unicast()
          .onBackpressureBuffer(Queues.<Supplier<Mono<Void>>>unboundedMultiproducer().get());
  private final Sinks.Empty<Void> gone = Sinks.empty();
  private final long opened;
  private volatile long heard;
  private volatile long ended = Long.MAX_VALUE;
  private volatile boolean malformed;
  private volatile @Nullable Member member;
  private volatile @Nullable SessionRates rates;
  private volatile @Nullable Allowance told;

  AgentSession(
      int number, Remote remote, SessionFrame.Challenge challenge, SessionServices services) {
    this.number = number;
    this.remote = remote;
    this.rules = new SessionRules(challenge);
    this.outbound = new Outbound(services.clock());
    this.services = services;
    this.opened = services.clock().ticks();
    this.heard = opened;
  }

  int number() {
    return number;
  }

  /** What the agent has promised to bring; used by the one request that is served. */
  ManifestCheck manifest() {
    return manifest;
  }

  Remote remote() {
    return remote;
  }

  Outbound outbound() {
    return outbound;
  }

  /** Who is logged in; empty before and while logging in. */
  Optional<Member> member() {
    return Optional.ofNullable(member);
  }

  /** Runs login and requests until {@link #leave}. Subscribed once. */
  Mono<Void> lane() {
    return lane.asFlux()
        .concatMap(job -> job.get().onErrorResume(this::failed))
        .then(
            Mono.defer(
                () -> {
                  services.tunnels().disconnect(number);
                  member().ifPresent(who -> services.signals().disconnect(who.peer(), this));
                  return services.login().leave(this);
                }))
        .onErrorResume(this::failed)
        .doFinally(signal -> gone.tryEmitEmpty());
  }

  /** Takes a message; completes when the next may be read. */
  Mono<Void> received(Bytes message) {
    heard = services.clock().ticks();
    SessionStep step;
    synchronized (rules) {
      step = rules.received(message);
    }
    return carryOut(step);
  }

  /**
   * How the connection is closed after the go-away: 1003 if there was a message that can't be one,
   * else 1000.
   */
  CloseStatus closeStatus() {
    return malformed ? CloseStatus.NOT_ACCEPTABLE : CloseStatus.NORMAL;
  }

  /** The connection is closed. */
  void leave() {
    outbound.close();
    synchronized (rules) {
      rules.end(Refusal.of(Refusal.INTERNAL, "connection closed"), 0);
    }
    services.tunnels().disconnect(number);
    member().ifPresent(who -> services.signals().disconnect(who.peer(), this));
    lane.tryEmitComplete();
  }

  /** Completes when nothing of this session is left. */
  Mono<Void> gone() {
    return gone.asMono();
  }

  /** The proof holds: from now on there is something to clear up. */
  void entering(Member who) {
    rates = services.rates().session(who.account());
    member = who;
  }

  /** The proof was checked: opens the session or ends it. */
  void proved(Optional<Refusal> refusal, Allowance allowance, int heartbeat) {
    if (refusal.isEmpty() && member != null) {
      services.tunnels().connect(number, member.peer(), this);
    }
    told = allowance;
    SessionStep step;
    synchronized (rules) {
      step = rules.proved(refusal, heartbeat, allowance);
    }
    carryOut(step).subscribe();
    if (refusal.isEmpty() && member != null) {
      services.signals().connect(member.peer(), this);
    }
  }

  @Override
  public void ring() {
    boolean open;
    synchronized (rules) {
      open = rules.isOpen();
    }
    if (open) {
      send(new SessionFrame.Ringing());
    }
  }

  /** So many storage keys more or fewer are announced. */
  void announced(int difference) {
    synchronized (rules) {
      rules.announced(difference);
    }
  }

  /** Tells the figures if they are not what was told last. */
  void standing(Allowance allowance) {
    boolean open;
    synchronized (rules) {
      open = rules.isOpen();
    }
    if (open && !allowance.equals(told)) {
      told = allowance;
      send(new SessionFrame.Standing(allowance));
    }
  }

  /** Ends the session from this side. */
  void end(Refusal reason, int retryAfter) {
    SessionStep step;
    synchronized (rules) {
      step = rules.end(reason, retryAfter);
    }
    carryOut(step).subscribe();
  }

  /** Whether its end has begun. */
  boolean isOver() {
    return ended != Long.MAX_VALUE;
  }

  /** Ends what takes too long, and closes what does not close by itself. */
  void check(long ticks, SessionTimes times) {
    if (ended != Long.MAX_VALUE) {
      if (ticks - ended > times.closing()) {
        remote.abort();
      }
      return;
    }
    boolean open;
    synchronized (rules) {
      open = rules.isOpen();
    }
    if (outbound.stalledFor(ticks) > times.stall()) {
      end(Refusal.of(Refusal.TOO_SLOW, "reading"), 0);
      remote.abort();
    } else if (!open && ticks - opened > times.handshake()) {
      end(Refusal.of(Refusal.TOO_SLOW, "handshake"), 0);
    } else if (open && remote.isReading()) {
      checkSilence(ticks - heard, times);
    }
  }

  /** A hidden tab may be kept from pinging in time, but it can still answer. */
  private void checkSilence(long silence, SessionTimes times) {
    if (silence > 2 * times.heartbeat()) {
      end(Refusal.of(Refusal.TOO_SLOW, "heartbeat"), 0);
    } else if (silence > times.heartbeat()) {
      send(new SessionFrame.Ping(silence));
    }
  }

  @Override
  public void deliver(TunnelFrame frame) {
    send(frame);
  }

  @Override
  public Mono<Void> room() {
    return outbound.room();
  }

  @Override
  public boolean hasRoom() {
    return outbound.hasRoom();
  }

  private Mono<Void> carryOut(SessionStep step) {
    switch (step) {
      case SessionStep.Send send -> send(send.frame());
      case SessionStep.Prove prove ->
          lane.tryEmitNext(() -> services.login().prove(this, prove.challenge(), prove.proof()));
      case SessionStep.Serve serve -> lane.tryEmitNext(() -> serve(serve.request()));
      case SessionStep.Relay relay -> {
        return relay(relay.frame());
      }
      case SessionStep.Ignore ignore -> {}
      case SessionStep.End end -> {
        services.refused(end.goAway().reason().code());
        send(end.goAway());
        malformed = end.goAway().reason().code() == Refusal.MALFORMED;
        ended = services.clock().ticks();
        outbound.close();
      }
    }
    return Mono.empty();
  }

  /** Streams and bytes beyond the rates: the former are refused, the latter read later. */
  private Mono<Void> relay(TunnelFrame frame) {
    SessionRates limits = Objects.requireNonNull(rates);
    if (frame instanceof TunnelFrame.Open open && limits.stream() > 0) {
      services.refused(Refusal.BUSY);
      send(new TunnelFrame.Close(open.stream(), Refusal.BUSY));
      return Mono.empty();
    }
    long pause = frame instanceof TunnelFrame.Data data ? limits.bytes(data.bytes().length()) : 0;
    remote.reading(false);
    Mono<Void> relayed = services.tunnels().received(number, frame);
    return (pause == 0 ? relayed : relayed.then(Mono.delay(Duration.ofMillis(pause)).then()))
        .doFinally(
            signal -> {
              heard = services.clock().ticks();
              remote.reading(true);
            });
  }

  private Mono<Void> failed(Throwable fault) {
    LOG.log(System.Logger.Level.WARNING, "a session ends by a fault of ours", fault);
    end(Refusal.of(Refusal.INTERNAL, ""), INTERNAL_PAUSE);
    return Mono.empty();
  }

  private Mono<Void> serve(SessionFrame.Request request) {
    Member who = member;
    if (who == null) {
      return Mono.empty();
    }
    long pause = Objects.requireNonNull(rates).request(request);
    Mono<SessionFrame.Answer> served =
        pause == 0
            ? services.requests().serve(this, who, request)
            : Mono.just(
                new SessionFrame.Refused(
                    request.id(), Refusal.of(Refusal.BUSY, "too much at once", pause)));
    return served
        .doOnNext(
            answer -> {
              synchronized (rules) {
                rules.answered(answer.id());
              }
              send(answer);
            })
        .then();
  }

  private void send(Frame frame) {
    if (frame instanceof SessionFrame.Refused refused) {
      services.refused(refused.refusal().code());
    }
    if (!outbound.offer(FrameCodec.encode(frame))) {
      services.refused(Refusal.TOO_SLOW);
      outbound.close();
      remote.abort();
    }
  }
}
