package dev.p2pcp.quota;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.Excerpt;
import dev.p2pcp.block.Leaves;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;

/**
 * What a receipt says of one block: {@code ticket serial 16 ‖ storage key 32 ‖ size u32 ‖ audit
 * root 32}. The audit root is the tree hash over the leaves of a content block, and zeros for a
 * signed block, whose versions change and whose signature covers such a tree hash of its own.
 */
public record ReceiptTerms(Bytes serial, StorageKey key, int size, Hash auditRoot) {
  /** Bytes of the encoding. */
  public static final int LENGTH =
      Ticket.SERIAL_LENGTH + StorageKey.LENGTH + Integer.BYTES + Hash.LENGTH;

  private static final Hash NO_ROOT = new Hash(Bytes.wrap(new byte[Hash.LENGTH]));

  /** The terms for a block that was stored by the ticket. */
  public static ReceiptTerms of(Bytes serial, StorageKey key, Block block) {
    Hash root = block instanceof Block.Content ? Leaves.root(block.encoded()) : NO_ROOT;
    return new ReceiptTerms(serial, key, block.encoded().length(), root);
  }

  /** Whether it is about a signed block, so that an audit shows an {@link Excerpt}. */
  public boolean isSigned() {
    return auditRoot.equals(NO_ROOT);
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
