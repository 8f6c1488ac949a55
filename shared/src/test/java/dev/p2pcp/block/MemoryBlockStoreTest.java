package dev.p2pcp.block;

import java.util.Optional;

class MemoryBlockStoreTest extends BlockStoreContract {
  @Override
  protected BlockStore create(long limitBytes) {
    return new MemoryBlockStore(limitBytes);
  }

  @Override
  protected Optional<BlockStore> reopen(long limitBytes) {
    return Optional.empty();
  }
}
