package dev.p2pcp.server.tunnel;

import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Lanes;
import dev.p2pcp.server.member.LinkFrame;
import dev.p2pcp.server.member.MemberLink;
import dev.p2pcp.wire.TunnelFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * The peers behind one link. Data to each goes in a lane of its own; who finds the lane full waits.
 * What comes over the link for a session that is behind is delivered all the same, and reported as
 * passed on only when that session has caught up: until then the other member's lane stays full.
 */
final class MemberEnd {
  private final MemberLink link;
  private final Lanes lanes = new Lanes();
  private final Map<PeerId, List<Sinks.Empty<Void>>> waiting = new HashMap<>();
  private final Map<Long, Long> held = new HashMap<>();
  private boolean lost;

  MemberEnd(MemberLink link) {
    this.link = link;
  }

  MemberLink link() {
    return link;
  }

  /** The end of one peer on the other member. */
  TunnelEnd toward(PeerId far) {
    return new Lane(far);
  }

  /** The other member has passed on so much of a lane. */
  void passed(long lane, long weight) {
    List<Sinks.Empty<Void>> released;
    synchronized (this) {
      Optional<PeerId> peer = lanes.passed(lane, weight);
      released = peer.map(waiting::remove).orElse(List.of());
    }
    released.forEach(Sinks.Empty::tryEmitEmpty);
  }

  /** Data of a lane of the other member was delivered to that end, or to none. */
  void delivered(LinkFrame.Data data, @Nullable TunnelEnd to) {
    long weight = Lanes.weight(data.bytes().length());
    synchronized (this) {
      boolean behind = held.containsKey(data.lane());
      if (to == null || (!behind && to.hasRoom())) {
        link.send(new LinkFrame.Passed(data.lane(), weight));
        return;
      }
      held.merge(data.lane(), weight, Long::sum);
      if (behind) {
        return;
      }
    }
    to.room().doFinally(signal -> release(data.lane())).subscribe();
  }

  /** The link is lost: nobody waits for it any longer. */
  void lost() {
    List<Sinks.Empty<Void>> released = new ArrayList<>();
    synchronized (this) {
      lost = true;
      waiting.values().forEach(released::addAll);
      waiting.clear();
    }
    released.forEach(Sinks.Empty::tryEmitEmpty);
  }

  private synchronized void release(long lane) {
    Long weight = held.remove(lane);
    if (weight != null) {
      link.send(new LinkFrame.Passed(lane, weight));
    }
  }

  private synchronized boolean hasRoom(PeerId far) {
    return lost || lanes.hasRoom(far);
  }

  private Mono<Void> room(PeerId far) {
    Sinks.Empty<Void> sink = Sinks.empty();
    synchronized (this) {
      if (hasRoom(far)) {
        return Mono.empty();
      }
      waiting.computeIfAbsent(far, peer -> new ArrayList<>()).add(sink);
    }
    return sink.asMono().publishOn(Schedulers.parallel());
  }

  private synchronized long sent(PeerId far, TunnelFrame.Data data) {
    return lanes.sent(far, Lanes.weight(data.bytes().length()));
  }

  private final class Lane implements TunnelEnd {
    private final PeerId far;

    Lane(PeerId far) {
      this.far = far;
    }

    @Override
    public void deliver(TunnelFrame frame) {
      link.send(
          switch (frame) {
            case TunnelFrame.Open open -> new LinkFrame.Open(open.stream(), open.peer(), far);
            case TunnelFrame.Data data ->
                new LinkFrame.Data(data.stream(), data.last(), sent(far, data), data.bytes());
            case TunnelFrame.Credit credit -> new LinkFrame.Credit(credit.stream(), credit.bytes());
            case TunnelFrame.Close close -> new LinkFrame.Close(close.stream(), close.code());
          });
    }

    @Override
    public Mono<Void> room() {
      return Mono.defer(() -> link.hasRoom() ? MemberEnd.this.room(far) : link.room());
    }

    @Override
    public boolean hasRoom() {
      return link.hasRoom() && MemberEnd.this.hasRoom(far);
    }
  }
}
