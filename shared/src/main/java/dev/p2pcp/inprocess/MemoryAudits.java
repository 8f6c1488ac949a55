package dev.p2pcp.inprocess;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.index.Audits;
import dev.p2pcp.index.Delivery;
import dev.p2pcp.index.Oversight;
import dev.p2pcp.index.TunnelRelay;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.trust.Verdict;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The server's own end of the tunnels, through which it sends challenges. */
final class MemoryAudits {
  /** The number of that end; sessions count from 0. */
  static final int END = -1;

  private static final int AT_ONCE = 256;
  private static final long PATIENCE = 30_000;

  /** The header of a WebSocket frame with its mask. */
  private static final int WEB_SOCKET = 8;

  private final TunnelRelay relay;
  private final Oversight oversight;
  private final Clock clock;
  private final AuditTraffic traffic;
  private final Map<Long, Call> calls = new TreeMap<>();
  private final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
  private long next;

  MemoryAudits(TunnelRelay relay, Oversight oversight, Clock clock, AuditTraffic traffic) {
    this.relay = relay;
    this.oversight = oversight;
    this.clock = clock;
    this.traffic = traffic;
    relay.connectServer(END, AT_ONCE);
  }

  /** A challenge under way, and what of its answer is here. */
  private record Call(Audits.Challenge challenge, long since, List<Bytes> pieces) {}

  /** So many audits came to that. */
  int count(Verdict verdict) {
    return verdicts.getOrDefault(verdict, 0);
  }

  /** What is to be sent for the challenges that are due; gives up those that take too long. */
  List<Delivery> turn() {
    List<Delivery> deliveries = new ArrayList<>();
    Iterator<Map.Entry<Long, Call>> running = calls.entrySet().iterator();
    List<Call> late = new ArrayList<>();
    while (running.hasNext()) {
      Map.Entry<Long, Call> entry = running.next();
      if (clock.ticks() - entry.getValue().since > PATIENCE) {
        running.remove();
        late.add(entry.getValue());
        deliveries.addAll(relay.received(END, new TunnelFrame.Close(entry.getKey(), 0)));
      }
    }
    late.forEach(call -> done(call, Optional.empty()));
    for (Audits.Challenge challenge : oversight.due(AT_ONCE - calls.size())) {
      long stream = next;
      next += 2;
      calls.put(stream, new Call(challenge, clock.ticks(), new ArrayList<>()));
      TunnelFrame open = new TunnelFrame.Open(stream, challenge.holder());
      TunnelFrame data = new TunnelFrame.Data(stream, true, FrameCodec.encode(challenge.audit()));
      traffic.bytes(challenge.holder(), onTheLine(open) + onTheLine(data));
      deliveries.addAll(relay.received(END, open));
      deliveries.addAll(relay.received(END, data));
    }
    return deliveries;
  }

  /** A frame of a stream to the server. */
  void received(TunnelFrame frame) {
    Call call = calls.get(frame.stream());
    if (call == null) {
      return;
    }
    traffic.bytes(call.challenge.holder(), onTheLine(frame));
    if (frame instanceof TunnelFrame.Data data) {
      call.pieces.add(data.bytes());
      if (data.last()) {
        calls.remove(frame.stream());
        done(call, reply(call));
      }
    } else if (frame instanceof TunnelFrame.Close) {
      calls.remove(frame.stream());
      done(call, Optional.empty());
    }
  }

  private static int onTheLine(TunnelFrame frame) {
    return WEB_SOCKET + FrameCodec.encode(frame).length();
  }

  private void done(Call call, Optional<PeerFrame.Reply> reply) {
    verdicts.merge(oversight.answered(call.challenge, reply), 1, Integer::sum);
  }

  /** The reply; none if it is no frame, as of one that speaks something else. */
  private static Optional<PeerFrame.Reply> reply(Call call) {
    try {
      PeerFrame frame = FrameCodec.decodePeer(Bytes.concat(call.pieces.toArray(new Bytes[0])));
      return frame instanceof PeerFrame.Reply reply ? Optional.of(reply) : Optional.empty();
    } catch (MalformedFrameException e) {
      return Optional.empty();
    }
  }
}
