package dev.p2pcp.server.tunnel;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.server.admission.Settings;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.TunnelFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Asks agents on behalf of those who come by plain HTTP, and of the server itself: one stream for
 * each request, few at a time.
 */
@Component
public class TunnelGateway implements TunnelEnd {
  /** Stream numbers are four bytes; the server's own end opens even ones. */
  private static final long NUMBERS = 0x1_0000_0000L;

  /** Streams that are kept free for audits; whoever makes them makes no more at once. */
  public static final int AUDITS = 128;

  private static final int BUSY_PAUSE = 1_000;

  private final Tunnels tunnels;
  private final int limit;
  private final Duration deadline;
  private final Map<Long, GatewayCall> calls = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicInteger underWay = new AtomicInteger();

  TunnelGateway(Tunnels tunnels, Settings settings) {
    this.tunnels = tunnels;
    this.limit = settings.tunnelRequests();
    this.deadline = settings.tunnelDeadline();
    tunnels.connectServer(this, limit + AUDITS);
  }

  /** The peer's reply. The error is a {@link RefusedException} if there is none. */
  public Mono<PeerFrame.Reply> ask(PeerId peer, PeerFrame.Request request) {
    return ask(peer, Mono.just(request));
  }

  /**
   * As above; the request is gathered only if it is one of the few, and its errors are passed on.
   */
  public Mono<PeerFrame.Reply> ask(PeerId peer, Mono<PeerFrame.Request> gathered) {
    return Mono.defer(
        () -> {
          if (underWay.incrementAndGet() > limit) {
            underWay.decrementAndGet();
            return Mono.error(
                new RefusedException(Refusal.of(Refusal.BUSY, "requests", BUSY_PAUSE)));
          }
          return gathered
              .flatMap(request -> call(peer, request, deadline))
              .doFinally(signal -> underWay.decrementAndGet());
        });
  }

  /** As {@link #ask}, for at most {@value #AUDITS} at once, and within that time. */
  public Mono<PeerFrame.Reply> audit(PeerId peer, PeerFrame.Audit audit, Duration within) {
    return Mono.defer(() -> call(peer, audit, within));
  }

  @Override
  public void deliver(TunnelFrame frame) {
    GatewayCall call = calls.get(frame.stream());
    if (call != null) {
      switch (frame) {
        case TunnelFrame.Data data -> call.data(data);
        case TunnelFrame.Credit credit -> call.credit(credit.bytes());
        case TunnelFrame.Close close -> call.closed(close.code());
        case TunnelFrame.Open open ->
            throw new IllegalStateException("nobody can open a stream to here");
      }
    }
  }

  @Override
  public Mono<Void> room() {
    return Mono.empty();
  }

  /** What arrives is bounded by credit and the number of requests. */
  @Override
  public boolean hasRoom() {
    return true;
  }

  private Mono<PeerFrame.Reply> call(PeerId peer, PeerFrame.Request request, Duration within) {
    long number = numbers.addAndGet(2) % NUMBERS;
    GatewayCall call = new GatewayCall(number, credit -> tunnels.relay(Tunnels.SERVER, credit));
    calls.put(number, call);
    tunnels.relay(Tunnels.SERVER, new TunnelFrame.Open(number, peer));
    Mono<PeerFrame.Reply> sending =
        Flux.fromIterable(pieces(number, FrameCodec.encode(request)))
            .concatMap(
                piece ->
                    call.take(piece.bytes().length())
                        .then(Mono.defer(() -> tunnels.received(Tunnels.SERVER, piece))))
            .then(Mono.never());
    return Mono.firstWithSignal(call.reply().publishOn(Schedulers.parallel()), sending)
        .timeout(within)
        .onErrorMap(
            TimeoutException.class,
            late -> new RefusedException(Refusal.of(Refusal.TOO_SLOW, "no answer in time")))
        .doFinally(
            signal -> {
              calls.remove(number);
              // Drops silently if the stream has ended by itself.
              tunnels.relay(Tunnels.SERVER, new TunnelFrame.Close(number, Refusal.TOO_SLOW));
            });
  }

  private static List<TunnelFrame.Data> pieces(long number, Bytes message) {
    List<TunnelFrame.Data> pieces = new ArrayList<>();
    for (int at = 0; at < message.length(); at += Limits.DATA) {
      int count = Math.min(Limits.DATA, message.length() - at);
      pieces.add(
          new TunnelFrame.Data(number, at + count == message.length(), message.slice(at, count)));
    }
    return pieces;
  }
}
