package dev.p2pcp.simulator;

import dev.p2pcp.block.StorageKey;
import java.util.HashMap;
import java.util.Map;

/** Storage that many accounts claim to have each: a block that several were given is there once. */
final class SharedRoom {
  private final int slots;
  private final Map<StorageKey, Integer> users = new HashMap<>();

  /** Room for so many blocks. */
  SharedRoom(int slots) {
    this.slots = slots;
  }

  /** Whether one account more has the block; false if there is no room. */
  boolean take(StorageKey key) {
    if (users.size() >= slots && !users.containsKey(key)) {
      return false;
    }
    users.merge(key, 1, Integer::sum);
    return true;
  }

  /** One account less has it. */
  void give(StorageKey key) {
    users.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
  }

  /** Blocks that are there. */
  int size() {
    return users.size();
  }
}
