package dev.p2pcp.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.placement.Candidate;
import dev.p2pcp.placement.Placement;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.wire.SessionFrame.Renew;
import dev.p2pcp.wire.SessionFrame.Reserve.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReservationsTest {
  private static final long NOW = 1_000_000;
  private static final long LIFE = 120_000;
  private static final AccountId OWNER = account("owner");

  private final Random random = new Random(42);
  private final SlotBook slots = new SlotBook();
  private final Reservations reservations =
      new Reservations(
          slots,
          new Placement(Bytes.utf8("secret")),
          count -> {
            byte[] bytes = new byte[count];
            random.nextBytes(bytes);
            return Bytes.wrap(bytes);
          },
          LIFE);

  @BeforeEach
  void lend() {
    for (String name : List.of("a", "b", "c")) {
      slots.connect(peer(name), account(name), 1, NOW);
      slots.lends(peer(name), Candidate.Kind.TAB, 2);
    }
  }

  @Test
  void a_ticket_names_block_owner_and_holder_and_ends() {
    Ticket ticket = allot(1, 1).getFirst();
    assertThat(ticket.owner()).isEqualTo(OWNER);
    assertThat(ticket.key()).isEqualTo(key(1));
    assertThat(ticket.size()).isEqualTo(500);
    assertThat(ticket.issued()).isEqualTo(NOW);
    assertThat(ticket.expires()).isEqualTo(NOW + LIFE);
    assertThat(account(ticket.holder())).isEqualTo(ticket.holderAccount());
  }

  @Test
  void what_is_promised_is_not_promised_again_until_the_ticket_ends() {
    assertThat(allot(1, 3)).hasSize(3);
    assertThat(allot(2, 3)).hasSize(3);
    assertThat(allot(3, 3)).isEmpty();
    assertThat(slots.candidates(NOW + LIFE)).hasSize(3);
  }

  @Test
  void only_copies_that_are_counted_are_renewed_and_they_take_no_slot() {
    List<Renew.Copy> copies =
        List.of(new Renew.Copy(key(1), peer("a")), new Renew.Copy(key(1), peer("b")));
    Map<StorageKey, List<AccountLedger.Holder>> keepers =
        Map.of(key(1), List.of(new AccountLedger.Holder(peer("a"), account("a"))));
    List<Ticket> tickets = reservations.renew(OWNER, copies, keepers, NOW);
    assertThat(tickets).hasSize(1);
    assertThat(tickets.getFirst().holder()).isEqualTo(peer("a"));
    assertThat(tickets.getFirst().expires()).isEqualTo(NOW + LIFE);
    assertThat(slots.promises(NOW)).isEmpty();
  }

  @Test
  void room_is_counted_within_one_request_too() {
    List<Item> items = IntStream.range(0, 5).mapToObj(i -> item(i, 2)).toList();
    List<Ticket> tickets = reservations.allot(OWNER, items, Map.of(), NOW);
    assertThat(tickets).hasSize(6);
    assertThat(tickets.stream().filter(t -> t.holder().equals(peer("a")))).hasSize(2);
  }

  @Test
  void a_settled_or_returned_ticket_gives_its_slot_back() {
    List<Ticket> tickets = new ArrayList<>(allot(1, 3));
    tickets.addAll(allot(2, 3));
    slots.settle(tickets.getFirst().holder(), OWNER, tickets.getFirst().key());
    assertThat(allot(3, 3)).hasSize(1);
    reservations.giveBack(tickets.subList(1, 3));
    assertThat(allot(4, 3)).hasSize(2);
  }

  @Test
  void who_asks_again_is_sent_to_the_same_holders_at_no_further_slot() {
    assertThat(allot(1, 3)).hasSize(3);
    List<Ticket> first = allot(2, 2);
    assertThat(slots.candidates(NOW)).hasSize(1);

    List<Ticket> again = allot(2, 3);

    assertThat(again).hasSize(3).extracting(Ticket::holder).doesNotHaveDuplicates();
    assertThat(again.subList(0, 2))
        .extracting(Ticket::holder)
        .containsExactlyInAnyOrderElementsOf(first.stream().map(Ticket::holder).toList());
    assertThat(again).extracting(Ticket::serial).doesNotContain(first.getFirst().serial());
    assertThat(slots.candidates(NOW)).isEmpty();
  }

  @Test
  void who_was_asked_before_and_keeps_the_block_now_is_not_asked_again() {
    Ticket first = allot(1, 1).getFirst();
    AccountLedger.Holder keeper = new AccountLedger.Holder(first.holder(), first.holderAccount());
    assertThat(reservations.allot(OWNER, List.of(item(1, 3)), Map.of(key(1), List.of(keeper)), NOW))
        .hasSize(2)
        .extracting(Ticket::holder)
        .doesNotContain(first.holder());
  }

  @Test
  void who_keeps_a_block_is_not_asked_again_and_who_is_gone_is_not_asked() {
    Map<StorageKey, List<AccountLedger.Holder>> keepers =
        Map.of(key(1), List.of(new AccountLedger.Holder(peer("elsewhere"), account("a"))));
    slots.disconnect(peer("b"));
    assertThat(reservations.allot(OWNER, List.of(item(1, 3)), keepers, NOW))
        .extracting(Ticket::holder)
        .containsExactly(peer("c"));
  }

  @Test
  void an_owner_does_not_hold_for_itself() {
    slots.connect(peer("own"), OWNER, 2, NOW);
    slots.lends(peer("own"), Candidate.Kind.ANCHOR, 100);
    assertThat(allot(1, 10)).extracting(Ticket::holderAccount).doesNotContain(OWNER);
  }

  @Test
  void who_stays_connected_weighs_more() {
    assertThat(slots.candidates(NOW)).allMatch(candidate -> candidate.availability() == 50);
    assertThat(slots.candidates(NOW + SlotBook.SETTLING))
        .allMatch(candidate -> candidate.availability() == 100);
  }

  private List<Ticket> allot(int block, int copies) {
    return reservations.allot(OWNER, List.of(item(block, copies)), Map.of(), NOW);
  }

  private static Item item(int block, int copies) {
    return new Item(key(block), 500, copies);
  }

  private static StorageKey key(int number) {
    return new StorageKey(Sha256.hash(Bytes.utf8("block" + number)).bytes());
  }

  private static PeerId peer(String name) {
    return new PeerId(Sha256.hash(Bytes.utf8("peer " + name)).bytes());
  }

  private static AccountId account(String name) {
    return new AccountId(Sha256.hash(Bytes.utf8("account " + name)).bytes());
  }

  private static AccountId account(PeerId peer) {
    return List.of("a", "b", "c").stream()
        .filter(name -> peer(name).equals(peer))
        .map(ReservationsTest::account)
        .findFirst()
        .orElseThrow();
  }
}
