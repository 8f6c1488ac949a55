package dev.p2pcp.block;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
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
 * What proves that a signed block is kept without showing all of it: {@code head 85 ‖ signature 64
 * ‖ one leaf of the payload, to the end}. With the leaf's proof it leads to what the signature
 * covers.
 *
 * @param key the storage key that the head names
 * @param length bytes of the payload
 */
public record Excerpt(StorageKey key, int length, Bytes encoded) {
  private static final int LEAF_AT = Block.Signed.HEADER + Signature.LENGTH;

  /** Bytes of the longest. */
  public static final int MAX_LENGTH = LEAF_AT + Leaves.LENGTH;

  /** That of the leaf of the payload at the index. */
  public static Bytes of(Block.Signed block, int index) {
    return Bytes.concat(block.head(), block.signature().bytes(), Leaves.at(block.payload(), index));
  }

  /** Decodes without verifying. */
  public static Excerpt decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    if (reader.u8("block kind") != Block.SIGNED) {
      throw new MalformedFrameException("block kind");
    }
    PublicKey writeKey = PublicKey.read(reader, "write key");
    Hash pathHash = Hash.read(reader, "path hash");
    long version = reader.u64("version");
    reader.u64("time");
    int length = reader.count(Block.Signed.MAX_PAYLOAD, "payload");
    Signature.read(reader, "signature");
    if (version < 1) {
      throw new MalformedFrameException("version");
    }
    return new Excerpt(StorageKey.ofSigned(writeKey, pathHash), length, encoded);
  }

  /** Whether it is genuine, and of the leaf of that part ({@link Leaves#index}). Suspends. */
  public boolean proves(Crypto crypto, int part, List<Hash> proof) {
    int count = Leaves.count(length);
    int index = Leaves.index(part, count);
    Bytes leaf = encoded.from(LEAF_AT);
    Optional<Hash> root = MerkleTree.rootOf(count, index, MerkleTree.leaf(leaf), proof);
    if (leaf.length() != Leaves.length(length, index) || root.isEmpty()) {
      return false;
    }
    Bytes head = encoded.slice(0, Block.Signed.HEADER);
    PublicKey writeKey = new PublicKey(head.slice(1, PublicKey.LENGTH));
    Signature signature = new Signature(encoded.slice(Block.Signed.HEADER, Signature.LENGTH));
    return crypto.verify(
        writeKey, Domain.SIGNED_BLOCK, Bytes.concat(head, root.get().bytes()), signature);
  }
}
