package dev.p2pcp.quota;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import java.util.List;

/**
 * What both sides sign for a whole batch of copies: {@code owner 32 ‖ holder account 32 ‖ holder
 * peer 32 ‖ stored u64 ‖ expires u64 ‖ count u32 ‖ root 32}; the root is the Merkle root over the
 * encoded terms.
 */
public record ReceiptHeader(
    AccountId owner,
    AccountId holderAccount,
    PeerId holder,
    long stored,
    long expires,
    int count,
    Hash root) {
  /** Most copies in one batch. */
  public static final int MAX_COUNT = 128;

  /** How long a receipt is good for unless renewed, in milliseconds: 31 days. */
  public static final long LIFE = 31L * 24 * 60 * 60 * 1000;

  /** Bytes of the encoding. */
  public static final int LENGTH =
      2 * AccountId.LENGTH + PeerId.LENGTH + 2 * Long.BYTES + Integer.BYTES + Hash.LENGTH;

  /**
   * Whether the receipts count at that moment of wall time: they do until they expire, and not
   * before they were made, or else a holder could date them ahead and stretch their life.
   */
  public boolean isCurrent(long now) {
    return now >= stored - Ticket.CLOCK_SKEW && now <= expires;
  }

  public Bytes encoded() {
    return new ByteWriter(LENGTH)
        .bytes(owner.bytes())
        .bytes(holderAccount.bytes())
        .bytes(holder.bytes())
        .u64(stored)
        .u64(expires)
        .u32(count)
        .bytes(root.bytes())
        .toBytes();
  }

  public static ReceiptHeader read(ByteReader reader) throws MalformedFrameException {
    ReceiptHeader header =
        new ReceiptHeader(
            AccountId.read(reader, "owner"),
            AccountId.read(reader, "holder account"),
            PeerId.read(reader, "holder"),
            reader.u64("stored"),
            reader.u64("expires"),
            reader.count(MAX_COUNT, "count"),
            Hash.read(reader, "root"));
    if (header.count < 1
        || header.expires < header.stored
        || header.expires - header.stored > LIFE) {
      throw new MalformedFrameException("receipt header");
    }
    return header;
  }

  /** The root over terms in their order. */
  static Hash rootOf(List<ReceiptTerms> terms) {
    return MerkleTree.root(terms.stream().map(t -> MerkleTree.leaf(t.encoded())).toList());
  }
}
