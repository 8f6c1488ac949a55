package dev.p2pcp.identity;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.crypto.Crypto.SealingKey;
import dev.p2pcp.crypto.Crypto.SigningKey;
import dev.p2pcp.crypto.Hash;
import java.util.Optional;

/**
 * A path together with all that it takes to write and read the item there.
 *
 * @param writeKey signs each version
 * @param seal seals the payload; empty where everybody may read
 * @param pathHash the path as it enters the block
 * @param key where the block is stored
 */
public record Place(SigningKey writeKey, Optional<SealingKey> seal, Hash pathHash, StorageKey key) {
  static Place of(SigningKey writeKey, Optional<SealingKey> seal, Path path) {
    Hash pathHash = path.hash();
    return new Place(writeKey, seal, pathHash, StorageKey.ofSigned(writeKey.publicKey(), pathHash));
  }
}
