package dev.p2pcp.quota;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.crypto.TreeRoot;
import dev.p2pcp.identity.DeviceCertificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Receipts that holder and owner both signed, all of a batch or some: one signature each, and an
 * inclusion proof for each receipt where not all are shown. Layout: {@code header ‖ holder
 * certificate ‖ holder signature 64 ‖ owner certificate ‖ owner signature 64 ‖ u16 n ‖ n × (index
 * u32 ‖ terms ‖ proof)}, indexes rising, n at least 1; where n is the header's count, the proofs
 * have no hashes.
 */
public record ReceiptBatch(
    ReceiptHeader header,
    DeviceCertificate holderCertificate,
    Signature holderSignature,
    DeviceCertificate ownerCertificate,
    Signature ownerSignature,
    List<Entry> entries) {

  /**
   * Longest encoding, in bytes: all but one of the receipts of a full batch, each with its proof.
   */
  public static final int MAX_LENGTH =
      ReceiptHeader.LENGTH
          + 2 * (DeviceCertificate.LENGTH + Signature.LENGTH)
          + Short.BYTES
          + (ReceiptHeader.MAX_COUNT - 1) * Entry.MAX_LENGTH;

  /** One receipt of the batch. */
  public record Entry(int index, ReceiptTerms terms, List<Hash> proof) {
    private static final int MAX_LENGTH =
        Integer.BYTES
            + ReceiptTerms.LENGTH
            + 1
            + MerkleTree.longestProof(ReceiptHeader.MAX_COUNT) * Hash.LENGTH;

    static List<Entry> complete(List<ReceiptTerms> terms) {
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < terms.size(); i++) {
        entries.add(new Entry(i, terms.get(i), List.of()));
      }
      return List.copyOf(entries);
    }

    private static Entry read(ByteReader reader) throws MalformedFrameException {
      return new Entry(
          reader.count(ReceiptHeader.MAX_COUNT, "index"),
          ReceiptTerms.read(reader),
          MerkleTree.readProof(reader, ReceiptHeader.MAX_COUNT));
    }
  }

  private boolean isComplete() {
    return entries.size() == header.count();
  }

  /**
   * Whether both signed the batch and every entry is of it. Certificates count as of the moment of
   * storing. Suspends; four signatures whatever the number of entries.
   */
  public boolean isGenuine(Crypto crypto) {
    return isWhole(crypto.hasher()) && isSigned(crypto);
  }

  /** Whether every entry is of the batch whose header this is, whoever signed it. */
  public boolean isWhole(Hasher hasher) {
    if (isComplete()) {
      TreeRoot tree = new TreeRoot();
      for (Entry entry : entries) {
        tree.add(hasher, entry.terms().encoded());
      }
      return tree.root(hasher).equals(header.root());
    }
    for (Entry entry : entries) {
      boolean included =
          TreeRoot.leadsTo(
              hasher,
              header.root(),
              header.count(),
              entry.index(),
              entry.terms().encoded(),
              entry.proof());
      if (!included) {
        return false;
      }
    }
    return true;
  }

  /** Whether both signed the header. Suspends; four signatures. */
  public boolean isSigned(Crypto crypto) {
    return isSignedByHolder(crypto) && isSignedByOwner(crypto);
  }

  /**
   * Whether both agreed to the header, as a device says that is logged in with that certificate: of
   * its own side its word is enough, as it is its word that the signature would prove. Suspends;
   * two signatures.
   */
  public boolean isSigned(Crypto crypto, DeviceCertificate presenter) {
    boolean holds =
        presenter.device().equals(header.holder())
            && presenter.account().equals(header.holderAccount());
    boolean owns =
        presenter.device().equals(ownerCertificate.device())
            && presenter.account().equals(header.owner());
    return (holds || isSignedByHolder(crypto)) && (owns || isSignedByOwner(crypto));
  }

  private boolean isSignedByHolder(Crypto crypto) {
    return ReceiptOffer.signedByHolder(crypto, header, holderCertificate, holderSignature);
  }

  private boolean isSignedByOwner(Crypto crypto) {
    return ownerCertificate.account().equals(header.owner())
        && ownerCertificate.verify(crypto, header.stored()) == DeviceCertificate.Verdict.VALID
        && crypto.verify(
            ownerCertificate.device().publicKey(),
            Domain.RECEIPT_OWNER,
            header.encoded(),
            ownerSignature);
  }

  /** The receipts that pass, each with its proof; where none does, there is no batch to write. */
  public ReceiptBatch only(Predicate<ReceiptTerms> wanted) {
    int first = 0;
    while (first < entries.size() && wanted.test(entries.get(first).terms())) {
      first++;
    }
    if (first == entries.size()) {
      return this;
    }
    List<Entry> kept = new ArrayList<>(entries.subList(0, first));
    for (Entry entry : entries.subList(first + 1, entries.size())) {
      if (wanted.test(entry.terms())) {
        kept.add(entry);
      }
    }
    if (isComplete()) {
      List<Hash> leaves =
          entries.stream().map(entry -> MerkleTree.leaf(entry.terms().encoded())).toList();
      List<List<Hash>> proofs = MerkleTree.proofs(leaves);
      kept.replaceAll(e -> new Entry(e.index(), e.terms(), proofs.get(e.index())));
    }
    return new ReceiptBatch(
        header,
        holderCertificate,
        holderSignature,
        ownerCertificate,
        ownerSignature,
        List.copyOf(kept));
  }

  public void write(ByteWriter writer) {
    writer.bytes(header.encoded());
    holderCertificate.write(writer);
    writer.bytes(holderSignature.bytes());
    ownerCertificate.write(writer);
    writer.bytes(ownerSignature.bytes()).u16(entries.size());
    for (Entry entry : entries) {
      writer.u32(entry.index()).bytes(entry.terms().encoded());
      MerkleTree.writeProof(writer, entry.proof());
    }
  }

  public Bytes encoded() {
    int proofs = isComplete() ? 0 : entries.size() * entries.get(0).proof().size() * Hash.LENGTH;
    ByteWriter writer =
        new ByteWriter(
            ReceiptHeader.LENGTH
                + 2 * (DeviceCertificate.LENGTH + Signature.LENGTH)
                + Short.BYTES
                + entries.size() * (Integer.BYTES + ReceiptTerms.LENGTH + 1)
                + proofs);
    write(writer);
    return writer.toBytes();
  }

  public static ReceiptBatch read(ByteReader reader) throws MalformedFrameException {
    ReceiptBatch batch =
        new ReceiptBatch(
            ReceiptHeader.read(reader),
            DeviceCertificate.read(reader),
            Signature.read(reader, "holder signature"),
            DeviceCertificate.read(reader),
            Signature.read(reader, "owner signature"),
            reader.list(ReceiptHeader.MAX_COUNT, "entries", Entry::read));
    if (batch.entries.isEmpty()) {
      throw new MalformedFrameException("entries");
    }
    int last = -1;
    for (Entry entry : batch.entries) {
      boolean bare = entry.proof().isEmpty();
      if (entry.index() <= last
          || entry.index() >= batch.header.count()
          || batch.isComplete() != bare) {
        throw new MalformedFrameException("entries");
      }
      last = entry.index();
    }
    return batch;
  }
}
