package dev.p2pcp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Delivery;
import dev.p2pcp.index.TunnelRelay;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two agents with the relay of an index server between them. */
class TunnelTest extends LinkContract {
  private static final int ASKER = 1;
  private static final int ANSWERER = 2;

  private final PeerId asker = peer(ASKER);
  private final PeerId answerer = peer(ANSWERER);
  private final Relay relay = new Relay();

  @Override
  protected PeerId here() {
    return asker;
  }

  @Override
  protected Link linkTo(PeerHandler there) {
    relay.connect(ASKER, asker, (from, request) -> new PeerFrame.Ok());
    relay.connect(ANSWERER, answerer, there);
    return relay.end(ASKER).to(answerer);
  }

  @Override
  protected void cut() {
    relay.disconnect(ANSWERER);
  }

  @Test
  void a_finished_call_leaves_no_stream_behind() throws LinkException {
    Link link = linkTo((from, request) -> new PeerFrame.Ok());
    for (int i = 0; i < 300; i++) {
      assertThat(call(link, new PeerFrame.Get(key(1)))).isEqualTo(new PeerFrame.Ok());
    }
    assertThat(relay.streams()).isZero();
  }

  @Test
  void a_peer_that_is_not_there_is_no_wait() {
    linkTo((from, request) -> new PeerFrame.Ok());
    Link nowhere = relay.end(ASKER).to(peer(3));
    assertThatExceptionOfType(LinkException.class)
        .isThrownBy(() -> call(nowhere, new PeerFrame.Get(key(1))))
        .withMessageContaining("15");
  }

  private static PeerId peer(int number) {
    return new PeerId(new Seeded(number).bytes(PeerId.LENGTH));
  }

  /** Hands frames over one by one, in their order. */
  private final class Relay {
    private final TunnelRelay rules = new TunnelRelay();
    private final Map<Integer, Tunnel> ends = new HashMap<>();
    private final Deque<Delivery> underWay = new ArrayDeque<>();

    synchronized void connect(int session, PeerId peer, PeerHandler handler) {
      rules.connect(session, peer);
      ends.put(session, new Tunnel(platform, frame -> sent(session, frame), handler));
    }

    synchronized void disconnect(int session) {
      Tunnel gone = ends.remove(session);
      underWay.addAll(rules.disconnect(session));
      handOver();
      gone.closed();
    }

    synchronized Tunnel end(int session) {
      return ends.get(session);
    }

    synchronized int streams() {
      return rules.streams(ASKER) + rules.streams(ANSWERER);
    }

    private synchronized void sent(int session, Frame frame) {
      List<Delivery> deliveries = rules.received(session, (TunnelFrame) frame);
      underWay.addAll(deliveries);
      handOver();
    }

    private void handOver() {
      while (!underWay.isEmpty()) {
        Delivery delivery = underWay.remove();
        Tunnel end = ends.get(delivery.session());
        if (end != null) {
          end.received(delivery.frame());
        }
      }
    }
  }
}
