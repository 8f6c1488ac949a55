package dev.p2pcp.feed;

import dev.p2pcp.crypto.Hash;

/** The hashes of whole trees, by which everything about a tree can be proven. */
public interface Nodes {
  /** Entries that there are. */
  long length();

  /**
   * The hash of a node whose leaves are all there.
   *
   * @param depth levels above the leaves
   * @param offset nodes of that depth on its left
   */
  Hash node(int depth, long offset);
}
