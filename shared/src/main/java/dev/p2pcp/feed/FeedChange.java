package dev.p2pcp.feed;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a change of a feed comes to in blocks: all of it is stored in one transaction, or nothing.
 *
 * @param log the feed after the change
 * @param fresh content blocks that are new
 * @param obsolete content blocks that the feed needs no more
 * @param listing the payload of the feed's signed block
 */
public record FeedChange(
    FeedLog log, Map<StorageKey, Block.Content> fresh, List<StorageKey> obsolete, Bytes listing) {
  /** The path of a feed's signed block. */
  public static final String PATH = "/feed";

  public FeedChange {
    fresh = Map.copyOf(fresh);
    obsolete = List.copyOf(obsolete);
  }

  /** Where a feed's signed block lies: whoever knows the feed can compute it. */
  public static StorageKey keyOf(PublicKey feed) {
    return StorageKey.ofSigned(feed, StorageKey.pathHash(PATH));
  }

  /** Makes the signed block of a version. Suspends. */
  public Block.Signed signed(Crypto.SigningKey key, Optional<Block.Signed> before, long time) {
    long version = before.map(Block.Signed::version).orElse(0L) + 1;
    return Block.Signed.sign(key, StorageKey.pathHash(PATH), version, time, listing);
  }
}
