package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.Path;

/**
 * An own item as a person sees it. Copies are those of its scarcest block, the own one included:
 * how many are wanted, agreed by receipts, and reachable now.
 */
public record ItemView(
    Path path,
    boolean isPublic,
    long version,
    long time,
    long size,
    int blocks,
    int wanted,
    int stored,
    int online,
    Placement placement,
    Why why,
    StorageKey key) {
  /** How far its copies are. */
  public enum Placement {
    DONE,
    PLACING,
    WAITING
  }

  /** What it waits for. */
  public enum Why {
    NOTHING,
    OFFLINE,
    NO_HOLDERS,
    OVER_ALLOWANCE,
    NOT_HERE_YET
  }
}
