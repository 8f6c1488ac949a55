package dev.p2pcp.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptHeader;
import dev.p2pcp.quota.ReceiptOffer;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.wire.Refusal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReceiptRulesTest {
  private static final long NOW = 10_000_000_000L;

  private final Crypto crypto = new JvmCrypto();
  private final Party owner = new Party(1);
  private final Party holder = new Party(2);
  private final Party stranger = new Party(3);
  private final ReceiptBatch batch = receipts(holder, owner, owner);

  /** An account with one device. */
  private final class Party {
    private final Crypto.SigningKey device;
    private final DeviceCertificate certificate;

    Party(int number) {
      device = key(10 + number);
      certificate =
          DeviceCertificate.issue(
              key(20 + number), PeerId.of(device.publicKey()), NOW - 1_000, 3_600_000);
    }

    AccountId account() {
      return certificate.account();
    }
  }

  @Test
  void holder_and_owner_may_bring_it_and_nobody_else() {
    assertThat(check(holder, batch, NOW)).isEmpty();
    assertThat(check(owner, batch, NOW)).isEmpty();
    assertThat(check(stranger, batch, NOW)).contains(Refusal.NOT_YOURS);
  }

  @Test
  void nobody_holds_for_himself() {
    assertThat(check(owner, receipts(owner, owner, owner), NOW)).contains(Refusal.NOT_YOURS);
  }

  @Test
  void it_counts_from_when_it_was_made_until_it_expires() {
    assertThat(check(holder, batch, NOW + ReceiptHeader.LIFE)).isEmpty();
    assertThat(check(holder, batch, NOW + ReceiptHeader.LIFE + 1)).contains(Refusal.EXPIRED);
    assertThat(check(holder, batch, NOW - Ticket.CLOCK_SKEW - 1)).contains(Refusal.EXPIRED);
  }

  @Test
  void both_must_have_signed() {
    assertThat(check(holder, receipts(holder, owner, stranger), NOW))
        .contains(Refusal.BAD_SIGNATURE);
  }

  private Optional<Integer> check(Party presenter, ReceiptBatch receipts, long now) {
    return ReceiptRules.check(crypto, presenter.certificate, receipts, now).map(Refusal::code);
  }

  private ReceiptBatch receipts(Party keeper, Party of, Party signer) {
    Block.Content block = Block.Content.of(Bytes.utf8("block"));
    StorageKey key = StorageKey.ofContent(crypto, block.encoded());
    ReceiptTerms terms = ReceiptTerms.of(Bytes.wrap(new byte[Ticket.SERIAL_LENGTH]), key, block);
    return ReceiptOffer.sign(keeper.device, keeper.certificate, of.account(), NOW, List.of(terms))
        .countersign(signer.device, of.certificate);
  }

  private Crypto.SigningKey key(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return crypto.signingKey(Bytes.wrap(seed));
  }
}
