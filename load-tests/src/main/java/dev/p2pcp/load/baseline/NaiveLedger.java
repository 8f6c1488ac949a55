package dev.p2pcp.load.baseline;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.quota.AccountLedger.Holder;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ledgers as anybody would write them first: maps of maps of records, every batch verified whole
 * when it comes, nothing remembered of one that helps with the next.
 */
public final class NaiveLedger {
  private final Map<AccountId, Map<StorageKey, Map<Holder, Copy>>> ledgers = new HashMap<>();

  private record Copy(long signed, long expires, long freed, long reserved) {}

  /** Verifies a batch and enters it. */
  public void present(Crypto crypto, ReceiptBatch batch) {
    if (!isGenuine(crypto, batch)) {
      throw new IllegalStateException("a receipt of the bench is forged");
    }
    ReceiptHeader header = batch.header();
    Holder holder = new Holder(header.holder(), header.holderAccount());
    Copy copy = new Copy(header.stored(), header.expires(), 0, 0);
    for (ReceiptBatch.Entry entry : batch.entries()) {
      ledgers
          .computeIfAbsent(header.owner(), owner -> new HashMap<>())
          .computeIfAbsent(entry.terms().key(), key -> new HashMap<>(4))
          .put(holder, copy);
    }
  }

  private static boolean isGenuine(Crypto crypto, ReceiptBatch batch) {
    List<Hash> leaves = new ArrayList<>();
    batch.entries().forEach(entry -> leaves.add(MerkleTree.leaf(entry.terms().encoded())));
    ReceiptHeader header = batch.header();
    return MerkleTree.root(leaves).equals(header.root())
        && isBy(crypto, batch.holderCertificate(), header)
        && isBy(crypto, batch.ownerCertificate(), header)
        && crypto.verify(
            header.holder().publicKey(),
            Domain.RECEIPT_HOLDER,
            header.encoded(),
            batch.holderSignature())
        && crypto.verify(
            batch.ownerCertificate().device().publicKey(),
            Domain.RECEIPT_OWNER,
            header.encoded(),
            batch.ownerSignature());
  }

  private static boolean isBy(Crypto crypto, DeviceCertificate who, ReceiptHeader header) {
    return who.verify(crypto, header.stored()) == DeviceCertificate.Verdict.VALID;
  }

  /** Placements entered. */
  public int placements() {
    return ledgers.values().stream()
        .flatMap(ledger -> ledger.values().stream())
        .mapToInt(Map::size)
        .sum();
  }
}
