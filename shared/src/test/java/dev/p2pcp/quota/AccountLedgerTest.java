package dev.p2pcp.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.quota.AccountLedger.Claim;
import dev.p2pcp.quota.AccountLedger.Holder;
import dev.p2pcp.trust.Conduct;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountLedgerTest {
  private static final long NOW = 1_000_000;
  private static final long LATER = NOW + 1_000;
  private static final PeerId LAPTOP = peer("laptop");
  private static final PeerId PHONE = peer("phone");
  private static final AccountId HOLDER = new AccountId(Sha256.hash(Bytes.utf8("holder")).bytes());

  private final AccountLedger ledger = new AccountLedger();

  @Test
  void thirty_lent_slots_carry_ten_blocks_of_three_copies_and_not_the_eleventh() {
    ledger.pledge(LAPTOP, 1, 30);
    for (int i = 0; i < 10; i++) {
      assertThat(ledger.reserve(threeCopies(i), NOW))
          .isEqualTo(new AccountLedger.Granted(new Allowance(i + 1, 3 * (i + 1), 30)));
    }
    assertThat(ledger.reserve(threeCopies(10), NOW))
        .isEqualTo(new AccountLedger.OverAllowance(new Allowance(11, 33, 30)));
    assertThat(ledger.allowance(NOW)).isEqualTo(new Allowance(10, 30, 30));

    ledger.pledge(PHONE, 1, 3);
    assertThat(ledger.reserve(threeCopies(10), NOW))
        .isEqualTo(new AccountLedger.Granted(new Allowance(11, 33, 33)));
  }

  @Test
  void a_refused_request_leaves_none_of_its_claims_behind() {
    ledger.pledge(LAPTOP, 1, 5);
    List<Claim> both = new ArrayList<>(threeCopies(1));
    both.addAll(threeCopies(2));
    Bytes before = ledger.encoded();
    assertThat(ledger.reserve(both, NOW)).isInstanceOf(AccountLedger.OverAllowance.class);
    assertThat(ledger.encoded()).isEqualTo(before);
  }

  @Test
  void of_what_is_lent_only_the_own_blocks_and_what_the_account_is_worth_count() {
    ledger.pledge(LAPTOP, 1, 100);
    ledger.vet(4);
    assertThat(ledger.reserve(threeCopies(1), NOW)).isInstanceOf(AccountLedger.Granted.class);
    assertThat(ledger.reserve(threeCopies(2), NOW))
        .isEqualTo(new AccountLedger.Granted(new Allowance(2, 6, 6)));
    assertThat(ledger.reserve(threeCopies(3), NOW))
        .isEqualTo(new AccountLedger.OverAllowance(new Allowance(3, 9, 7)));

    ledger.vet(AccountLedger.MAX_WORTH);
    assertThat(ledger.allowance(NOW)).isEqualTo(new Allowance(2, 6, 100));
  }

  @Test
  void who_was_found_to_cheat_keeps_its_copies_and_gets_no_more_for_a_month() {
    ledger.pledge(LAPTOP, 1, 100);
    assertThat(ledger.reserve(threeCopies(1), NOW)).isInstanceOf(AccountLedger.Granted.class);
    ledger.conduct(ledger.conduct().faulted(new Conduct.Fault(7, NOW)));
    assertThat(ledger.allowance(NOW)).isEqualTo(new Allowance(1, 3, 3));
    assertThat(ledger.reserve(threeCopies(1), NOW)).isInstanceOf(AccountLedger.Granted.class);
    assertThat(ledger.reserve(threeCopies(2), NOW))
        .isEqualTo(new AccountLedger.OverAllowance(new Allowance(2, 6, 3)));

    assertThat(ledger.reserve(threeCopies(2), NOW + Conduct.LIFE))
        .isInstanceOf(AccountLedger.Granted.class);
  }

  @Test
  void worth_and_conduct_are_remembered_while_the_account_is_away() throws Exception {
    ledger.vet(4);
    ledger.conduct(ledger.conduct().passed(NOW).faulted(new Conduct.Fault(7, NOW)));
    AccountLedger read = AccountLedger.decode(ledger.encoded());
    assertThat(read.worth()).isEqualTo(4);
    assertThat(read.conduct()).isEqualTo(ledger.conduct());
    read.sweep(NOW + Conduct.LIFE);
    assertThat(read.isEmpty()).isTrue();
  }

  @Test
  void an_account_keeps_a_block_once_however_many_devices_it_has() {
    Holder one = new Holder(peer("one"), HOLDER);
    Holder two = new Holder(peer("two"), HOLDER);
    ledger.place(key(1), one, NOW, LATER);
    ledger.place(key(1), two, NOW, LATER);
    ledger.place(key(2), two, NOW, LATER);
    assertThat(ledger.keptBy(HOLDER, NOW)).isEqualTo(2);
    assertThat(ledger.keptBy(HOLDER, LATER)).isZero();
  }

  @Test
  void a_device_that_is_gone_lends_nothing() {
    ledger.pledge(LAPTOP, 1, 30);
    ledger.pledge(PHONE, 1, 5);
    ledger.pledge(LAPTOP, 1, 0);
    assertThat(ledger.allowance(NOW).lent()).isEqualTo(5);
  }

  @Test
  void a_reservation_counts_until_it_expires_and_a_receipt_takes_its_place() {
    ledger.pledge(LAPTOP, 1, 30);
    ledger.reserve(threeCopies(1), NOW);
    assertThat(ledger.allowance(LATER - 1).needed()).isEqualTo(3);
    ledger.place(key(1), holder(1), NOW, LATER + 50);
    assertThat(ledger.allowance(LATER - 1).needed()).isEqualTo(3);
    assertThat(ledger.allowance(LATER).needed()).isEqualTo(2);
    assertThat(ledger.allowance(LATER + 50)).isEqualTo(new Allowance(0, 0, 30));
  }

  @Test
  void the_holders_word_frees_a_copy_and_the_same_receipt_does_not_bring_it_back() {
    ledger.place(key(1), holder(1), NOW, LATER);
    ledger.free(holder(1), List.of(key(1), key(2)), NOW + 1);
    assertThat(ledger.allowance(NOW).needed()).isZero();
    ledger.place(key(1), holder(1), NOW, LATER);
    assertThat(ledger.allowance(NOW).needed()).isZero();
    ledger.place(key(1), holder(1), NOW + 2, LATER + 2);
    assertThat(ledger.allowance(NOW).needed()).isEqualTo(2);
  }

  @Test
  void the_holders_word_comes_to_the_same_before_and_after_the_receipts_that_it_is_about() {
    ledger.pledge(LAPTOP, 1, 30);
    ledger.reserve(List.of(new Claim(key(1), holder(1), LATER)), NOW);
    ledger.free(holder(1), List.of(key(1)), NOW + 1);
    ledger.place(key(1), holder(1), NOW, LATER);
    assertThat(ledger.allowance(NOW).needed()).as("a receipt that came late").isZero();

    ledger.place(key(2), holder(1), NOW, LATER);
    ledger.place(key(2), holder(1), NOW + 2, LATER + 2);
    ledger.free(holder(1), List.of(key(2)), NOW + 1);
    assertThat(ledger.allowance(NOW).needed()).as("a word that came late").isEqualTo(2);
  }

  @Test
  void a_forgone_copy_counts_no_more_until_one_of_both_brings_it_again() {
    ledger.place(key(1), holder(1), NOW, LATER, NOW);
    ledger.place(key(2), holder(1), NOW, LATER, NOW);
    ledger.forgo(holder(1), List.of(key(1), key(3)), NOW + 10);
    assertThat(ledger.allowance(NOW + 10)).isEqualTo(new Allowance(1, 2, 0));
    assertThat(ledger.copies(key(1), NOW + 10)).isEmpty();

    ledger.place(key(1), holder(1), NOW, LATER);
    assertThat(ledger.allowance(NOW + 11).blocks()).as("verified late").isEqualTo(1);
    ledger.place(key(1), holder(1), NOW, LATER, NOW + 11);
    assertThat(ledger.copies(key(1), NOW + 11))
        .containsExactly(new AccountLedger.Kept(holder(1), LATER));
    assertThat(ledger.isEmpty()).isFalse();
  }

  @Test
  void an_owner_takes_back_what_it_has_forgone_even_before_its_word_is_verified() {
    ledger.place(key(1), holder(1), NOW, LATER, NOW);
    ledger.forgo(holder(1), List.of(key(1)), NOW + 10);
    ledger.claim(key(1), holder(1), NOW, LATER, 7, 0);
    assertThat(ledger.allowance(NOW + 11).blocks()).as("brought by somebody else").isZero();
    ledger.claim(key(1), holder(1), NOW, LATER, 8, NOW + 11);
    assertThat(ledger.allowance(NOW + 11).blocks()).isEqualTo(1);
    ledger.forgo(holder(1), List.of(key(1)), NOW + 12);
    ledger.place(key(1), holder(1), NOW, LATER);
    assertThat(ledger.allowance(NOW + 13).blocks()).as("verified late").isZero();
  }

  @Test
  void what_a_partition_forgave_stays_forgiven_only_if_the_holder_did_not_come_back() {
    AccountLedger there = new AccountLedger();
    for (AccountLedger side : List.of(ledger, there)) {
      side.place(key(1), holder(1), NOW, LATER, NOW);
    }
    ledger.forgo(holder(1), List.of(key(1)), NOW + 10);
    there.merge(ledger);
    assertThat(there.allowance(NOW + 10).needed()).isZero();
    ledger.place(key(1), holder(1), NOW, LATER, NOW + 20);
    there.merge(ledger);
    assertThat(there.allowance(NOW + 20).needed()).isEqualTo(2);
  }

  @Test
  void only_the_holder_itself_frees_its_copy() {
    ledger.place(key(1), holder(1), NOW, LATER);
    ledger.free(holder(2), List.of(key(1)), NOW + 1);
    assertThat(ledger.allowance(NOW).needed()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void the_same_receipts_in_any_order_and_number_come_to_the_same_figures(long seed) {
    Random random = new Random(seed);
    List<Consumer<AccountLedger>> receipts = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int block = random.nextInt(12);
      int holder = random.nextInt(5);
      long expires = NOW + random.nextInt(2_000);
      receipts.add(l -> l.place(key(block), holder(holder), NOW, expires));
    }
    AccountLedger one = new AccountLedger();
    receipts.forEach(r -> r.accept(one));
    AccountLedger other = new AccountLedger();
    receipts.addAll(List.copyOf(receipts));
    Collections.shuffle(receipts, random);
    receipts.forEach(r -> r.accept(other));
    for (long at = NOW; at < NOW + 2_000; at += 100) {
      assertThat(other.allowance(at)).as("seed %d at %d", seed, at).isEqualTo(one.allowance(at));
    }
  }

  @Test
  void what_has_expired_is_forgotten() {
    ledger.place(key(1), holder(1), NOW, LATER);
    ledger.sweep(LATER - 1);
    assertThat(ledger.isEmpty()).isFalse();
    ledger.sweep(LATER);
    assertThat(ledger.isEmpty()).isTrue();
  }

  @Test
  void the_end_of_an_old_session_takes_nothing_from_a_new_one() {
    ledger.pledge(LAPTOP, 1, 30);
    ledger.pledge(LAPTOP, 2, 20);
    ledger.pledge(LAPTOP, 1, 0);
    assertThat(ledger.allowance(NOW).lent()).isEqualTo(20);
    ledger.forget(session -> session == 1);
    assertThat(ledger.allowance(NOW).lent()).isEqualTo(20);
    ledger.forget(session -> session == 2);
    assertThat(ledger.allowance(NOW).lent()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23})
  void two_sides_of_a_partition_merge_to_what_one_ledger_would_have(long seed) {
    Random random = new Random(seed);
    AccountLedger whole = new AccountLedger();
    AccountLedger here = new AccountLedger();
    AccountLedger there = new AccountLedger();
    for (int i = 0; i < 200; i++) {
      int block = random.nextInt(12);
      int holder = random.nextInt(5);
      long expires = NOW + random.nextInt(2_000);
      whole.place(key(block), holder(holder), NOW, expires);
      (random.nextBoolean() ? here : there).place(key(block), holder(holder), NOW, expires);
    }
    whole.pledge(LAPTOP, 1, 30);
    here.pledge(LAPTOP, 1, 30);
    whole.pledge(PHONE, 2, 5);
    there.pledge(PHONE, 2, 5);
    there.merge(here);
    there.merge(here);
    for (long at = NOW; at < NOW + 2_000; at += 100) {
      assertThat(there.allowance(at)).as("seed %d at %d", seed, at).isEqualTo(whole.allowance(at));
    }
  }

  @Test
  void what_both_sides_of_a_partition_granted_is_known_and_blocks_further_debt() {
    AccountLedger there = new AccountLedger();
    for (AccountLedger side : List.of(ledger, there)) {
      side.pledge(LAPTOP, 1, 4);
    }
    ledger.reserve(threeCopies(1), NOW);
    there.reserve(threeCopies(2), NOW);
    ledger.merge(there);
    assertThat(ledger.allowance(NOW)).isEqualTo(new Allowance(2, 6, 4));
    assertThat(ledger.reserve(threeCopies(3), NOW))
        .isEqualTo(new AccountLedger.OverAllowance(new Allowance(3, 9, 4)));
    assertThat(ledger.allowance(NOW)).isEqualTo(new Allowance(2, 6, 4));
  }

  @Test
  void devices_and_holders_are_bounded() {
    for (int i = 0; i < AccountLedger.MAX_DEVICES; i++) {
      assertThat(ledger.pledge(peer("device" + i), 1, 1)).isTrue();
    }
    assertThat(ledger.pledge(LAPTOP, 1, 1)).isFalse();
    for (int i = 0; i < AccountLedger.MAX_HOLDERS; i++) {
      assertThat(ledger.place(key(1), holder(i), NOW, LATER)).isTrue();
    }
    assertThat(ledger.place(key(1), holder(-1), NOW, LATER)).isFalse();
    assertThat(ledger.reserve(List.of(new Claim(key(1), holder(-1), LATER)), NOW))
        .isEqualTo(new AccountLedger.OverLimit(AccountLedger.MAX_HOLDERS));
  }

  @Test
  void it_survives_encoding() throws MalformedFrameException {
    ledger.pledge(LAPTOP, 1, 30);
    ledger.reserve(threeCopies(1), NOW);
    ledger.place(key(2), holder(1), NOW, LATER);
    ledger.place(key(3), holder(2), NOW, LATER);
    ledger.free(holder(2), List.of(key(3)), NOW + 1);
    ledger.place(key(4), holder(2), NOW, LATER, NOW);
    ledger.forgo(holder(2), List.of(key(4)), NOW + 1);
    AccountLedger copy = AccountLedger.decode(ledger.encoded());
    assertThat(copy.allowance(NOW))
        .isEqualTo(ledger.allowance(NOW))
        .isEqualTo(new Allowance(2, 5, 30));
    copy.place(key(3), holder(2), NOW, LATER);
    assertThat(copy.allowance(NOW).needed()).isEqualTo(5);
    assertThat(copy.holders(key(1), NOW)).isEmpty();
    assertThat(copy.holders(key(2), NOW)).containsExactly(holder(1));
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void damaged_encodings_are_refused_and_nothing_else_happens(long seed) {
    ledger.pledge(LAPTOP, 1, 30);
    ledger.reserve(threeCopies(1), NOW);
    byte[] sound = ledger.encoded().toArray();
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = java.util.Arrays.copyOf(sound, random.nextInt(sound.length + 1));
      if (damaged.length > 0) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        AccountLedger decoded = AccountLedger.decode(Bytes.wrap(damaged));
        assertThat(damaged).as("seed %d", seed).hasSameSizeAs(sound);
        assertThat(decoded.isEmpty()).isFalse();
      } catch (MalformedFrameException expected) {
        assertThat(expected).hasMessageMatching("[a-z ]+");
      }
    }
  }

  private static List<Claim> threeCopies(int block) {
    return List.of(
        new Claim(key(block), holder(1), LATER), new Claim(key(block), holder(2), LATER));
  }

  private static StorageKey key(int number) {
    return new StorageKey(Sha256.hash(Bytes.utf8("block" + number)).bytes());
  }

  private static Holder holder(int number) {
    return new Holder(
        peer("holder" + number),
        new AccountId(Sha256.hash(Bytes.utf8("account" + number)).bytes()));
  }

  private static PeerId peer(String name) {
    return new PeerId(Sha256.hash(Bytes.utf8(name)).bytes());
  }
}
