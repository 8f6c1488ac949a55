package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.Path;

/**
 * An own item as a person sees it. Copies are those of its scarcest block, the own one included:
 * how many are wanted, agreed by receipts, and reachable now; the rest is in {@link Copies}.
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
    Copies copies,
    Placement placement,
    Why why,
    StorageKey key) {
  /**
   * What became of its copies with others: holders that are away but likely to come back; copies
   * that are lost, and of these such as are being replaced; and when the first ends that is not
   * renewed, in milliseconds since 1970, 0 if there are none.
   */
  public record Copies(int absent, int lost, int repairing, long paidUntil) {}

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
