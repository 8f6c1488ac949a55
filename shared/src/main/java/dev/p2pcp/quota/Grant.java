package dev.p2pcp.quota;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;
import java.util.List;
import java.util.Optional;

/**
 * A ticket with what proves it: {@code ticket ‖ issuer 32 ‖ signature 64 ‖ count u32 ‖ index u32 ‖
 * u8 n ‖ n × hash 32}.
 */
public record Grant(
    Ticket ticket, PublicKey issuer, Signature signature, int count, int index, List<Hash> proof) {
  /** Longest encoding, in bytes. */
  public static final int MAX_LENGTH =
      Ticket.LENGTH
          + PublicKey.LENGTH
          + Signature.LENGTH
          + 2 * Integer.BYTES
          + 1
          + MerkleTree.longestProof(TicketBatch.MAX) * Hash.LENGTH;

  /**
   * Whether the issuer signed the ticket. Whether the issuer is to be trusted is another question.
   */
  public boolean isGenuine(Crypto crypto) {
    Hash leaf = MerkleTree.leaf(ticket.encoded());
    Optional<Hash> root = MerkleTree.rootOf(count, index, leaf, proof);
    return root.isPresent()
        && crypto.verify(
            issuer, Domain.TICKET_BATCH, TicketBatch.signed(count, root.get()), signature);
  }

  public void write(ByteWriter writer) {
    writer
        .bytes(ticket.encoded())
        .bytes(issuer.bytes())
        .bytes(signature.bytes())
        .u32(count)
        .u32(index);
    MerkleTree.writeProof(writer, proof);
  }

  public static Grant read(ByteReader reader) throws MalformedFrameException {
    Grant grant =
        new Grant(
            Ticket.read(reader),
            PublicKey.read(reader, "issuer"),
            Signature.read(reader, "signature"),
            reader.count(TicketBatch.MAX, "count"),
            reader.count(TicketBatch.MAX, "index"),
            MerkleTree.readProof(reader, TicketBatch.MAX));
    if (grant.index >= grant.count) {
      throw new MalformedFrameException("index");
    }
    return grant;
  }
}
