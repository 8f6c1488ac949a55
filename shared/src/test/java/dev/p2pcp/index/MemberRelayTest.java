package dev.p2pcp.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.TunnelFrame;
import dev.p2pcp.wire.TunnelFrame.Close;
import dev.p2pcp.wire.TunnelFrame.Credit;
import dev.p2pcp.wire.TunnelFrame.Data;
import dev.p2pcp.wire.TunnelFrame.Open;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two relays joined by a link, on which frames are under way until the test moves them on. */
class MemberRelayTest {
  private static final int ANN = 1;
  private static final int BOB = 2;
  private static final int LINK = 100;
  private static final int STREAMS = 200;
  private static final Bytes FULL = Bytes.wrap(new byte[Limits.DATA]);

  private final Side near = new Side(true);
  private final Side far = new Side(false);

  /** One member: its relay, what goes out over the link, and what its sessions were sent. */
  private static final class Side {
    private final TunnelRelay relay = new TunnelRelay();
    private final Queue<Delivery> sent = new ArrayDeque<>();
    private final List<Delivery> got = new ArrayList<>();

    Side(boolean dialled) {
      relay.connectMember(LINK, dialled, STREAMS);
    }

    void take(List<Delivery> deliveries) {
      for (Delivery delivery : deliveries) {
        (delivery.session() == LINK ? sent : got).add(delivery);
      }
    }

    void from(int session, TunnelFrame frame) {
      take(relay.received(session, frame));
    }

    /** One frame of the other side arrives. */
    void arrive(Delivery delivery) {
      PeerId to = Objects.requireNonNull(delivery.far());
      take(
          delivery.frame() instanceof Open open
              ? relay.opened(LINK, open.stream(), open.peer(), to)
              : relay.received(LINK, delivery.frame()));
    }
  }

  @BeforeEach
  void connect() {
    near.relay.connect(ANN, peer(ANN));
    far.relay.connect(BOB, peer(BOB));
    near.relay.connectFar(LINK, peer(BOB));
    far.relay.connectFar(LINK, peer(ANN));
  }

  @Test
  void a_stream_crosses_the_link_and_its_reply_comes_back() {
    near.from(ANN, new Open(2, peer(BOB)));
    near.from(ANN, new Data(2, true, Bytes.utf8("hello")));
    settle();
    assertThat(far.got)
        .containsExactly(
            new Delivery(BOB, new Open(1, peer(ANN))),
            new Delivery(BOB, new Data(1, true, Bytes.utf8("hello"))));
    far.from(BOB, new Data(1, true, Bytes.utf8("hi")));
    settle();
    assertThat(near.got).containsExactly(new Delivery(ANN, new Data(2, true, Bytes.utf8("hi"))));
    assertThat(open()).containsOnly(0);
  }

  @Test
  void both_sides_may_open_streams_over_one_link() {
    near.from(ANN, new Open(2, peer(BOB)));
    far.from(BOB, new Open(2, peer(ANN)));
    settle();
    assertThat(far.got).containsExactly(new Delivery(BOB, new Open(1, peer(ANN))));
    assertThat(near.got).containsExactly(new Delivery(ANN, new Open(1, peer(BOB))));
    assertThat(open()).containsOnly(2);
  }

  @Test
  void a_sender_is_bound_by_the_credit_of_the_far_end() {
    near.from(ANN, new Open(2, peer(BOB)));
    near.from(ANN, new Data(2, false, FULL));
    near.from(ANN, new Data(2, false, FULL));
    settle();
    far.from(BOB, new Credit(1, Limits.DATA));
    settle();
    assertThat(near.got).containsExactly(new Delivery(ANN, new Credit(2, Limits.DATA)));
    near.from(ANN, new Data(2, false, FULL));
    near.from(ANN, new Data(2, false, FULL));
    settle();
    assertThat(far.got).contains(new Delivery(BOB, new Close(1, Refusal.OVER_LIMIT)));
    assertThat(open()).containsOnly(0);
  }

  @Test
  void who_has_just_gone_from_the_other_member_is_unknown() {
    far.relay.disconnect(BOB);
    near.from(ANN, new Open(2, peer(BOB)));
    settle();
    assertThat(near.got).containsExactly(new Delivery(ANN, new Close(2, Refusal.UNKNOWN_PEER)));
    near.relay.disconnectFar(LINK, peer(BOB));
    near.from(ANN, new Open(4, peer(BOB)));
    assertThat(near.sent).isEmpty();
    assertThat(near.got).contains(new Delivery(ANN, new Close(4, Refusal.UNKNOWN_PEER)));
  }

