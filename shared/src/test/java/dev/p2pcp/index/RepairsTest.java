package dev.p2pcp.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.placement.Candidate;
import dev.p2pcp.placement.Placement;
import dev.p2pcp.quota.AccountLedger.Holder;
import dev.p2pcp.quota.AccountLedger.Kept;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.SessionFrame;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RepairsTest {
  private static final long START = 1_800_000_000_000L;
  private static final long HOUR = 3_600_000;
  private static final AccountId OWNER = account("owner");
  private static final StorageKey KEY = new StorageKey(Sha256.hash(Bytes.utf8("block")).bytes());

  private final SlotBook slots = new SlotBook();
  private final Absences absences = new Absences(START);
  private final Calm calm = new Calm(START, 0);
  private final Repairs repairs =
      new Repairs(
          slots,
          absences,
          calm,
          new Reservations(
              slots, new Placement(Bytes.utf8("seed")), new Seeded(1), Ticket.MAX_LIFE));
  private final List<Kept> copies = List.of(kept("asker"), kept("gone"), kept("absent"));

  RepairsTest() {
    come("asker", START);
    come("gone", START);
    go("gone", START + HOUR);
  }

  @Test
  void an_owner_is_told_who_keeps_its_blocks_until_when_and_whether_they_are_there() {
    slots.lend(
        SlotBook.HERE,
        new SlotBook.Lending(
            peer("anchor"), account("anchor"), Candidate.Kind.ANCHOR, 1, START, 5));
    absences.connected(peer("anchor"), START);
    long now = START + 2 * HOUR;
    SessionFrame.CopiesFound found =
        repairs.found(7, List.of(List.of(kept("anchor"), kept("gone")), List.of()), now);
    int grace = (int) (Absences.LONGEST / 1000);
    assertThat(found)
        .isEqualTo(
            new SessionFrame.CopiesFound(
                7,
                0,
                List.of(
                    List.of(
                        new SessionFrame.CopiesFound.Kept(
                            peer("anchor"), START + 900 * HOUR, now, grace, true),
                        new SessionFrame.CopiesFound.Kept(
                            peer("gone"), START + 900 * HOUR, START + HOUR, grace, false)),
                    List.of())));
  }

  @Test
  void a_lost_copy_is_mended_once_and_an_absent_one_not_at_all() {
    come("fresh", START);
    assertThat(mend("asker", START + 70 * HOUR)).isEmpty();
    long lost = START + 74 * HOUR;
    go("absent", come("absent", lost - HOUR));
    assertThat(mend("asker", lost))
        .singleElement()
        .satisfies(
            ticket -> {
              assertThat(ticket.owner()).isEqualTo(OWNER);
              assertThat(ticket.holder()).isEqualTo(peer("fresh"));
              assertThat(ticket.size()).isEqualTo(500);
            });
    come("other", lost);
    assertThat(mend("asker", lost + 1)).as("on its way").isEmpty();
    assertThat(mend("asker", lost + HOUR, "fresh")).as("there").isEmpty();
    go("fresh", lost + HOUR);
    assertThat(mend("asker", lost + 2 * HOUR)).as("only away").isEmpty();
    come("fresh", lost + 3 * HOUR);
    assertThat(mend("asker", lost + 3 * HOUR)).as("back without it").hasSize(1);
  }

  @Test
  void only_a_counted_holder_is_told_where_to_bring_a_block() {
    come("fresh", START);
    come("mallory", START);
    long lost = START + 74 * HOUR;
    assertThat(mend("mallory", lost)).isEmpty();
    assertThat(mend("asker", lost)).isNotEmpty();
  }

  @Test
  void nothing_is_mended_while_calm_but_who_leaves_hands_its_copy_over() {
    come("fresh", START);
    long lost = START + 74 * HOUR;
    calm.sessions(50, lost);
    calm.sessions(20, lost);
    assertThat(mend("asker", lost)).isEmpty();
    List<Ticket> handed = repairs.mend(holder("asker"), true, OWNER, List.of(torn()), lost);
    assertThat(handed).extracting(Ticket::holder).containsExactly(peer("fresh"));
    assertThat(repairs.mend(holder("asker"), true, OWNER, List.of(torn()), lost)).isEmpty();
  }

  @Test
  void no_holder_asks_all_the_time() {
    assertThat(repairs.isAskingTooOften(peer("asker"), START)).isFalse();
    assertThat(repairs.isAskingTooOften(peer("asker"), START + Repairs.ASKING - 1)).isTrue();
    assertThat(repairs.isAskingTooOften(peer("gone"), START + 1)).isFalse();
    assertThat(repairs.isAskingTooOften(peer("asker"), START + Repairs.ASKING)).isFalse();
  }

  @Test
  void a_copy_may_be_forgone_six_hours_after_its_holder_was_seen() {
    assertThat(repairs.mayForgo(peer("asker"), START + 90 * HOUR)).isFalse();
    assertThat(repairs.mayForgo(peer("gone"), START + 7 * HOUR - 1)).isFalse();
    assertThat(repairs.mayForgo(peer("gone"), START + 7 * HOUR)).isTrue();
    assertThat(repairs.mayForgo(peer("stranger"), START)).as("not since the start").isTrue();
  }

  private List<Ticket> mend(String asker, long now, String... announcers) {
    Set<PeerId> there = new java.util.HashSet<>();
    for (String name : announcers) {
      there.add(peer(name));
    }
    Repairs.Torn torn = new Repairs.Torn(item(), copies, there);
    return repairs.mend(holder(asker), false, OWNER, List.of(torn), now);
  }

  private Repairs.Torn torn() {
    return new Repairs.Torn(item(), copies, Set.of());
  }

  private static SessionFrame.Mend.Item item() {
    return new SessionFrame.Mend.Item(OWNER, KEY, 500);
  }

  private long come(String name, long now) {
    absences.connected(peer(name), now);
    slots.lend(
        SlotBook.HERE,
        new SlotBook.Lending(
            peer(name), account(name), Candidate.Kind.TAB, name.hashCode(), now, 9));
    return now;
  }

  private void go(String name, long now) {
    absences.disconnected(peer(name), now);
    slots.disconnect(peer(name));
  }

  private static Kept kept(String name) {
    return new Kept(holder(name), START + 900 * HOUR);
  }

  private static Holder holder(String name) {
    return new Holder(peer(name), account(name));
  }

  private static PeerId peer(String name) {
    return new PeerId(Sha256.hash(Bytes.utf8("peer " + name)).bytes());
  }

  private static AccountId account(String name) {
    return new AccountId(Sha256.hash(Bytes.utf8("account " + name)).bytes());
  }
}
