package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptOffer;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** N × R ≤ lent, from the first reservation to the ledger of a server that started empty. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class BargainTest {
  private static final Hash NO_ROOT = new Hash(Bytes.wrap(new byte[Hash.LENGTH]));

  @LocalServerPort private int port;

  @Test
  void
      thirty_slots_carry_ten_blocks_of_three_copies_and_a_fresh_server_comes_to_the_same_figures() {
    Crypto.SigningKey vault = RawAgent.newKey();
    Crypto.SigningKey device = RawAgent.newKey();
    List<ReceiptBatch> receipts = new ArrayList<>();
    try (RawAgent owner = RawAgent.login(port, vault, device);
        RawAgent first = RawAgent.login(port);
        RawAgent second = RawAgent.login(port)) {
      pledge(owner, 30);
      pledge(first, 100);
      pledge(second, 100);
      List<Ticket> tickets = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        tickets.addAll(reserved(owner, 2));
      }
      assertThat(tickets).hasSize(20);
      Refusal refusal = refused(owner, 2);
      assertThat(refusal.code()).isEqualTo(Refusal.OVER_ALLOWANCE);
      assertThat(refusal.figures()).containsExactly(11L, 33L, 30L);

      pledge(owner, 33);
      tickets.addAll(reserved(owner, 2));
      for (RawAgent holder : List.of(first, second)) {
        receipts.add(receipts(owner, holder, tickets));
      }
      present(first, receipts.get(0));
      present(owner, receipts.get(1));
      present(second, receipts.get(1));
      assertThat(standing(owner, 33)).isEqualTo(new Allowance(11, 33, 33));
    }
    try (TestServer fresh = TestServer.start();
        RawAgent owner = RawAgent.login(fresh.port(), vault, device)) {
      for (ReceiptBatch batch : receipts) {
        present(owner, batch);
      }
      assertThat(standing(owner, 33)).isEqualTo(new Allowance(11, 33, 33));
    }
  }

  @Test
  void nobody_has_room_is_said_with_what_was_wanted() {
    try (TestServer empty = TestServer.start();
        RawAgent owner = RawAgent.login(empty.port())) {
      pledge(owner, 30);
      Refusal refusal = refused(owner, 2);
      assertThat(refusal.code()).isEqualTo(Refusal.NO_HOLDERS);
      assertThat(refusal.figures()).containsExactly(2L, 0L);
    }
  }

  @Test
  void tickets_are_signed_by_the_key_of_the_challenge() {
    try (RawAgent owner = RawAgent.login(port);
        RawAgent holder = RawAgent.login(port)) {
      pledge(owner, 3);
      pledge(holder, 1000);
      TicketBatch batch = ((SessionFrame.Reserved) owner.ask(reserve(1))).tickets();
      assertThat(batch.issuer()).isEqualTo(owner.challenge().server());
      assertThat(batch.grants()).allMatch(grant -> grant.isGenuine(RawAgent.CRYPTO));
    }
  }

  @Test
  void a_receipt_of_others_or_with_a_wrong_signature_is_refused() {
    try (RawAgent owner = RawAgent.login(port);
        RawAgent holder = RawAgent.login(port);
        RawAgent stranger = RawAgent.login(port)) {
      pledge(owner, 30);
      pledge(holder, 1000);
      List<Ticket> tickets = reserved(owner, 1);
      List<ReceiptTerms> terms = terms(tickets);
      ReceiptOffer offer =
          ReceiptOffer.sign(
              holder.device(),
              holder.certificate(),
              owner.account(),
              System.currentTimeMillis(),
              terms);
      ReceiptBatch sound = offer.countersign(owner.device(), owner.certificate());
      assertThat(answerTo(stranger, sound)).isEqualTo(Refusal.NOT_YOURS);
      ReceiptBatch forged = offer.countersign(stranger.device(), owner.certificate());
      assertThat(answerTo(holder, forged)).isEqualTo(Refusal.BAD_SIGNATURE);
    }
  }

  @Test
  void the_holders_word_frees_what_it_kept() {
    try (RawAgent owner = RawAgent.login(port);
        RawAgent holder = RawAgent.login(port)) {
      pledge(owner, 30);
      pledge(holder, 50_000);
      Ticket ticket = reservedWith(owner, holder);
      ReceiptBatch batch = receipts(owner, holder, List.of(ticket));
      present(holder, batch);
      Allowance before = standing(owner, 30);
      long now = System.currentTimeMillis();
      List<StorageKey> keys = List.of(ticket.key());
      SessionFrame.Freed early =
          new SessionFrame.Freed(8, owner.account(), now + 10 * 60 * 1000, keys);
      assertThat(codeOf(holder.ask(early))).isEqualTo(Refusal.EXPIRED);
      assertThat(holder.ask(new SessionFrame.Freed(9, owner.account(), now, keys)))
          .isEqualTo(new SessionFrame.Done(9));
      awaitStanding(owner, new Allowance(before.blocks() - 1, before.needed() - 2, 30));
      present(owner, batch);
      pledge(owner, 31);
      awaitStanding(owner, new Allowance(before.blocks() - 1, before.needed() - 2, 31));
    }
  }

  @Test
  void what_is_counted_is_renewed_unless_too_little_is_lent() {
    try (RawAgent owner = RawAgent.login(port);
        RawAgent holder = RawAgent.login(port)) {
      pledge(owner, 30);
      pledge(holder, 50_000);
      Ticket ticket = reservedWith(owner, holder);
      SessionFrame.Renew renew =
          new SessionFrame.Renew(
              4, List.of(new SessionFrame.Renew.Copy(ticket.key(), holder.peer())));
      assertThat(codeOf(owner.ask(renew))).isEqualTo(Refusal.NOT_FOUND);
      present(holder, receipts(owner, holder, List.of(ticket)));
      TicketBatch tickets = ((SessionFrame.Reserved) owner.ask(renew)).tickets();
      assertThat(tickets.tickets()).hasSize(1);
      assertThat(tickets.tickets().getFirst().holder()).isEqualTo(holder.peer());
      pledge(owner, 1);
      assertThat(codeOf(owner.ask(renew))).isEqualTo(Refusal.OVER_ALLOWANCE);
    }
  }

  private static int codeOf(SessionFrame.Answer answer) {
    assertThat(answer).isInstanceOf(SessionFrame.Refused.class);
    return ((SessionFrame.Refused) answer).refusal().code();
  }

  /**
   * The figures once they have settled: a pledge that changes nothing else makes the server say
   * them.
   */
  private static Allowance standing(RawAgent owner, int lent) {
    pledge(owner, lent - 1);
    owner.await(f -> f instanceof SessionFrame.Standing s && s.allowance().lent() == lent - 1);
    pledge(owner, lent);
    return ((SessionFrame.Standing)
            owner.await(f -> f instanceof SessionFrame.Standing s && s.allowance().lent() == lent))
        .allowance();
  }

  private static void awaitStanding(RawAgent agent, Allowance figures) {
    agent.await(new SessionFrame.Standing(figures)::equals);
  }

  private static void pledge(RawAgent agent, int slots) {
    assertThat(agent.ask(new SessionFrame.Pledge(1, slots, slots, false)))
        .isEqualTo(new SessionFrame.Done(1));
  }

  private static SessionFrame.Reserve reserve(int copies) {
    StorageKey key = new StorageKey(RawAgent.newKey().publicKey().bytes());
    return new SessionFrame.Reserve(2, List.of(new SessionFrame.Reserve.Item(key, 100, copies)));
  }

  private static List<Ticket> reserved(RawAgent owner, int copies) {
    SessionFrame.Answer answer = owner.ask(reserve(copies));
    assertThat(answer).isInstanceOf(SessionFrame.Reserved.class);
    return ((SessionFrame.Reserved) answer).tickets().tickets();
  }

  /** With a holder that lends so much that it is soon chosen. */
  private static Ticket reservedWith(RawAgent owner, RawAgent holder) {
    while (true) {
      Ticket ticket = reserved(owner, 1).getFirst();
      if (ticket.holder().equals(holder.peer())) {
        return ticket;
      }
    }
  }

  private static Refusal refused(RawAgent owner, int copies) {
    SessionFrame.Answer answer = owner.ask(reserve(copies));
    assertThat(answer).isInstanceOf(SessionFrame.Refused.class);
    return ((SessionFrame.Refused) answer).refusal();
  }

  private static List<ReceiptTerms> terms(List<Ticket> tickets) {
    return tickets.stream()
        .map(t -> new ReceiptTerms(t.serial(), t.key(), t.size(), NO_ROOT))
        .toList();
  }

  private static ReceiptBatch receipts(RawAgent owner, RawAgent holder, List<Ticket> tickets) {
    List<Ticket> own = tickets.stream().filter(t -> t.holder().equals(holder.peer())).toList();
    return ReceiptOffer.sign(
            holder.device(),
            holder.certificate(),
            owner.account(),
            System.currentTimeMillis(),
            terms(own))
        .countersign(owner.device(), owner.certificate());
  }

  private static void present(RawAgent agent, ReceiptBatch batch) {
    assertThat(agent.ask(new SessionFrame.Present(3, List.of(batch))))
        .isEqualTo(new SessionFrame.Done(3));
  }

  private static int answerTo(RawAgent agent, ReceiptBatch batch) {
    return codeOf(agent.ask(new SessionFrame.Present(3, List.of(batch))));
  }
}
