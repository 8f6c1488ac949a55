package dev.p2pcp.feed;

/**
 * A place in the tree of {@link FlatTree} that moves: the iterator of the module flat-tree. Each
 * move gives the number where it ends. Moving to the left of the first node or below a leaf stays.
 */
public final class TreeWalk {
  private long index;

  /** Begins at a node. */
  public TreeWalk(long index) {
    seek(index);
  }

  public long index() {
    return index;
  }

  /** Moves to a node. */
  public long seek(long target) {
    if (target < 0) {
      throw new IllegalArgumentException("no node: " + target);
    }
    index = target;
    return index;
  }

  public boolean isLeft() {
    return (FlatTree.offset(index) & 1) == 0;
  }

  public boolean isRight() {
    return !isLeft();
  }

  /** Whether a node is this one or below it. */
  public boolean contains(long other) {
    return other >= FlatTree.leftSpan(index) && other <= FlatTree.rightSpan(index);
  }

  /** To the next node of the same depth. */
  public long next() {
    return seek(FlatTree.index(FlatTree.depth(index), FlatTree.offset(index) + 1));
  }

  /** To the one before of the same depth, if there is one. */
  public long previous() {
    long offset = FlatTree.offset(index);
    return offset == 0 ? index : seek(FlatTree.index(FlatTree.depth(index), offset - 1));
  }

  public long sibling() {
    return seek(FlatTree.sibling(index));
  }

  public long parent() {
    return seek(FlatTree.parent(index));
  }

  public long leftChild() {
    return (index & 1) == 0 ? index : seek(FlatTree.leftChild(index));
  }

  public long rightChild() {
    return (index & 1) == 0 ? index : seek(FlatTree.rightChild(index));
  }

  public long leftSpan() {
    return seek(FlatTree.leftSpan(index));
  }

  public long rightSpan() {
    return seek(FlatTree.rightSpan(index));
  }

  /** To the first leaf on the right of all that is below this node. */
  public long nextTree() {
    return seek(Math.addExact(FlatTree.rightSpan(index), 2));
  }

  /** To the last leaf on the left of all that is below this node, or the first of all. */
  public long previousTree() {
    long left = FlatTree.leftSpan(index);
    return seek(left == 0 ? 0 : left - 2);
  }

  /**
   * From a leaf to the root of the largest whole tree that begins with it and ends before a number.
   *
   * @return false if there is none: this is no leaf, or the number is not behind it
   */
  public boolean fullRoot(long end) {
    if (end <= index || (index & 1) == 1) {
      return false;
    }
    long leaf = index >> 1;
    int depth = FlatTree.coverDepth(leaf, Math.max(end >> 1, leaf + 1));
    seek(FlatTree.index(depth, leaf >> depth));
    return true;
  }
}
