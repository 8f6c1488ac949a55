package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import java.util.List;
import java.util.Map;

/** Own blocks that this device should have a copy of and has not. */
record Missing(OwnBlocks own, Holdings holdings) {
  List<StorageKey> keys() {
    return own.snapshot().entrySet().stream()
        .filter(e -> !e.getValue().released() && holdings.of(e.getKey()).isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }
}