  @Test
  void a_stream_crosses_no_second_link() {
    far.relay.connectMember(LINK + 1, true, STREAMS);
    far.relay.connectFar(LINK + 1, peer(7));
    assertThat(far.relay.opened(LINK, 2, peer(ANN), peer(7)))
        .containsExactly(new Delivery(LINK, new Close(2, Refusal.UNKNOWN_PEER), peer(ANN)));
  }

  @Test
  void who_logs_in_elsewhere_is_found_there_although_the_old_member_says_later_that_he_is_gone() {
    near.relay.connectMember(LINK + 1, true, STREAMS);
    near.relay.connectFar(LINK + 1, peer(BOB));
    near.relay.disconnectFar(LINK, peer(BOB));
    assertThat(near.relay.received(ANN, new Open(2, peer(BOB))))
        .extracting(Delivery::session)
        .containsExactly(LINK + 1);
  }

  @Test
  void a_peer_that_is_here_is_not_looked_for_elsewhere() {
    near.relay.connect(3, peer(BOB));
    assertThat(near.relay.received(ANN, new Open(2, peer(BOB))))
        .containsExactly(new Delivery(3, new Open(1, peer(ANN))));
  }

  @Test
  void a_lost_link_ends_its_streams_and_what_was_behind_it_is_unknown() {
    near.from(ANN, new Open(2, peer(BOB)));
    assertThat(near.relay.disconnect(LINK))
        .containsExactly(new Delivery(ANN, new Close(2, Refusal.UNKNOWN_PEER)));
    assertThat(near.relay.streams(ANN)).isZero();
    assertThat(near.relay.received(ANN, new Open(4, peer(BOB))))
        .containsExactly(new Delivery(ANN, new Close(4, Refusal.UNKNOWN_PEER)));
  }

  @Test
  void streams_over_a_link_are_bounded() {
    for (int session = 10; session < 12; session++) {
      near.relay.connect(session, peer(session));
      for (int i = 0; i < Limits.STREAMS; i++) {
        near.from(session, new Open(2L * i, peer(BOB)));
      }
    }
    assertThat(near.relay.streams(LINK)).isEqualTo(STREAMS);
    assertThat(near.got).extracting(Delivery::frame).contains(new Close(254, Refusal.BUSY));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatever_comes_in_whatever_order_both_members_agree_when_all_has_arrived(long seed) {
    Random random = new Random(seed);
    Map<Integer, Integer> carried = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      Side side = random.nextBoolean() ? near : far;
      int self = side == near ? ANN : BOB;
      switch (random.nextInt(12)) {
        case 0, 1 -> side.from(self, new Open(random.nextInt(40), peer(1 + random.nextInt(3))));
        case 2 -> side.from(self, new Credit(random.nextInt(40), 1 + random.nextInt(90_000)));
        case 3 -> side.from(self, new Close(random.nextInt(40), 0));
        case 4, 5, 6 -> side.from(self, new Data(random.nextInt(40), random.nextInt(4) == 0, FULL));
        default -> move(side, random.nextInt(3));
      }
      if (random.nextInt(500) == 0) {
        settle();
        assertThat(open().stream().distinct()).as("seed %d, step %d", seed, i).hasSize(1);
      }
      near.got.forEach(d -> carried.merge(d.frame().type().number(), 1, Integer::sum));
      near.got.clear();
      far.got.clear();
    }
    assertThat(carried).as("every kind of frame came through").hasSize(4);
  }

  private void move(Side from, int count) {
    Side to = from == near ? far : near;
    for (int i = 0; i < count && !from.sent.isEmpty(); i++) {
      to.arrive(from.sent.remove());
    }
  }

  private void settle() {
    while (!near.sent.isEmpty() || !far.sent.isEmpty()) {
      move(near, 1);
      move(far, 1);
    }
  }

  private List<Integer> open() {
    return List.of(
        near.relay.streams(ANN),
        near.relay.streams(LINK),
        far.relay.streams(LINK),
        far.relay.streams(BOB));
  }

  private static PeerId peer(int number) {
    return new PeerId(Sha256.hash(Bytes.utf8("peer" + number)).bytes());
  }
}
