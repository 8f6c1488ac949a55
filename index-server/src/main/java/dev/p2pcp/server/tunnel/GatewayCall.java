package dev.p2pcp.server.tunnel;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.TunnelFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One request of the gateway: gathers the reply, and paces what is sent by the peer's credit. */
final class GatewayCall {
  /** Credit is given back in pieces of at least so many bytes. */
  private static final int CREDIT_STEP = Limits.INITIAL_CREDIT / 2;

  private final long number;
  private final Consumer<TunnelFrame> sender;
  private final Sinks.One<PeerFrame.Reply> reply = Sinks.one();
  private final List<Bytes> pieces = new ArrayList<>();
  private int received;
  private int unacknowledged;
  private int credit = Limits.INITIAL_CREDIT;
  private Sinks.Empty<Void> more = Sinks.empty();

  GatewayCall(long number, Consumer<TunnelFrame> sender) {
    this.number = number;
    this.sender = sender;
  }

  Mono<PeerFrame.Reply> reply() {
    return reply.asMono();
  }

  /** Completes when so many bytes may be sent, and takes them off the credit. */
  Mono<Void> take(int count) {
    return Mono.defer(
        () -> {
          Sinks.Empty<Void> waiting;
          synchronized (this) {
            if (credit >= count) {
              credit -= count;
              return Mono.empty();
            }
            waiting = more;
          }
          return waiting.asMono().then(take(count));
        });
  }

  void credit(int bytes) {
    Sinks.Empty<Void> waiting;
    synchronized (this) {
      credit += bytes;
      waiting = more;
      more = Sinks.empty();
    }
    waiting.tryEmitEmpty();
  }

  void data(TunnelFrame.Data data) {
    int grant = 0;
    synchronized (this) {
      received += data.bytes().length();
      if (received <= Limits.PEER_FRAME) {
        pieces.add(data.bytes());
        unacknowledged += data.bytes().length();
        if (!data.last() && unacknowledged >= CREDIT_STEP) {
          grant = unacknowledged;
          unacknowledged = 0;
        }
      }
    }
    if (received > Limits.PEER_FRAME) {
      fail(Refusal.OVER_LIMIT, "reply");
    } else if (data.last()) {
      finish();
    } else if (grant > 0) {
      sender.accept(new TunnelFrame.Credit(number, grant));
    }
  }

  void closed(int code) {
    fail(code == 0 ? Refusal.NOT_FOUND : code, "closed");
  }

  private synchronized void finish() {
    try {
      if (FrameCodec.decodePeer(Bytes.concat(pieces.toArray(new Bytes[0])))
          instanceof PeerFrame.Reply whole) {
        reply.tryEmitValue(whole);
      } else {
        fail(Refusal.OUT_OF_ORDER, "reply");
      }
    } catch (MalformedFrameException e) {
      fail(Refusal.MALFORMED, "reply");
    }
  }

  private void fail(int code, String what) {
    reply.tryEmitError(new RefusedException(Refusal.of(code, what)));
  }
}
