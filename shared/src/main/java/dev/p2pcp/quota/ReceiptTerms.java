package dev.p2pcp.quota;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.MerkleTree;
import java.util.ArrayList;
import java.util.List;

/**
 * What a receipt says of one block: {@code ticket serial 16 ‖ storage key 32 ‖ size u32 ‖ audit
 * root 32}. The audit root is the Merkle root over leaves of 1 KiB of a content block, and zeros
 * for a signed block, whose versions change and whose signature proves it.
 */
public record ReceiptTerms(Bytes serial, StorageKey key, int size, Hash auditRoot) {
  /** Bytes of the encoding. */
  public static final int LENGTH =
      Ticket.SERIAL_LENGTH + StorageKey.LENGTH + Integer.BYTES + Hash.LENGTH;

  /** Bytes of a leaf that an audit may ask for. */
  public static final int AUDIT_LEAF = 1024;

  private static final Hash NO_ROOT = new Hash(Bytes.wrap(new byte[Hash.LENGTH]));

  /** The terms for a block that was stored by the ticket. */
  public static ReceiptTerms of(Bytes serial, StorageKey key, Block block) {
    Hash root = block instanceof Block.Content ? MerkleTree.root(leaves(block.encoded())) : NO_ROOT;
    return new ReceiptTerms(serial, key, block.encoded().length(), root);
  }

  /** Whether it is about a signed block, so that an audit needs all of it. */
  public boolean isSigned() {
    return auditRoot.equals(NO_ROOT);
  }

  /** Leaves that an audit may ask for: only the one of that block for a signed block. */
  public int leaves() {
    return isSigned() ? 1 : (size + AUDIT_LEAF - 1) / AUDIT_LEAF;
  }

  /** The Merkle root over the block's leaves. */
  public static Hash auditRoot(Bytes encoded) {
    return MerkleTree.root(leaves(encoded));
  }

  /** The hashes of the block's leaves. */
  public static List<Hash> leaves(Bytes encoded) {
    List<Hash> leaves = new ArrayList<>();
    for (int at = 0; at < encoded.length(); at += AUDIT_LEAF) {
      leaves.add(MerkleTree.leaf(encoded.slice(at, Math.min(AUDIT_LEAF, encoded.length() - at))));
    }
    return leaves;
  }

  public Bytes encoded() {
    return new ByteWriter(LENGTH)
        .bytes(serial)
        .bytes(key.bytes())
        .u32(size)
        .bytes(auditRoot.bytes())
        .toBytes();
  }

  public static ReceiptTerms read(ByteReader reader) throws MalformedFrameException {
    ReceiptTerms terms =
        new ReceiptTerms(
            reader.bytes(Ticket.SERIAL_LENGTH, "serial"),
            StorageKey.read(reader, "storage key"),
            reader.count(Block.MAX_LENGTH, "size"),
            Hash.read(reader, "audit root"));
    if (terms.size < 1) {
      throw new MalformedFrameException("size");
    }
    return terms;
  }
}
