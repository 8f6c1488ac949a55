package dev.p2pcp.testing;

import static dev.p2pcp.testing.ProtocolVectors.bytes;
import static dev.p2pcp.testing.ProtocolVectors.bytesOf;
import static dev.p2pcp.testing.ProtocolVectors.match;

import dev.p2pcp.block.BlockVerifier;
import dev.p2pcp.block.Leaves;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.identity.ServerRecord;
import dev.p2pcp.index.AuditCheck;
import dev.p2pcp.index.ManifestCheck;
import dev.p2pcp.index.ProofCheck;
import dev.p2pcp.quota.FraudProof;
import dev.p2pcp.quota.Grant;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptOffer;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs the scenarios of tickets, receipts, logins, releases and audits: who may do what, and until
 * when.
 */
final class QuotaVectors {
  private static final String ACCEPT = "accept";
  private static final String EXPIRED = "expired";
  private static final String BAD_SIGNATURE = "bad-signature";
  private static final String WRONG_HOLDER = "wrong-holder";
  private static final String WRONG_OWNER = "wrong-owner";

  private final Crypto crypto;

  QuotaVectors(Crypto crypto) {
    this.crypto = crypto;
  }

  String outcome(Vector vector) throws MalformedFrameException {
    return switch (vector.kind()) {
      case "grant" -> grant(vector);
      case "ticket-batch" -> ticketBatch(vector);
      case "put" -> put(vector);
      case "receipt-offer" -> receiptOffer(vector);
      case "receipt-batch" -> receiptBatch(vector);
      case "audit-root" ->
          match(vector, Map.of("audit-root", Leaves.root(bytes(vector, "block")).bytes().hex()));
      case "login" -> login(vector);
      case "release" -> release(vector);
      case "statement" -> statement(vector);
      case "fraud-proof" -> fraudProof(vector);
      case "manifest" -> manifest(vector);
      case "server-record" -> serverRecord(vector);
      case "audit" -> audit(vector);
      default -> throw new IllegalArgumentException("no such kind: " + vector.kind());
    };
  }

  private String grant(Vector vector) throws MalformedFrameException {
    Grant grant = read(bytes(vector, "grant"), Grant::read);
    requireSame(vector, "grant", grant::write);
    if (!grant.ticket().isCurrent(vector.number("now"))) {
      return EXPIRED;
    }
    return grant.isGenuine(crypto) ? ACCEPT : BAD_SIGNATURE;
  }

  private String ticketBatch(Vector vector) throws MalformedFrameException {
    TicketBatch batch = read(bytes(vector, "batch"), TicketBatch::read);
    requireSame(vector, "batch", batch::write);
    List<Grant> grants = batch.grants();
    for (Grant grant : grants) {
      if (!grant.isGenuine(crypto)) {
        return BAD_SIGNATURE;
      }
    }
    List<Bytes> expected = bytesOf(vector, "grant");
    for (int i = 0; i < expected.size(); i++) {
      if (!written(grants.get(i)::write).equals(expected.get(i))) {
        return "other grant " + i;
      }
    }
    return ACCEPT;
  }

  /** As a holder checks it, in the order of docs/protocol.md. */
  private String put(Vector vector) throws MalformedFrameException {
    if (!(FrameCodec.decodePeer(bytes(vector, "put")) instanceof PeerFrame.Put put)) {
      return "no put";
    }
    Ticket ticket = put.grant().ticket();
    long now = vector.number("now");
    if (!ticket.isCurrent(now)) {
      return EXPIRED;
    }
    if (!ticket.holder().bytes().equals(bytes(vector, "holder"))
        || !ticket.holderAccount().bytes().equals(bytes(vector, "holder-account"))) {
      return WRONG_HOLDER;
    }
    if (!put.grant().issuer().bytes().equals(bytes(vector, "trusted"))) {
      return "untrusted";
    }
    if (!put.grant().isGenuine(crypto)) {
      return BAD_SIGNATURE;
    }
    DeviceCertificate owner = put.owner();
    if (!owner.account().equals(ticket.owner())
        || owner.verify(crypto, now) != DeviceCertificate.Verdict.VALID
        || !crypto.verify(
            owner.device().publicKey(), Domain.PUT, ticket.encoded(), put.signature())) {
      return WRONG_OWNER;
    }
    if (put.block().length() > ticket.size()) {
      return "over-limit";
    }
    return new BlockVerifier(crypto).verify(ticket.key(), put.block())
            instanceof BlockVerifier.Genuine
        ? ACCEPT
        : "wrong-key";
  }

  private String receiptOffer(Vector vector) throws MalformedFrameException {
    ReceiptOffer offer = read(bytes(vector, "offer"), ReceiptOffer::read);
    requireSame(vector, "offer", offer::write);
    if (!offer.header().isCurrent(vector.number("now"))) {
      return EXPIRED;
    }
    return offer.isGenuine(crypto) ? ACCEPT : BAD_SIGNATURE;
  }

