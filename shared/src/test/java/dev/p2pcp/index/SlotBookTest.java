package dev.p2pcp.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.SlotBook.Lending;
import dev.p2pcp.index.SlotBook.Promised;
import dev.p2pcp.placement.Candidate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lenders of several members in the books of one. */
class SlotBookTest {
  private static final long NOW = 1_000_000;
  private static final int THERE = 7;
  private static final int YONDER = 8;
  private static final PeerId NEAR = peer("near");
  private static final PeerId FAR = peer("far");
  private static final AccountId OWNER = account("owner");
  private static final StorageKey KEY = new StorageKey(Sha256.hash(Bytes.utf8("key")).bytes());

  private final SlotBook slots = new SlotBook();

  @BeforeEach
  void lend() {
    slots.connect(NEAR, account("near"), 1, NOW);
    slots.lends(NEAR, Candidate.Kind.TAB, 2);
    slots.lend(THERE, far(3));
  }

  @Test
  void lenders_of_all_members_are_candidates() {
    assertThat(slots.candidates(NOW))
        .extracting(Candidate::peer)
        .containsExactlyInAnyOrder(NEAR, FAR);
  }

  @Test
  void what_a_home_says_anew_changes_the_room_and_keeps_the_promises() {
    slots.promise(FAR, OWNER, KEY, NOW + 10);
    slots.lend(THERE, far(2));
    assertThat(room(FAR)).isEqualTo(1);
    slots.lend(YONDER, far(1));
    assertThat(slots.asked(OWNER, NOW).get(KEY)).extracting(Candidate::peer).containsExactly(FAR);
  }

  @Test
  void an_owner_is_not_sent_again_to_who_filled_the_promised_slot_by_anothers_ticket() {
    slots.promise(NEAR, OWNER, KEY, NOW + 10);
    slots.lends(NEAR, Candidate.Kind.TAB, 0);
    assertThat(slots.asked(OWNER, NOW)).isEmpty();
    slots.lends(NEAR, Candidate.Kind.TAB, 1);
    assertThat(slots.asked(OWNER, NOW).get(KEY)).extracting(Candidate::peer).containsExactly(NEAR);
  }

  @Test
  void a_home_that_a_peer_has_left_cannot_take_it_away() {
    slots.lend(YONDER, far(1));
    slots.disconnect(THERE, FAR);
    slots.disconnectAll(THERE);
    assertThat(room(FAR)).isEqualTo(1);
    slots.disconnectAll(YONDER);
    assertThat(slots.candidates(NOW)).extracting(Candidate::peer).containsExactly(NEAR);
  }

  @Test
  void what_an_old_home_says_late_is_not_heard() {
    slots.connect(FAR, account("far"), 1, NOW + 1);
    slots.lends(FAR, Candidate.Kind.TAB, 5);
    slots.lend(THERE, far(3));
    slots.disconnect(THERE, FAR);
    assertThat(room(FAR)).isEqualTo(5);
  }

  @Test
  void a_member_tells_of_its_own_lenders_and_their_promises() {
    slots.promise(NEAR, OWNER, KEY, NOW + 10);
    slots.promise(FAR, OWNER, KEY, NOW + 10);
    assertThat(slots.lendings()).extracting(Lending::peer).containsExactly(NEAR);
    assertThat(slots.promises(NOW)).containsExactly(new Promised(NEAR, OWNER, KEY, NOW + 10));
    assertThat(slots.promises(NOW + 10)).isEmpty();
    assertThat(slots.lending(NEAR).orElseThrow().free()).isEqualTo(2);
  }

  private int room(PeerId peer) {
    return slots.candidates(NOW).stream()
        .filter(candidate -> candidate.peer().equals(peer))
        .mapToInt(Candidate::free)
        .sum();
  }

  private static Lending far(int free) {
    return new Lending(FAR, account("far"), Candidate.Kind.TAB, 1, NOW, free);
  }

  private static PeerId peer(String name) {
    return new PeerId(Sha256.hash(Bytes.utf8("peer " + name)).bytes());
  }

  private static AccountId account(String name) {
    return new AccountId(Sha256.hash(Bytes.utf8("account " + name)).bytes());
  }
}
