package dev.p2pcp.feed;

import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks proofs about a tree of which size and root are known, by the hashes of {@link TreeProofs}.
 * A proof of another length than the tree demands is wrong, as is one of another order.
 */
public final class ProofCheck {
  private final Hasher hasher;

  public ProofCheck(Hasher hasher) {
    this.hasher = hasher;
  }

  /** Whether a consistency proof leads from one root to the other (RFC 9162, 2.1.4.2). */
  public boolean isConsistent(long first, Hash root1, long second, Hash root2, List<Hash> proof) {
    if (first < 0 || first > second) {
      return false;
    }
    if (first == 0 || first == second) {
      return proof.isEmpty() && (first == 0 || root1.equals(root2));
    }
    int at = 0;
    long fn = first - 1;
    long sn = second - 1;
    while ((fn & 1) == 1) {
      fn >>= 1;
      sn >>= 1;
    }
    boolean whole = (first & (first - 1)) == 0;
    if (!whole && proof.isEmpty()) {
      return false;
    }
    Hash fr = whole ? root1 : proof.get(at++);
    Hash sr = fr;
    for (; at < proof.size(); at++) {
      if (sn == 0) {
        return false;
      }
      Hash next = proof.get(at);
      if ((fn & 1) == 1 || fn == sn) {
        fr = CompactRange.node(hasher, next, fr);
        sr = CompactRange.node(hasher, next, sr);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        sr = CompactRange.node(hasher, sr, next);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 && fr.equals(root1) && sr.equals(root2);
  }

  /**
   * The root that runs of entries and a proof lead to; empty if the proof does not fit.
   *
   * @param runs what stands for each run, from the left
   */
  public Optional<Hash> rootOf(long size, List<CompactRange> runs, List<Hash> proof) {
    List<Runs.Run> covered = new ArrayList<>();
    List<Hash> peaks = new ArrayList<>();
    long before = -1;
    for (CompactRange run : runs) {
      if (run.from() <= before || run.from() >= run.end() || run.end() > size) {
        return Optional.empty();
      }
      before = run.end();
      covered.add(new Runs.Run(run.from(), run.end()));
      peaks.addAll(run.peaks());
    }
    if (size == 0) {
      return proof.isEmpty() ? Optional.of(new CompactRange(0).root(hasher)) : Optional.empty();
    }
    Climb climb = new Climb(new Runs(covered), peaks, proof);
    Hash root = climb.hash(0, size);
    return climb.isUsedUp() ? Optional.ofNullable(root) : Optional.empty();
  }

  /** One way from the leaves up, by what stands for entries and by what is proven. */
  private final class Climb {
    private final Runs runs;
    private final List<Hash> peaks;
    private final List<Hash> proof;
    private int peak;
    private int proven;

    Climb(Runs runs, List<Hash> peaks, List<Hash> proof) {
      this.runs = runs;
      this.peaks = peaks;
      this.proof = proof;
    }

    boolean isUsedUp() {
      return peak == peaks.size() && proven == proof.size();
    }

    /** The hash of a part of the tree; null if the proof is too short for it. */
    @Nullable Hash hash(long from, long end) {
      if (!runs.touch(from, end)) {
        return proven < proof.size() ? proof.get(proven++) : null;
      }
      int depth = FlatTree.coverDepth(from, end);
      if (end - from == 1L << depth && runs.cover(from, end)) {
        return peaks.get(peak++);
      }
      long middle = TreeProofs.middle(from, end);
      Hash left = hash(from, middle);
      Hash right = left == null ? null : hash(middle, end);
      return left == null || right == null ? null : CompactRange.node(hasher, left, right);
    }
  }
}
