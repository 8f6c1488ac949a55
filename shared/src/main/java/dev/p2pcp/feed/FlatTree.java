package dev.p2pcp.feed;

/**
 * The numbering of a binary tree as a list, as the module flat-tree has it (mafintosh/flat-tree):
 * leaf {@code i} at {@code 2i}, the parents between.
 *
 * <pre>
 *       3
 *   1       5
 * 0   2   4   6  …
 * </pre>
 *
 * Numbers are from 0 to 2⁶³ − 1. What would be outside is an {@link ArithmeticException}, and a
 * number below 0 an {@link IllegalArgumentException}.
 */
public final class FlatTree {
  /** Depth of the number 2⁶³ − 1, over all leaves there can be. */
  public static final int MAX_DEPTH = 63;

  private FlatTree() {}

  /** The node at a depth, which is 0 for leaves, and an offset from the left. */
  public static long index(int depth, long offset) {
    if (depth < 0 || depth > MAX_DEPTH || offset < 0) {
      throw new IllegalArgumentException("no node at depth " + depth + ", offset " + offset);
    }
    if (depth == MAX_DEPTH ? offset > 0 : offset > Long.MAX_VALUE >> (depth + 1)) {
      throw new ArithmeticException("beyond the tree");
    }
    return depth == MAX_DEPTH ? Long.MAX_VALUE : offset << (depth + 1) | (1L << depth) - 1;
  }

  /** Levels below the node. */
  public static int depth(long index) {
    require(index);
    return Long.numberOfTrailingZeros(~index);
  }

  /** Nodes of the same depth on the left of the node. */
  public static long offset(long index) {
    int depth = depth(index);
    return depth == MAX_DEPTH ? 0 : index >> (depth + 1);
  }

  /** The node above. */
  public static long parent(long index) {
    int depth = depth(index);
    if (depth == MAX_DEPTH) {
      throw new ArithmeticException("beyond the tree");
    }
    return index(depth + 1, offset(index) >> 1);
  }

  /** The other child of the parent. */
  public static long sibling(long index) {
    return index(depth(index), offset(index) ^ 1);
  }

  /** The sibling of the parent. */
  public static long uncle(long index) {
    return sibling(parent(index));
  }

  /** The left one of two children; −1 for a leaf. */
  public static long leftChild(long index) {
    int depth = depth(index);
    return depth == 0 ? -1 : index - (1L << (depth - 1));
  }

  /** The right one of two children; −1 for a leaf. */
  public static long rightChild(long index) {
    int depth = depth(index);
    return depth == 0 ? -1 : index + (1L << (depth - 1));
  }

  /** Left and right child; none for a leaf. */
  public static long[] children(long index) {
    return depth(index) == 0 ? new long[0] : new long[] {leftChild(index), rightChild(index)};
  }

  /** The first leaf below the node, or the leaf itself. */
  public static long leftSpan(long index) {
    return index - half(depth(index));
  }

  /** The last leaf below the node, or the leaf itself. */
  public static long rightSpan(long index) {
    return Math.addExact(index, half(depth(index)));
  }

  /** First and last leaf below the node. */
  public static long[] spans(long index) {
    return new long[] {leftSpan(index), rightSpan(index)};
  }

  /** Nodes of the whole tree below the node, with it. */
  public static long count(long index) {
    return Math.addExact(Math.multiplyExact(2, half(depth(index))), 1);
  }

  /**
   * The roots of the largest whole trees over all leaves before a leaf's number, from the left.
   *
   * @param index an even number: twice as many as there are leaves
   */
  public static long[] fullRoots(long index) {
    require(index);
    if ((index & 1) == 1) {
      throw new IllegalArgumentException("no leaf: " + index);
    }
    long leaves = index >> 1;
    long[] roots = new long[Long.bitCount(leaves)];
    long from = 0;
    for (int i = 0; i < roots.length; i++) {
      int depth = coverDepth(from, leaves);
      roots[i] = index(depth, from >> depth);
      from += 1L << depth;
    }
    return roots;
  }

  /**
   * Depth of the largest whole tree that begins with a leaf and ends before another one, both
   * counted from 0: the first of the fewest whole trees that are just the leaves between.
   */
  public static int coverDepth(long from, long end) {
    if (from < 0 || from >= end) {
      throw new IllegalArgumentException("no leaves from " + from + " to " + end);
    }
    int fitting = Long.SIZE - 1 - Long.numberOfLeadingZeros(end - from);
    return from == 0 ? fitting : Math.min(fitting, Long.numberOfTrailingZeros(from));
  }

  /** Of 2 to the depth leaves, all numbers but one half of those that they span. */
  private static long half(int depth) {
    return depth == MAX_DEPTH ? Long.MAX_VALUE : (1L << depth) - 1;
  }

  private static void require(long index) {
    if (index < 0) {
      throw new IllegalArgumentException("no node: " + index);
    }
  }
}
