package dev.p2pcp.wire;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.Leaves;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.quota.Grant;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptHeader;
import dev.p2pcp.quota.ReceiptOffer;
import dev.p2pcp.quota.Statement;
import java.util.HashSet;
import java.util.List;

/**
 * Layouts of the frames between agents, each field in the order of its record; a block comes last.
 */
final class PeerCodec {
  private PeerCodec() {}

  static void write(PeerFrame frame, ByteWriter writer) {
    switch (frame) {
      case PeerFrame.Get f -> writer.bytes(f.key().bytes());
      case PeerFrame.Put f -> {
        f.grant().write(writer);
        f.owner().write(writer);
        writer.bytes(f.signature().bytes()).bytes(f.block());
      }
      case PeerFrame.Update f -> writer.bytes(f.key().bytes()).bytes(f.block());
      case PeerFrame.Acknowledge f -> {
        writer.u16(f.serials().size());
        f.serials().forEach(writer::bytes);
      }
      case PeerFrame.Settle f -> f.batch().write(writer);
      case PeerFrame.Release f -> {
        f.owner().write(writer);
        writer.bytes(f.holder().bytes()).u64(f.time());
        SessionCodec.writeKeys(f.keys(), writer);
        writer.bytes(f.signature().bytes());
      }
      case PeerFrame.Keep f -> {
        f.grant().write(writer);
        f.owner().write(writer);
        writer.bytes(f.signature().bytes());
      }
      case PeerFrame.Vouch f -> f.statement().write(writer);
      case PeerFrame.Audit f -> writer.bytes(f.encoded());
      case PeerFrame.Entrust f -> {
        f.grant().write(writer);
        f.mender().write(writer);
        writer.bytes(f.signature().bytes());
        f.receipt().write(writer);
        writer.bytes(f.block());
      }
      case PeerFrame.Acquaint acquaint -> {
        // The type says it all.
      }
      case PeerFrame.Acquainted f -> {
        SessionCodec.writeServers(f.servers(), writer);
        writer.bytes(f.seed());
      }
      case PeerFrame.Gossip f -> TopicCodec.write(f, writer);
      case PeerFrame.Heard f -> TopicCodec.write(f, writer);
      case PeerFrame.Ask f -> writer.bytes(f.topic().bytes()).bytes(f.request());
      case PeerFrame.Told f -> writer.bytes(f.answer());
      case PeerFrame.BlockReply f -> writer.bytes(f.block());
      case PeerFrame.Ok ok -> {
        // The type says it all.
      }
      case PeerFrame.Acknowledged f -> f.offer().write(writer);
      case PeerFrame.Denied f -> f.refusal().write(writer);
      case PeerFrame.Audited f -> {
        writer.u64(f.time()).bytes(f.signature().bytes());
        MerkleTree.writeProof(writer, f.proof());
        writer.bytes(f.shown());
      }
    }
  }

  static PeerFrame read(FrameType type, ByteReader in) throws MalformedFrameException {
    return switch (type) {
      case GET -> new PeerFrame.Get(StorageKey.read(in, "storage key"));
      case PUT ->
          new PeerFrame.Put(
              Grant.read(in),
              DeviceCertificate.read(in),
              Signature.read(in, "signature"),
              in.bytes(blockLength(in), "block"));
      case UPDATE ->
          new PeerFrame.Update(
              StorageKey.read(in, "storage key"), in.bytes(blockLength(in), "block"));
      case ACKNOWLEDGE -> new PeerFrame.Acknowledge(readSerials(in));
      case SETTLE -> new PeerFrame.Settle(ReceiptBatch.read(in));
      case RELEASE ->
          new PeerFrame.Release(
              DeviceCertificate.read(in),
              PeerId.read(in, "holder"),
              in.u64("time"),
              SessionCodec.readKeys(ReceiptHeader.MAX_COUNT, in),
              Signature.read(in, "signature"));
      case KEEP ->
          new PeerFrame.Keep(
              Grant.read(in), DeviceCertificate.read(in), Signature.read(in, "signature"));
      case VOUCH -> new PeerFrame.Vouch(Statement.read(in));
      case AUDIT ->
          new PeerFrame.Audit(
              AccountId.read(in, "owner"),
              StorageKey.read(in, "storage key"),
              in.bytes(Limits.AUDIT_NONCE, "nonce"),
              in.count(Leaves.MOST - 1, "part"));
      case ENTRUST ->
          new PeerFrame.Entrust(
              Grant.read(in),
              DeviceCertificate.read(in),
              Signature.read(in, "signature"),
              readReceipt(in),
              in.bytes(blockLength(in), "block"));
      case ACQUAINT -> new PeerFrame.Acquaint();
      case ACQUAINTED ->
          new PeerFrame.Acquainted(
              SessionCodec.readServers(Limits.PEER_SERVERS, in),
              in.bytes(Limits.CANARY_SEED, "seed"));
      case BLOCK -> new PeerFrame.BlockReply(in.bytes(blockLength(in), "block"));
      case GOSSIP -> TopicCodec.readGossip(in);
      case HEARD -> TopicCodec.readHeard(in);
      case ASK -> new PeerFrame.Ask(Hash.read(in, "topic"), TopicCodec.readAsked(in));
      case TOLD -> new PeerFrame.Told(TopicCodec.readAsked(in));
      case OK -> new PeerFrame.Ok();
      case ACKNOWLEDGED -> new PeerFrame.Acknowledged(ReceiptOffer.read(in));
      case DENIED -> new PeerFrame.Denied(Refusal.read(in));
      case AUDITED ->
          new PeerFrame.Audited(
              in.u64("time"),
              Signature.read(in, "signature"),
              MerkleTree.readProof(in, Leaves.MOST),
              in.bytes(shownLength(in), "shown"));
      default -> throw new MalformedFrameException("frame type");
    };
  }

  /** A serial named twice would be counted twice in the receipts. */
  private static List<Bytes> readSerials(ByteReader in) throws MalformedFrameException {
    List<Bytes> serials =
        in.list(
            ReceiptHeader.MAX_COUNT, "serials", r -> r.bytes(PeerFrame.SERIAL_LENGTH, "serial"));
    if (serials.isEmpty() || new HashSet<>(serials).size() < serials.size()) {
      throw new MalformedFrameException("serials");
    }
    return serials;
  }

  /** What is shown fills the rest of its frame. */
  private static int shownLength(ByteReader in) throws MalformedFrameException {
    if (in.remaining() == 0 || in.remaining() > Limits.AUDITED) {
      throw new MalformedFrameException("shown");
    }
    return in.remaining();
  }

  /** The receipt of one block, be it the only one of its batch or not. */
  private static ReceiptBatch readReceipt(ByteReader in) throws MalformedFrameException {
    ReceiptBatch batch = ReceiptBatch.read(in);
    if (batch.entries().size() != 1) {
      throw new MalformedFrameException("entries");
    }
    return batch;
  }

  /** A block fills the rest of its frame. */
  private static int blockLength(ByteReader in) throws MalformedFrameException {
    if (in.remaining() == 0 || in.remaining() > Block.MAX_LENGTH) {
      throw new MalformedFrameException("block");
    }
    return in.remaining();
  }
}
