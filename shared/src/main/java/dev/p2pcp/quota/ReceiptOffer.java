package dev.p2pcp.quota;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import java.util.List;

/**
 * A holder's word that it keeps a batch of blocks, before the owner has countersigned: {@code
 * header ‖ certificate ‖ signature 64 ‖ header.count × terms}.
 */
public record ReceiptOffer(
    ReceiptHeader header,
    DeviceCertificate certificate,
    Signature signature,
    List<ReceiptTerms> terms) {
  /** Signs for blocks that are stored durably: 1 to {@link ReceiptHeader#MAX_COUNT}. Suspends. */
  public static ReceiptOffer sign(
      Crypto.SigningKey device,
      DeviceCertificate certificate,
      AccountId owner,
      long now,
      List<ReceiptTerms> terms) {
    if (terms.isEmpty() || terms.size() > ReceiptHeader.MAX_COUNT) {
      throw new IllegalArgumentException("no receipt for so many blocks");
    }
    ReceiptHeader header =
        new ReceiptHeader(
            owner,
            certificate.account(),
            certificate.device(),
            now,
            now + ReceiptHeader.LIFE,
            terms.size(),
            ReceiptHeader.rootOf(terms));
    Signature signature = device.sign(Domain.RECEIPT_HOLDER, header.encoded());
    return new ReceiptOffer(header, certificate, signature, List.copyOf(terms));
  }

  /** Whether the named holder signed exactly these terms. Suspends. */
  public boolean isGenuine(Crypto crypto) {
    return header.count() == terms.size()
        && header.root().equals(ReceiptHeader.rootOf(terms))
        && signedByHolder(crypto, header, certificate, signature);
  }

  /** The batch with the owner's signature added. Suspends. */
  public ReceiptBatch countersign(Crypto.SigningKey device, DeviceCertificate owner) {
    Signature own = device.sign(Domain.RECEIPT_OWNER, header.encoded());
    return new ReceiptBatch(
        header, certificate, signature, owner, own, ReceiptBatch.Entry.complete(terms));
  }

  public void write(ByteWriter writer) {
    writer.bytes(header.encoded());
    certificate.write(writer);
    writer.bytes(signature.bytes());
    for (ReceiptTerms term : terms) {
      writer.bytes(term.encoded());
    }
  }

  public static ReceiptOffer read(ByteReader reader) throws MalformedFrameException {
    ReceiptHeader header = ReceiptHeader.read(reader);
    DeviceCertificate certificate = DeviceCertificate.read(reader);
    Signature signature = Signature.read(reader, "signature");
    ReceiptTerms[] terms = new ReceiptTerms[header.count()];
    for (int i = 0; i < terms.length; i++) {
      terms[i] = ReceiptTerms.read(reader);
    }
    return new ReceiptOffer(header, certificate, signature, List.of(terms));
  }

  static boolean signedByHolder(
      Crypto crypto, ReceiptHeader header, DeviceCertificate certificate, Signature signature) {
    return certificate.account().equals(header.holderAccount())
        && certificate.device().equals(header.holder())
        && certificate.verify(crypto, header.stored()) == DeviceCertificate.Verdict.VALID
        && crypto.verify(
            header.holder().publicKey(), Domain.RECEIPT_HOLDER, header.encoded(), signature);
  }
}
