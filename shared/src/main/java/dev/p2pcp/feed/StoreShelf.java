package dev.p2pcp.feed;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.BlockVerifier;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.PublicKey;
import java.util.Optional;

/** A feed that is kept in a store alone, and in no copies elsewhere. */
public final class StoreShelf implements FeedShelf {
  private final BlockStore store;
  private final BlockVerifier verifier;

  public StoreShelf(BlockStore store, Crypto crypto) {
    this.store = store;
    this.verifier = new BlockVerifier(crypto);
  }

  @Override
  public Optional<Block> content(StorageKey key) throws StoreException {
    Optional<Bytes> encoded = store.block(key);
    if (encoded.isPresent()
        && verifier.verify(key, encoded.get()) instanceof BlockVerifier.Genuine genuine) {
      return Optional.of(genuine.block());
    }
    return Optional.empty();
  }

  @Override
  public Optional<Block.Signed> head(PublicKey feed) throws StoreException {
    Optional<Block> block = content(FeedChange.keyOf(feed));
    return block.isPresent() && block.get() instanceof Block.Signed signed
        ? Optional.of(signed)
        : Optional.empty();
  }

  @Override
  public void store(FeedChange change, Block.Signed head) throws StoreException {
    BlockStore.Batch batch = new BlockStore.Batch();
    change.fresh().forEach((key, block) -> batch.putBlock(key, block.encoded()));
    batch.putBlock(head.storageKey(), head.encoded());
    change.obsolete().forEach(batch::removeBlock);
    store.apply(batch);
  }
}