  private String receiptBatch(Vector vector) throws MalformedFrameException {
    ReceiptBatch batch = read(bytes(vector, "batch"), ReceiptBatch::read);
    requireSame(vector, "batch", batch::write);
    if (!batch.header().isCurrent(vector.number("now"))) {
      return EXPIRED;
    }
    if (!batch.isGenuine(crypto)) {
      return BAD_SIGNATURE;
    }
    if (vector.has("whole")) {
      List<ReceiptTerms> shown = batch.entries().stream().map(ReceiptBatch.Entry::terms).toList();
      ReceiptBatch whole = read(bytes(vector, "whole"), ReceiptBatch::read);
      if (!whole.only(shown::contains).equals(batch)) {
        return "other part";
      }
    }
    return ACCEPT;
  }

  /** As an index server checks it. */
  private String login(Vector vector) throws MalformedFrameException {
    if (!(FrameCodec.decodeMessage(bytes(vector, "challenge"))
            instanceof SessionFrame.Challenge challenge)
        || !(FrameCodec.decodeMessage(bytes(vector, "proof"))
            instanceof SessionFrame.Proof proof)) {
      return "no login";
    }
    String host = SessionFrame.Challenge.hostOf(vector.text("host"));
    return ProofCheck.check(crypto, challenge, host, proof, vector.number("now"))
        .map(refusal -> refusal.code() == Refusal.EXPIRED ? EXPIRED : BAD_SIGNATURE)
        .orElse(ACCEPT);
  }

  private String audit(Vector vector) throws MalformedFrameException {
    ByteReader in = new ByteReader(bytes(vector, "terms"));
    ReceiptTerms terms = ReceiptTerms.read(in);
    in.end();
    if (!(FrameCodec.decodePeer(bytes(vector, "audit")) instanceof PeerFrame.Audit audit)
        || !(FrameCodec.decodePeer(bytes(vector, "answer")) instanceof PeerFrame.Reply answer)) {
      return "no audit";
    }
    PeerId holder = new PeerId(bytes(vector, "holder"));
    return switch (AuditCheck.verdict(crypto, holder, terms, audit, answer, vector.number("now"))) {
      case PASSED -> ACCEPT;
      case ABSENT -> "absent";
      case WRONG -> "wrong";
      case REFUSED -> "refused";
    };
  }

  /** As a holder checks it. */
  private String release(Vector vector) throws MalformedFrameException {
    if (!(FrameCodec.decodePeer(bytes(vector, "release")) instanceof PeerFrame.Release release)) {
      return "no release";
    }
    long now = vector.number("now");
    if (!release.holder().bytes().equals(bytes(vector, "holder"))) {
      return WRONG_HOLDER;
    }
    if (!release.account().bytes().equals(bytes(vector, "owner"))
        || !release.isGenuine(crypto, now)) {
      return WRONG_OWNER;
    }
    return release.isCurrent(now) ? ACCEPT : EXPIRED;
  }

  private String statement(Vector vector) throws MalformedFrameException {
    Statement statement = read(bytes(vector, "statement"), Statement::read);
    requireSame(vector, "statement", statement::write);
    if (!statement.isCurrent(vector.number("now"))) {
      return EXPIRED;
    }
    if (vector.has("hash") && !statement.hash().bytes().equals(bytes(vector, "hash"))) {
      return "other hash";
    }
    return statement.isGenuine(crypto) ? ACCEPT : BAD_SIGNATURE;
  }

  private String serverRecord(Vector vector) throws MalformedFrameException {
    ServerRecord record = read(bytes(vector, "record"), ServerRecord::read);
    requireSame(vector, "record", record::write);
    long now = vector.number("now");
    if (!record.isCurrent(now)) {
      return EXPIRED;
    }
    return record.isGenuine(crypto, now) ? ACCEPT : BAD_SIGNATURE;
  }

  /** As anybody checks it who has nothing but these bytes. */
  private String fraudProof(Vector vector) throws MalformedFrameException {
    FraudProof proof = read(bytes(vector, "proof"), FraudProof::read);
    requireSame(vector, "proof", proof::write);
    boolean right = proof.account().bytes().equals(bytes(vector, "account"));
    return right && proof.isGenuine(crypto) ? ACCEPT : "no-proof";
  }

  /** As an index server checks it, and the batches that follow. */
  private String manifest(Vector vector) throws MalformedFrameException {
    if (!(FrameCodec.decodeMessage(bytes(vector, "manifest"))
        instanceof SessionFrame.Manifest manifest)) {
      return "no manifest";
    }
    ManifestCheck check = new ManifestCheck();
    DeviceCertificate presenter = read(bytes(vector, "certificate"), DeviceCertificate::read);
    Optional<Refusal> flaw = check.open(crypto, presenter, manifest, vector.number("now"));
    if (flaw.isPresent()) {
      return flaw.get().code() == Refusal.EXPIRED ? EXPIRED : BAD_SIGNATURE;
    }
    for (Bytes batch : bytesOf(vector, "batch")) {
      if (!check.takes(crypto.hasher(), batch)) {
        return "other-root";
      }
    }
    return check.isOpen() ? "more to come" : ACCEPT;
  }

  private static <T> T read(Bytes encoded, ByteReader.Element<T> element)
      throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    T value = element.read(reader);
    reader.end();
    return value;
  }

  private static void requireSame(Vector vector, String name, Consumer<ByteWriter> write) {
    if (!written(write).equals(bytes(vector, name))) {
      throw new IllegalStateException("other encoding of " + name);
    }
  }

  private static Bytes written(Consumer<ByteWriter> write) {
    ByteWriter writer = new ByteWriter();
    write.accept(writer);
    return writer.toBytes();
  }
}
