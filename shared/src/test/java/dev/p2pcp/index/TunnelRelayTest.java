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
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TunnelRelayTest {
  private static final int ANN = 1;
  private static final int BOB = 2;
  private static final int SERVER = 9;
  private static final Bytes FULL = Bytes.wrap(new byte[Limits.DATA]);

  private final TunnelRelay relay = new TunnelRelay();

  @BeforeEach
  void connect() {
    relay.connect(ANN, peer(ANN));
    relay.connect(BOB, peer(BOB));
  }

  @Test
  void a_stream_has_an_even_number_here_and_an_odd_one_there() {
    assertThat(relay.received(ANN, new Open(2, peer(BOB))))
        .containsExactly(new Delivery(BOB, new Open(1, peer(ANN))));
    assertThat(relay.received(ANN, new Data(2, true, Bytes.utf8("hello"))))
        .containsExactly(new Delivery(BOB, new Data(1, true, Bytes.utf8("hello"))));
    assertThat(relay.received(BOB, new Data(1, false, Bytes.utf8("hi"))))
        .containsExactly(new Delivery(ANN, new Data(2, false, Bytes.utf8("hi"))));
  }

  @Test
  void a_stream_is_over_when_both_have_sent_their_last() {
    relay.received(ANN, new Open(2, peer(BOB)));
    relay.received(ANN, new Data(2, true, FULL));
    relay.received(BOB, new Data(1, true, FULL));
    assertThat(relay.streams(ANN)).isZero();
    assertThat(relay.streams(BOB)).isZero();
    assertThat(relay.received(BOB, new Credit(1, 5))).isEmpty();
    assertThat(relay.received(ANN, new Close(2, 0))).isEmpty();
    assertThat(relay.received(ANN, new Open(2, peer(BOB)))).hasSize(1);
  }

  @Test
  void data_beyond_the_credit_closes_the_stream_on_both_sides() {
    relay.received(ANN, new Open(2, peer(BOB)));
    assertThat(relay.received(ANN, new Data(2, false, FULL))).hasSize(1);
    assertThat(relay.received(ANN, new Data(2, false, FULL))).hasSize(1);
    assertThat(relay.received(ANN, new Data(2, false, FULL)))
        .containsExactly(
            new Delivery(ANN, new Close(2, Refusal.OVER_LIMIT)),
            new Delivery(BOB, new Close(1, Refusal.OVER_LIMIT)));
    assertThat(relay.streams(ANN)).isZero();
  }

  @Test
  void credit_lets_more_pass_in_that_direction_only() {
    relay.received(ANN, new Open(2, peer(BOB)));
    relay.received(ANN, new Data(2, false, FULL));
    relay.received(ANN, new Data(2, false, FULL));
    assertThat(relay.received(BOB, new Credit(1, Limits.DATA)))
        .containsExactly(new Delivery(ANN, new Credit(2, Limits.DATA)));
    assertThat(relay.received(ANN, new Data(2, false, FULL)))
        .containsExactly(new Delivery(BOB, new Data(1, false, FULL)));
  }

  @Test
  void credit_beyond_its_bound_closes_the_stream() {
    relay.received(ANN, new Open(2, peer(BOB)));
    assertThat(relay.received(BOB, new Credit(1, Limits.CREDIT)))
        .contains(new Delivery(BOB, new Close(1, Refusal.OVER_LIMIT)));
  }

  @Test
  void nobody_sends_after_his_last() {
    relay.received(ANN, new Open(2, peer(BOB)));
    relay.received(ANN, new Data(2, true, FULL));
    assertThat(relay.received(ANN, new Data(2, false, FULL)))
        .contains(new Delivery(BOB, new Close(1, Refusal.OUT_OF_ORDER)));
  }

  @Test
  void a_stream_to_who_is_not_there_is_closed() {
    assertThat(relay.received(ANN, new Open(2, peer(7))))
        .containsExactly(new Delivery(ANN, new Close(2, Refusal.UNKNOWN_PEER)));
    assertThat(relay.received(ANN, new Open(4, peer(ANN))))
        .containsExactly(new Delivery(ANN, new Close(4, Refusal.UNKNOWN_PEER)));
    assertThat(relay.received(ANN, new Open(6, ProofCheck.SERVER)))
        .containsExactly(new Delivery(ANN, new Close(6, Refusal.UNKNOWN_PEER)));
  }

  @Test
  void odd_numbers_and_numbers_in_use_are_refused() {
    assertThat(relay.received(ANN, new Open(3, peer(BOB))))
        .containsExactly(new Delivery(ANN, new Close(3, Refusal.OUT_OF_ORDER)));
    relay.received(ANN, new Open(2, peer(BOB)));
    assertThat(relay.received(ANN, new Open(2, peer(BOB))))
        .containsExactly(
            new Delivery(ANN, new Close(2, Refusal.OUT_OF_ORDER)),
            new Delivery(BOB, new Close(1, Refusal.OUT_OF_ORDER)));
  }

  @Test
  void streams_are_bounded_on_either_side() {
    relay.connect(3, peer(3));
    for (int i = 0; i < Limits.STREAMS; i++) {
      relay.received(ANN, new Open(2L * i, peer(BOB)));
    }
    assertThat(relay.streams(BOB)).isEqualTo(Limits.STREAMS);
    assertThat(relay.received(ANN, new Open(5_000, peer(BOB))))
        .containsExactly(new Delivery(ANN, new Close(5_000, Refusal.OVER_LIMIT)));
    assertThat(relay.received(3, new Open(2, peer(BOB))))
        .containsExactly(new Delivery(3, new Close(2, Refusal.BUSY)));
  }

  @Test
  void who_goes_takes_his_streams_along() {
    relay.received(ANN, new Open(2, peer(BOB)));
    assertThat(relay.disconnect(BOB))
        .containsExactly(new Delivery(ANN, new Close(2, Refusal.UNKNOWN_PEER)));
    assertThat(relay.streams(ANN)).isZero();
    assertThat(relay.received(ANN, new Open(4, peer(BOB))))
        .containsExactly(new Delivery(ANN, new Close(4, Refusal.UNKNOWN_PEER)));
  }

  @Test
  void an_older_session_that_goes_late_does_not_take_the_new_one_along() {
    relay.connect(5, peer(BOB));
    relay.disconnect(BOB);
    assertThat(relay.received(ANN, new Open(2, peer(BOB))))
        .containsExactly(new Delivery(5, new Open(1, peer(ANN))));
  }

  @Test
  void the_server_asks_as_nobody() {
    relay.connectServer(SERVER, 1);
    assertThat(relay.received(SERVER, new Open(2, peer(BOB))))
        .containsExactly(new Delivery(BOB, new Open(1, ProofCheck.SERVER)));
    assertThat(relay.received(SERVER, new Open(4, peer(BOB))))
        .containsExactly(new Delivery(SERVER, new Close(4, Refusal.OVER_LIMIT)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whatever_comes_both_sides_agree_on_their_streams(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      int from = 1 + random.nextInt(2);
      long stream = random.nextInt(40);
      TunnelFrame frame =
          switch (random.nextInt(8)) {
            case 0, 1, 2 -> new Open(stream, peer(1 + random.nextInt(3)));
            case 3 -> new Credit(stream, 1 + random.nextInt(Limits.CREDIT));
            case 4 -> new Close(stream, 0);
            default -> new Data(stream, random.nextInt(4) == 0, FULL);
          };
      List<Delivery> deliveries = relay.received(from, frame);
      assertThat(deliveries).as("seed %d", seed).hasSizeLessThanOrEqualTo(2);
      assertThat(relay.streams(ANN)).as("seed %d", seed).isEqualTo(relay.streams(BOB));
    }
  }

  private static PeerId peer(int number) {
    return new PeerId(Sha256.hash(Bytes.utf8("peer" + number)).bytes());
  }
}
