package dev.p2pcp.feed;

import java.util.ArrayList;
import java.util.List;

/** Runs of entries of a tree, from the left, none empty, with others between each two. */
public final class Runs {
  /** A run; {@code end} is behind its last entry. */
  public record Run(long from, long end) {
    public Run {
      if (from < 0 || from >= end) {
        throw new IllegalArgumentException("no run from " + from + " to " + end);
      }
    }
  }

  private final List<Run> runs;

  /** Runs that are known to be in order. */
  Runs(List<Run> runs) {
    this.runs = runs;
  }

  /** A single one; none, if it would be empty. */
  public static Runs of(long from, long end) {
    return new Runs(from == end ? List.of() : List.of(new Run(from, end)));
  }

  /** Those that have just these entries, which rise. */
  public static Runs of(List<Long> entries) {
    List<Run> runs = new ArrayList<>();
    long from = -1;
    long end = -1;
    for (long entry : entries) {
      if (entry < end || entry < 0) {
        throw new IllegalArgumentException("entries that do not rise");
      }
      if (entry > end || from < 0) {
        if (from >= 0) {
          runs.add(new Run(from, end));
        }
        from = entry;
      }
      end = entry + 1;
    }
    if (from >= 0) {
      runs.add(new Run(from, end));
    }
    return new Runs(List.copyOf(runs));
  }

  public List<Run> list() {
    return runs;
  }

  /** Behind the last entry; 0 if there is none. */
  public long end() {
    return runs.isEmpty() ? 0 : runs.get(runs.size() - 1).end();
  }

  /** How many hashes lead from these to the root of a tree of so many entries. */
  public int proofLength(long size) {
    return size == 0 ? 0 : proofLength(0, size);
  }

  private int proofLength(long from, long end) {
    if (!touch(from, end)) {
      return 1;
    }
    if (cover(from, end)) {
      return 0;
    }
    long middle = TreeProofs.middle(from, end);
    return proofLength(from, middle) + proofLength(middle, end);
  }

  /** Whether an entry of these is in a part of the tree. */
  boolean touch(long from, long end) {
    int at = firstEndingBehind(from);
    return at < runs.size() && runs.get(at).from() < end;
  }

  /** Whether all entries of a part of the tree are of these. */
  boolean cover(long from, long end) {
    int at = firstEndingBehind(from);
    return at < runs.size() && runs.get(at).from() <= from && runs.get(at).end() >= end;
  }

  private int firstEndingBehind(long entry) {
    int low = 0;
    int high = runs.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (runs.get(middle).end() > entry) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
