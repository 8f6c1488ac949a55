package dev.p2pcp.feed;

import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Makes proofs about a tree as it was with so many entries, from the hashes of whole trees: those
 * of RFC 9162, which any verifier of Certificate Transparency accepts, and proofs of many entries
 * at once. {@link ProofCheck} checks them.
 */
public final class TreeProofs {
  private final Nodes nodes;
  private final Hasher hasher;
  private final long size;

  /**
   * @param size entries of the tree that proofs are about, at most those that there are
   */
  public TreeProofs(Nodes nodes, Hasher hasher, long size) {
    Objects.checkFromToIndex(0, size, nodes.length());
    this.nodes = nodes;
    this.hasher = hasher;
    this.size = size;
  }

  /** The tree hash (RFC 9162, 2.1.1). */
  public Hash root() {
    return size == 0 ? new CompactRange(0).root(hasher) : hash(0, size);
  }

  /** What stands for a run of entries. */
  public CompactRange range(long from, long end) {
    Objects.checkFromToIndex(from, end, size);
    List<Hash> peaks = new ArrayList<>();
    for (long at = from; at < end; ) {
      int depth = FlatTree.coverDepth(at, end);
      peaks.add(nodes.node(depth, at >> depth));
      at += 1L << depth;
    }
    return CompactRange.of(from, end, peaks);
  }

  /** The inclusion proof of an entry, from the leaf up (RFC 9162, 2.1.3). */
  public List<Hash> inclusion(long index) {
    Objects.checkIndex(index, size);
    List<Hash> path = new ArrayList<>();
    long from = 0;
    long end = size;
    while (end - from > 1) {
      long middle = middle(from, end);
      if (index < middle) {
        path.add(hash(middle, end));
        end = middle;
      } else {
        path.add(hash(from, middle));
        from = middle;
      }
    }
    Collections.reverse(path);
    return path;
  }

  /** The proof that the tree of the first so many entries is its beginning (RFC 9162, 2.1.4). */
  public List<Hash> consistency(long first) {
    Objects.checkFromToIndex(0, first, size);
    List<Hash> proof = new ArrayList<>();
    if (first == 0 || first == size) {
      return proof;
    }
    long from = 0;
    long end = size;
    while (end != first) {
      long middle = middle(from, end);
      if (first <= middle) {
        proof.add(hash(middle, end));
        end = middle;
      } else {
        proof.add(hash(from, middle));
        from = middle;
      }
    }
    if (from > 0) {
      proof.add(hash(from, end));
    }
    Collections.reverse(proof);
    return proof;
  }

  /** The hashes that lead from the entries of some runs to the root, each once, from the left. */
  public List<Hash> of(Runs runs) {
    Objects.checkFromToIndex(0, runs.end(), size);
    List<Hash> proof = new ArrayList<>();
    if (size > 0) {
      collect(0, size, runs, proof);
    }
    return proof;
  }

  private void collect(long from, long end, Runs runs, List<Hash> proof) {
    if (!runs.touch(from, end)) {
      proof.add(hash(from, end));
    } else if (!runs.cover(from, end)) {
      long middle = middle(from, end);
      collect(from, middle, runs, proof);
      collect(middle, end, runs, proof);
    }
  }

  /** The hash of a part of the tree, which may be a ragged one on its right edge. */
  private Hash hash(long from, long end) {
    int depth = FlatTree.coverDepth(from, end);
    if (end - from == 1L << depth) {
      return nodes.node(depth, from >> depth);
    }
    long middle = middle(from, end);
    return CompactRange.node(hasher, hash(from, middle), hash(middle, end));
  }

  /** Where RFC 9162 splits: behind the largest power of two that is less than all. */
  static long middle(long from, long end) {
    return from + Long.highestOneBit(end - from - 1);
  }
}
