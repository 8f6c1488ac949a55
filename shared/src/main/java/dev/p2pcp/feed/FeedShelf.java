package dev.p2pcp.feed;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.crypto.PublicKey;
import java.util.Optional;

/** Where a feed's blocks are: a device's own store, or whoever has them. Calls suspend. */
public interface FeedShelf {
  /** A content block that is verified, if it can be had. */
  Optional<Block> content(StorageKey key) throws StoreException;

  /** The newest version of a feed's signed block that can be had, verified as a block. */
  Optional<Block.Signed> head(PublicKey feed) throws StoreException;

  /**
   * Stores all of a change, durably, or none of it.
   *
   * @param head the feed's signed block after the change
   */
  void store(FeedChange change, Block.Signed head) throws StoreException;
}
