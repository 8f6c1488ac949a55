package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.quota.ReceiptBatch;

/** Which receipts still say what is so, as far as this device knows. */
record ReceiptTruth(Clock clock, Device device, Holdings holdings, OwnBlocks own) {
  /**
   * Whether a receipt still tells the truth, as far as this device knows. What a holder was not
   * told yet to let go of it still keeps; what is lost the owner forgoes by a word of its own.
   */
  boolean isTrue(ReceiptBatch batch, StorageKey key) {
    if (batch.header().expires() <= clock.now()) {
      return false;
    }
    if (batch.header().holder().equals(device.peer())) {
      return holdings
          .of(key)
          .flatMap(h -> h.claimOf(batch.header().owner()))
          .filter(claim -> claim.expires() <= batch.header().expires())
          .isPresent();
    }
    return own.get(key)
        .flatMap(block -> block.copyWith(batch.header().holder()))
        .filter(copy -> copy.expires() <= batch.header().expires())
        .isPresent();
  }
}
