package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.platform.Platform;

/**
 * What the store of the device has: read before there is a node, as a constructor must not wait.
 */
record Stored(
    Holdings holdings,
    Receipts receipts,
    StatementDesk statements,
    OwnBlocks own,
    Keepers keepers,
    ItemTable table,
    Conflicts conflicts) {
  static Stored load(Platform platform, BlockStore store, KeyRing keys, Device device, int slots)
      throws StoreException {
    return new Stored(
        Holdings.load(store, platform.tasks(), slots),
        Receipts.load(store),
        StatementDesk.load(platform, store, device),
        OwnBlocks.load(store, platform.tasks()),
        Keepers.load(store, platform.clock()),
        ItemTable.load(store, keys, platform.entropy()),
        Conflicts.open(store, keys, platform.entropy()));
  }
}
