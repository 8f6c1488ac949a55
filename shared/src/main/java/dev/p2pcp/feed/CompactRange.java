package dev.p2pcp.feed;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The fewest hashes that stand for a run of entries within any tree around it: the roots of the
 * largest whole trees, from the left. Runs that follow each other join into one, and that of all
 * entries gives the root (transparency-dev/merkle, docs/compact_ranges.md).
 *
 * <p>At most twice as many hashes as the run's tree has levels. Used by one thread at a time.
 */
public final class CompactRange {
  private static final int LEAF = 0;
  private static final int NODE = 1;

  /** Whole trees on the way up and down of 2⁶³ leaves. */
  private static final int MAX_PEAKS = 2 * FlatTree.MAX_DEPTH;

  private final long from;
  private long end;
  private int count;
  private int[] depths = new int[8];
  private byte[] hashes = new byte[8 * Hash.LENGTH];

  /** Of no entries yet, before an entry. */
  public CompactRange(long from) {
    if (from < 0) {
      throw new IllegalArgumentException("no entry: " + from);
    }
    this.from = from;
    this.end = from;
  }

  /** Of entries whose hashes are known; the count of these must be right. */
  public static CompactRange of(long from, long end, List<Hash> peaks) {
    CompactRange range = new CompactRange(from);
    for (Hash peak : peaks) {
      range.add(FlatTree.coverDepth(range.end, end), peak);
    }
    if (range.end != end) {
      throw new IllegalArgumentException("too few hashes");
    }
    return range;
  }

  /** How many hashes stand for the entries of a run. */
  public static int peaks(long from, long end) {
    int peaks = 0;
    for (long at = from; at < end; at += 1L << FlatTree.coverDepth(at, end)) {
      peaks++;
    }
    return peaks;
  }

  /** The first entry. */
  public long from() {
    return from;
  }

  /** The one behind the last entry. */
  public long end() {
    return end;
  }

  /** Adds an entry: its leaf's hash is taken by the hasher. */
  public void add(Hasher hasher, Bytes entry) {
    room();
    hasher.add(LEAF).add(entry).into(hashes, count * Hash.LENGTH);
    depths[count++] = 0;
    end++;
    // Joined are as many levels as the entry ends, and as fit in what is here: in whole numbers of
    // 32 bits, since those of 64 are slow in a browser.
    long length = end - from;
    int fitting =
        length > Integer.MAX_VALUE
            ? Long.SIZE - 1 - Long.numberOfLeadingZeros(length)
            : Integer.SIZE - 1 - Integer.numberOfLeadingZeros((int) length);
    int ending = Integer.numberOfTrailingZeros((int) end);
    int joins = ending == Integer.SIZE ? Long.numberOfTrailingZeros(end) : ending;
    for (int i = Math.min(joins, fitting); i > 0; i--) {
      join(hasher);
    }
  }

  /** Adds an entry by its leaf's hash. */
  public void addLeaf(Hasher hasher, Hash leaf) {
    add(0, leaf);
    settle(hasher);
  }

  /** Adds the entries that follow, by what stands for them. */
  public void append(Hasher hasher, CompactRange next) {
    if (next.from != end) {
      throw new IllegalArgumentException("runs that do not follow each other");
    }
    for (int i = 0; i < next.count; i++) {
      room();
      System.arraycopy(next.hashes, i * Hash.LENGTH, hashes, count * Hash.LENGTH, Hash.LENGTH);
      depths[count++] = next.depths[i];
      end += 1L << next.depths[i];
      settle(hasher);
    }
  }

  /** What stands for the entries, from the left. */
  public List<Hash> peaks() {
    List<Hash> peaks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      peaks.add(hash(i));
    }
    return peaks;
  }

  /** A copy that grows by itself. */
  public CompactRange copy() {
    CompactRange copy = new CompactRange(from);
    copy.end = end;
    copy.count = count;
    copy.depths = depths.clone();
    copy.hashes = hashes.clone();
    return copy;
  }

  /**
   * The tree's root, if the run begins with the first entry; of no entries, the hash of nothing.
   */
  public Hash root(Hasher hasher) {
    if (from != 0) {
      throw new IllegalStateException("a root is that of all entries");
    }
    byte[] root = new byte[Hash.LENGTH];
    if (count == 0) {
      hasher.into(root, 0);
      return new Hash(Bytes.wrap(root));
    }
    System.arraycopy(hashes, (count - 1) * Hash.LENGTH, root, 0, Hash.LENGTH);
    for (int i = count - 2; i >= 0; i--) {
      hasher
          .add(NODE)
          .add(hashes, i * Hash.LENGTH, Hash.LENGTH)
          .add(root, 0, Hash.LENGTH)
          .into(root, 0);
    }
    return new Hash(Bytes.wrap(root));
  }

  /** The hash above two others. */
  static Hash node(Hasher hasher, Hash left, Hash right) {
    byte[] node = new byte[Hash.LENGTH];
    hasher.add(NODE).add(left.bytes()).add(right.bytes()).into(node, 0);
    return new Hash(Bytes.wrap(node));
  }

  /** The hash of an entry's leaf. */
  static Hash leaf(Hasher hasher, Bytes entry) {
    byte[] leaf = new byte[Hash.LENGTH];
    hasher.add(LEAF).add(entry).into(leaf, 0);
    return new Hash(Bytes.wrap(leaf));
  }

  private void add(int depth, Hash hash) {
    room();
    hash.bytes().copyTo(hashes, count * Hash.LENGTH);
    depths[count++] = depth;
    end += 1L << depth;
  }

  /** Joins the last ones for as long as they are the two halves of one. */
  private void settle(Hasher hasher) {
    while (count >= 2 && depths[count - 2] == depths[count - 1]) {
      int depth = depths[count - 1];
      boolean right = (((end - 1) >> depth) & 1) == 1;
      if (!right) {
        return;
      }
      join(hasher);
    }
  }

  private void join(Hasher hasher) {
    count--;
    int at = (count - 1) * Hash.LENGTH;
    hasher.add(NODE).add(hashes, at, 2 * Hash.LENGTH).into(hashes, at);
    depths[count - 1]++;
  }

  private Hash hash(int i) {
    return new Hash(Bytes.wrap(Arrays.copyOfRange(hashes, i * Hash.LENGTH, (i + 1) * Hash.LENGTH)));
  }

  private void room() {
    if (count == depths.length) {
      int more = Math.min(2 * count, MAX_PEAKS + 1);
      depths = Arrays.copyOf(depths, more);
      hashes = Arrays.copyOf(hashes, more * Hash.LENGTH);
    }
  }
}
