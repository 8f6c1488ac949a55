package dev.p2pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.graph.GraphNode;
import dev.p2pcp.graph.ReconcileMessage;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.Origin;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.identity.ServerRecord;
import dev.p2pcp.quota.Grant;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.transport.Transport;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final int TYPE = 1;
  private static final int ID = 4;
  private static final int COUNT = 2;

  @Test
  void transport_and_frames_agree_on_the_longest_message() {
    assertThat(Transport.MAX_MESSAGE).isEqualTo(Limits.MESSAGE);
    assertThat(Transport.SUBPROTOCOL).isEqualTo("p2pcp.v" + Limits.VERSION);
  }

  @Test
  void lists_as_long_as_they_may_be_fit_a_message() {
    int head = TYPE + ID + COUNT;
    assertThat(head + PeerId.LENGTH + Limits.ANNOUNCE_KEYS * StorageKey.LENGTH)
        .isLessThanOrEqualTo(Limits.MESSAGE);
    assertThat(head + Limits.LOOKUP_KEYS * (COUNT + Limits.LOCATIONS * PeerId.LENGTH))
        .isLessThanOrEqualTo(Limits.MESSAGE);
    assertThat(head + PeerId.LENGTH + Signature.LENGTH + TicketBatch.MAX * Ticket.LENGTH)
        .isLessThanOrEqualTo(Limits.MESSAGE);
    int kept = PeerId.LENGTH + Long.BYTES + Long.BYTES + Integer.BYTES + 1;
    assertThat(head + Integer.BYTES + Limits.LOOKUP_KEYS * (COUNT + Limits.KEPT * kept))
        .isLessThanOrEqualTo(Limits.MESSAGE);
    assertThat(head + Limits.TOPICS * (COUNT + Limits.SAMPLE * PeerId.LENGTH))
        .isLessThanOrEqualTo(Limits.MESSAGE);
    assertThat(TYPE + ID + 1 + Limits.DATA).isLessThanOrEqualTo(Limits.MESSAGE);
    int origins = (ServerRecord.ORIGINS + ServerRecord.RECOMMENDED) * (COUNT + Origin.MAX_LENGTH);
    int server = 1 + PublicKey.LENGTH + 2 * Long.BYTES + 2 * COUNT + origins + Signature.LENGTH;
    assertThat(head + Limits.SERVERS * server).isLessThanOrEqualTo(Limits.MESSAGE);
  }

  @Test
  void one_receipt_batch_always_fits_a_message() {
    assertThat(TYPE + ID + COUNT + ReceiptBatch.MAX_LENGTH).isLessThanOrEqualTo(Limits.MESSAGE);
  }

  @Test
  void a_block_fits_a_frame_with_what_goes_before_it() {
    int before = TYPE + Grant.MAX_LENGTH + DeviceCertificate.LENGTH + Signature.LENGTH;
    assertThat(before + Block.MAX_LENGTH).isLessThanOrEqualTo(Limits.PEER_FRAME);
  }

  @Test
  void what_members_of_a_topic_say_fits_a_frame_and_a_message_fits_one_piece() {
    int lists = 3 * COUNT + Limits.GOSSIP_PEERS * PeerId.LENGTH + Limits.GOSSIP * Hash.LENGTH;
    assertThat(TYPE + Hash.LENGTH + 1 + lists + Limits.GOSSIP_BYTES)
        .isLessThanOrEqualTo(Limits.INITIAL_CREDIT);
    assertThat(TYPE + Hash.LENGTH + Limits.ASKED).isLessThanOrEqualTo(Limits.PEER_FRAME);
    assertThat(TYPE + Hash.LENGTH + 1 + 4 * COUNT + Limits.TOPIC_MESSAGE)
        .isLessThanOrEqualTo(Limits.DATA);
    assertThat(GraphNode.MAX_LENGTH).isLessThanOrEqualTo(Limits.TOPIC_MESSAGE);
    assertThat(ReconcileMessage.MAX_LENGTH).isLessThanOrEqualTo(Limits.ASKED);
  }

  @Test
  void the_first_credit_lets_a_piece_through_and_never_exceeds_the_most() {
    assertThat(Limits.INITIAL_CREDIT).isBetween(Limits.DATA, Limits.CREDIT);
  }

  @Test
  void one_block_can_always_be_reserved_with_all_its_copies() {
    assertThat(Limits.COPIES).isLessThanOrEqualTo(TicketBatch.MAX);
    assertThat(Limits.RESERVE_ITEMS).isLessThanOrEqualTo(TicketBatch.MAX);
  }

  @Test
  void a_refusal_over_its_limits_cannot_be_made() {
    String text = "x".repeat(Limits.TEXT);
    List<Long> figures = Collections.nCopies(Limits.FIGURES, 1L);
    assertThat(new Refusal(1, figures, text).text()).isEqualTo(text);
    assertThatIllegalArgumentException().isThrownBy(() -> new Refusal(1, List.of(), text + "x"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Refusal(1, List.of(), "ž".repeat(Limits.TEXT / 2 + 1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Refusal(1, Collections.nCopies(Limits.FIGURES + 1, 1L), ""));
  }

  @Test
  void the_host_is_the_same_seen_from_both_sides() {
    assertThat(List.of("https://Index.Example", "http://index.example:8080/", "index.example:443"))
        .extracting(SessionFrame.Challenge::hostOf)
        .containsOnly("index.example");
    assertThat(SessionFrame.Challenge.hostOf("http://[2001:DB8::1]:80")).isEqualTo("[2001:db8::1]");
    assertThat(SessionFrame.Challenge.hostOf("[::1]")).isEqualTo("[::1]");
    assertThat(SessionFrame.Challenge.hostOf("127.0.0.1:8080")).isEqualTo("127.0.0.1");
  }
}
