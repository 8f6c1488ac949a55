package dev.p2pcp.quota;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;
import java.util.ArrayList;
import java.util.List;

/**
 * Tickets issued together under one signature: over {@code count u32 ‖ root 32}, the Merkle root of
 * their encodings. Layout: {@code issuer 32 ‖ signature 64 ‖ u16 count ‖ tickets}.
 */
public record TicketBatch(PublicKey issuer, Signature signature, List<Ticket> tickets) {
  /** Most tickets in one batch: their encodings fit one message. */
  public static final int MAX = 256;

  /** Issues tickets. Suspends. */
  public static TicketBatch issue(Crypto.SigningKey issuer, List<Ticket> tickets) {
    if (tickets.size() > MAX) {
      throw new IllegalArgumentException("too many tickets");
    }
    Hash root = MerkleTree.root(leaves(tickets));
    Signature signature = issuer.sign(Domain.TICKET_BATCH, signed(tickets.size(), root));
    return new TicketBatch(issuer.publicKey(), signature, List.copyOf(tickets));
  }

  /** One grant per ticket, each of which a holder can check by itself. */
  public List<Grant> grants() {
    List<List<Hash>> proofs = MerkleTree.proofs(leaves(tickets));
    List<Grant> grants = new ArrayList<>();
    for (int i = 0; i < tickets.size(); i++) {
      grants.add(new Grant(tickets.get(i), issuer, signature, tickets.size(), i, proofs.get(i)));
    }
    return List.copyOf(grants);
  }

  public void write(ByteWriter writer) {
    writer.bytes(issuer.bytes()).bytes(signature.bytes()).u16(tickets.size());
    for (Ticket ticket : tickets) {
      writer.bytes(ticket.encoded());
    }
  }

  public static TicketBatch read(ByteReader reader) throws MalformedFrameException {
    return new TicketBatch(
        PublicKey.read(reader, "issuer"),
        Signature.read(reader, "signature"),
        reader.list(MAX, "tickets", Ticket::read));
  }

  static Bytes signed(int count, Hash root) {
    return new ByteWriter(4 + Hash.LENGTH).u32(count).bytes(root.bytes()).toBytes();
  }

  private static List<Hash> leaves(List<Ticket> tickets) {
    List<Hash> leaves = new ArrayList<>();
    for (Ticket ticket : tickets) {
      leaves.add(MerkleTree.leaf(ticket.encoded()));
    }
    return leaves;
  }
}
