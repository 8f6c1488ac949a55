package dev.p2pcp.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.quota.AccountLedger.Claim;
import dev.p2pcp.quota.AccountLedger.Granted;
import dev.p2pcp.quota.AccountLedger.Holder;
import dev.p2pcp.quota.AccountLedger.OverAllowance;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class StatementTest {
  private static final long NOW = 1_790_000_000_000L;
  private static final long LATER = NOW + 1_000;

  private final Crypto crypto = new JvmCrypto();
  private final Crypto.SigningKey vault = key("vault");
  private final Crypto.SigningKey device = key("laptop");
  private final DeviceCertificate laptop = certificate(device);
  private final AccountLedger ledger = new AccountLedger();

  @Test
  void a_ledger_that_has_forgotten_lets_no_debt_be_made_twice() {
    ledger.pledge(laptop.device(), 1, 30);
    assertThat(ledger.state(statement(4, NOW, 30))).isEmpty();
    assertThat(ledger.reserve(copies(100, 1), NOW))
        .isEqualTo(new OverAllowance(new Allowance(1, 33, 30)));

    ledger.pledge(laptop.device(), 1, 33);
    assertThat(ledger.reserve(copies(100, 1), NOW)).isInstanceOf(Granted.class);
    assertThat(ledger.reserve(copies(101, 1), NOW))
        .as("what was granted since adds up")
        .isEqualTo(new OverAllowance(new Allowance(2, 36, 33)));
  }

  @Test
  void receipts_speak_for_themselves_as_soon_as_nine_tenths_are_back() {
    ledger.pledge(laptop.device(), 1, 32);
    ledger.state(statement(4, NOW, 30));
    place(0, 8);
    assertThat(ledger.reserve(copies(100, 1), NOW)).isInstanceOf(OverAllowance.class);
    place(8, 9);
    assertThat(ledger.reserve(copies(100, 1), NOW)).isInstanceOf(Granted.class);
    ledger.state(statement(5, NOW + 1, 900));
    assertThat(ledger.reserve(copies(101, 0), NOW))
        .as("once they do, what is stated no longer matters")
        .isInstanceOf(Granted.class);
  }

  @Test
  void what_is_there_is_renewed_whatever_was_stated() {
    ledger.pledge(laptop.device(), 1, 5);
    ledger.state(statement(4, NOW, 30));
    place(0, 1);
    assertThat(ledger.reserve(copies(0, 1), NOW)).isInstanceOf(Granted.class);
  }

  @Test
  void a_number_that_is_not_new_is_told_the_one_to_go_beyond() {
    Statement third = statement(3, NOW, 30);
    assertThat(ledger.state(third)).isEmpty();
    assertThat(ledger.state(third)).as("the same again").isEmpty();
    assertThat(ledger.state(statement(2, NOW + 5, 3))).contains(third);
    assertThat(ledger.fraud()).isEmpty();
  }

  @Test
  void two_figures_under_one_number_are_a_proof_that_anybody_can_check_from_its_bytes()
      throws MalformedFrameException {
    ledger.pledge(laptop.device(), 1, 30);
    place(0, 1);
    ledger.state(statement(3, NOW, 30));
    ledger.state(statement(3, NOW, 3));

    ByteWriter writer = new ByteWriter();
    ledger.fraud().orElseThrow().write(writer);
    FraudProof proof = FraudProof.read(new ByteReader(writer.toBytes()));
    assertThat(proof.isGenuine(new JvmCrypto())).isTrue();
    assertThat(proof.account()).isEqualTo(laptop.account());

    assertThat(ledger.allowance(NOW)).isEqualTo(new Allowance(1, 3, 3));
    assertThat(ledger.reserve(copies(0, 1), NOW)).as("renewal").isInstanceOf(Granted.class);
    assertThat(ledger.reserve(copies(1, 1), NOW)).isInstanceOf(OverAllowance.class);
  }

  @Test
  void fraud_shows_when_two_sides_of_a_partition_meet_and_stays_known() throws Exception {
    AccountLedger there = new AccountLedger();
    ledger.state(statement(3, NOW, 30));
    there.state(statement(3, NOW, 3));
    AccountLedger both = AccountLedger.decode(ledger.encoded());
    both.merge(there);
    there.merge(ledger);
    assertThat(both.fraud()).isPresent().isEqualTo(there.fraud());
    assertThat(AccountLedger.decode(both.encoded()).fraud()).isEqualTo(both.fraud());
  }

  @Test
  void nobody_is_taken_for_a_fraud_by_what_others_make_of_its_words() {
    Statement honest = statement(3, NOW, 30);
    Statement copied =
        new Statement(
            3,
            honest.previous(),
            NOW,
            honest.blocks(),
            30,
            DeviceCertificate.issue(vault, laptop.device(), NOW - 5, 1_000_000),
            honest.signature());
    Statement altered = new Statement(3, honest.previous(), NOW, 1, 3, laptop, honest.signature());
    assertThat(copied.isGenuine(crypto)).isTrue();
    assertThat(FraudProof.of(honest, copied).isGenuine(crypto)).isFalse();
    assertThat(FraudProof.of(honest, altered).isGenuine(crypto)).isFalse();
  }

  @Test
  void whatever_came_first_receipts_words_and_statements_come_to_the_same() {
    Seeded.check(
        30,
        arbitrary -> {
          List<Consumer<AccountLedger>> said = new ArrayList<>();
          for (int i = 0; i < 40; i++) {
            int block = arbitrary.below(8);
            Holder holder = holder(arbitrary.below(3));
            long time = NOW + arbitrary.below(500);
            said.add(l -> l.place(block(block), holder, time, LATER + time - NOW));
            if (arbitrary.below(4) == 0) {
              Statement statement = statement(1 + arbitrary.below(1_000_000), time, block);
              said.add(l -> l.state(statement));
            }
          }
          AccountLedger one = new AccountLedger(arbitrary.next());
          AccountLedger other = new AccountLedger(arbitrary.next());
          said.forEach(s -> s.accept(one));
          while (!said.isEmpty()) {
            said.remove(arbitrary.below(said.size())).accept(other);
          }
          assertThat(other.encoded()).isEqualTo(one.encoded());
        });
  }

  @Test
  void statements_end_with_the_receipts_that_they_speak_of() {
    ledger.state(statement(3, NOW, 30));
    ledger.sweep(NOW + ReceiptHeader.LIFE - 1);
    assertThat(ledger.isEmpty()).isFalse();
    ledger.sweep(NOW + ReceiptHeader.LIFE);
    assertThat(ledger.isEmpty()).isTrue();
  }

  @Test
  void only_so_many_devices_are_remembered_those_that_spoke_last() {
    List<Statement> all = new ArrayList<>();
    for (int i = 0; i <= AccountLedger.MAX_DEVICES; i++) {
      Crypto.SigningKey other = key("device" + i);
      all.add(Statement.sign(other, certificate(other), 1, Statement.NONE, NOW + i, 1, 3 + i));
    }
    AccountLedger other = new AccountLedger();
    all.forEach(ledger::state);
    all.reversed().forEach(other::state);
    assertThat(other.encoded()).isEqualTo(ledger.encoded());
  }

  private void place(int from, int to) {
    for (int i = from; i < to; i++) {
      ledger.place(block(i), holder(1), NOW, LATER);
      ledger.place(block(i), holder(2), NOW, LATER);
    }
  }

  private static List<Claim> copies(int block, int fewer) {
    List<Claim> claims = new ArrayList<>();
    claims.add(new Claim(block(block), holder(1), LATER));
    if (fewer > 0) {
      claims.add(new Claim(block(block), holder(2), LATER));
    }
    return claims;
  }

  private Statement statement(long number, long time, int needed) {
    Hash previous = number == 1 ? Statement.NONE : Sha256.hash(Bytes.utf8("before" + number));
    return Statement.sign(device, laptop, number, previous, time, needed / 3, needed);
  }

  private Crypto.SigningKey key(String name) {
    return crypto.signingKey(Sha256.hash(Bytes.utf8(name)).bytes());
  }

  private DeviceCertificate certificate(Crypto.SigningKey of) {
    return DeviceCertificate.issue(
        vault, PeerId.of(of.publicKey()), NOW - 10, DeviceCertificate.MAX_LIFE);
  }

  private static StorageKey block(int number) {
    return new StorageKey(Sha256.hash(Bytes.utf8("block" + number)).bytes());
  }

  private static Holder holder(int number) {
    return new Holder(
        new PeerId(Sha256.hash(Bytes.utf8("peer" + number)).bytes()),
        new AccountId(Sha256.hash(Bytes.utf8("account" + number)).bytes()));
  }
}
