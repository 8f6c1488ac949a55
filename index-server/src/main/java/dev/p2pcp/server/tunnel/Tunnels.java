package dev.p2pcp.server.tunnel;

import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Delivery;
import dev.p2pcp.index.TunnelRelay;
import dev.p2pcp.server.member.LinkFrame;
import dev.p2pcp.server.member.MemberLink;
import dev.p2pcp.server.member.MemberLinks;
import dev.p2pcp.wire.TunnelFrame;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Relays streams between the sessions of this member, and over links to those of others. Deciding
 * and handing over happen in one short section, so that frames of a stream keep their order. Who
 * sends to a receiver that is behind waits, and with him only what he sends.
 */
@Component
public class Tunnels {
  /** The session number of the server's own end. Those of agents are above, of links below. */
  static final int SERVER = 0;

  /** Streams over one link. */
  private static final int LINK_STREAMS = 65_536;

  private final MemberLinks links;
  private final TunnelRelay relay = new TunnelRelay();
  private final Map<Integer, TunnelEnd> ends = new HashMap<>();
  private final Map<Integer, MemberEnd> members = new HashMap<>();
  private final Counter bytes;
  private final Counter stalls;

  Tunnels(MemberLinks links, MeterRegistry meters) {
    this.links = links;
    this.bytes =
        Counter.builder("p2pcp.tunnel.bytes")
            .description("Bytes relayed between agents, or between agents and HTTP")
            .baseUnit("bytes")
            .register(meters);
    this.stalls =
        Counter.builder("p2pcp.tunnel.stalls")
            .description("Times that a sender had to wait for a receiver that was behind")
            .register(meters);
  }

  /** The session can be reached by its peer id from now on. */
  public synchronized void connect(int session, PeerId peer, TunnelEnd end) {
    ends.put(session, end);
    relay.connect(session, peer);
    links.broadcast(new LinkFrame.Here(List.of(peer)));
  }

  /** The server's own end, with so many streams at most. */
  synchronized void connectServer(TunnelEnd end, int streams) {
    ends.put(SERVER, end);
    relay.connectServer(SERVER, streams);
  }

  /** A link is up: the other member is told who is here. */
  synchronized void connectMember(MemberLink link, MemberEnd end) {
    members.put(link.number(), end);
    relay.connectMember(link.number(), link.isDialler(), LINK_STREAMS);
    List<PeerId> peers = relay.peers();
    for (int at = 0; at < peers.size(); at += LinkFrame.LIST) {
      int to = Math.min(at + LinkFrame.LIST, peers.size());
      link.send(new LinkFrame.Here(List.copyOf(peers.subList(at, to))));
    }
  }

  /** The peers are connected to the member behind that link. */
  synchronized void connectFar(int link, List<PeerId> peers) {
    peers.forEach(peer -> relay.connectFar(link, peer));
  }

  /** The peer no longer is. */
  synchronized void disconnectFar(int link, PeerId peer) {
    relay.disconnectFar(link, peer);
  }

  /** The session or link is gone; its streams are closed. */
  public synchronized void disconnect(int session) {
    Optional<PeerId> gone = relay.reachedBy(session);
    ends.remove(session);
    members.remove(session);
    deliver(relay.disconnect(session));
    gone.ifPresent(peer -> links.broadcast(new LinkFrame.Gone(peer)));
  }

  /** Whether streams to the peer can be opened here: it is connected to a member that is known. */
  public synchronized boolean reaches(PeerId peer) {
    return relay.reaches(peer);
  }

  /** The link behind which the peer is; empty if it is connected here or nowhere. */
  public synchronized Optional<MemberLink> linkTo(PeerId peer) {
    return relay.linkTo(peer).map(members::get).map(MemberEnd::link);
  }

  /** Whether the session has streams open. */
  public synchronized boolean isBusy(int session) {
    return relay.isBusy(session);
  }

  /** Relays a frame of a session. Completes when the session may be read on. */
  public Mono<Void> received(int session, TunnelFrame frame) {
    TunnelEnd full = relayIfRoom(session, frame);
    if (full == null) {
      return Mono.empty();
    }
    stalls.increment();
    return full.room().then(Mono.defer(() -> again(session, frame)));
  }

  /** Relays a frame now. */
  synchronized void relay(int session, TunnelFrame frame) {
    deliver(relay.received(session, frame));
  }

  /** Relays data now; where it went, if the stream is open. */
  synchronized @Nullable TunnelEnd passOn(int link, TunnelFrame.Data data) {
    TunnelEnd target = target(link, data.stream());
    deliver(relay.received(link, data));
    return target;
  }

  /** A peer behind a link opens a stream. */
  synchronized void opened(int link, long stream, PeerId source, PeerId target) {
    deliver(relay.opened(link, stream, source, target));
  }

  /** Others may have been quicker to take the room that there was. */
  private Mono<Void> again(int session, TunnelFrame frame) {
    TunnelEnd full = relayIfRoom(session, frame);
    return full == null ? Mono.empty() : full.room().then(Mono.defer(() -> again(session, frame)));
  }

  /** The end that the frame has to wait for, if it has. */
  private synchronized @Nullable TunnelEnd relayIfRoom(int session, TunnelFrame frame) {
    if (frame instanceof TunnelFrame.Data data) {
      TunnelEnd target = target(session, data.stream());
      if (target != null && !target.hasRoom()) {
        return target;
      }
    }
    deliver(relay.received(session, frame));
    return null;
  }

  private @Nullable TunnelEnd target(int session, long stream) {
    return relay
        .target(session, stream)
        .map(target -> end(target.session(), target.far()))
        .orElse(null);
  }

  private @Nullable TunnelEnd end(int session, @Nullable PeerId far) {
    if (far == null) {
      return ends.get(session);
    }
    MemberEnd member = members.get(session);
    return member == null ? null : member.toward(far);
  }

  private void deliver(List<Delivery> deliveries) {
    for (Delivery delivery : deliveries) {
      TunnelEnd end = end(delivery.session(), delivery.far());
      if (end != null) {
        if (delivery.frame() instanceof TunnelFrame.Data data) {
          bytes.increment(data.bytes().length());
        }
        end.deliver(delivery.frame());
      }
    }
  }
}
