package dev.p2pcp.index;

import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptHeader;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.wire.Refusal;
import java.util.Optional;

/** Which receipts an index server takes from whom, and which words on their end. */
public final class ReceiptRules {
  private ReceiptRules() {}

  /**
   * Empty if the batch may be merged into its owner's ledger at that moment of wall time. It may be
   * brought by a device of the holder's or of the owner's account, and nobody may hold for himself.
   * Suspends; four signatures.
   */
  public static Optional<Refusal> check(
      Crypto crypto, DeviceCertificate presenter, ReceiptBatch batch, long now) {
    ReceiptHeader header = batch.header();
    if (!isParty(presenter, header)) {
      return Optional.of(Refusal.of(Refusal.NOT_YOURS, "receipt"));
    }
    if (!header.isCurrent(now)) {
      return Optional.of(Refusal.of(Refusal.EXPIRED, "receipt"));
    }
    return batch.isGenuine(crypto)
        ? Optional.empty()
        : Optional.of(Refusal.of(Refusal.BAD_SIGNATURE, "receipt"));
  }

  /** Whether the presenter's account is one of the two sides, which differ. */
  static boolean isParty(DeviceCertificate presenter, ReceiptHeader header) {
    boolean party =
        presenter.account().equals(header.owner())
            || presenter.account().equals(header.holderAccount());
    return party && !header.owner().equals(header.holderAccount());
  }

  /**
   * Empty if a holder may say at that moment of wall time that it gave blocks up at that time: what
   * it will sign later can't be taken back now.
   */
  public static Optional<Refusal> checkFreed(long time, long now) {
    return time - now <= Ticket.CLOCK_SKEW && time >= 0
        ? Optional.empty()
        : Optional.of(Refusal.of(Refusal.EXPIRED, "time of giving up"));
  }
}
