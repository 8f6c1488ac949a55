package dev.p2pcp.feed;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A tree whose hashes are all in memory, 64 bytes for each entry, in flat runs by depth. For what
 * is proven again and again; who only appends needs a {@link CompactRange}. Used by one thread at a
 * time.
 */
public final class WholeTree implements Nodes {
  private static final int LEAF = 0;
  private static final int NODE = 1;

  /** Entries at most: the leaves' hashes are one array. */
  public static final int MAX_LENGTH = Integer.MAX_VALUE / Hash.LENGTH - 1;

  private static final int START = 64;

  private final List<byte[]> levels = new ArrayList<>();
  private int length;

  @Override
  public long length() {
    return length;
  }

  /** Adds entries in their order. */
  public void append(Hasher hasher, List<Bytes> entries) {
    for (Bytes entry : entries) {
      byte[] leaves = room(0, length);
      hasher.add(LEAF).add(entry).into(leaves, length * Hash.LENGTH);
      grown(hasher);
    }
  }

  /** Adds an entry by its leaf's hash. */
  public void appendLeaf(Hasher hasher, Hash leaf) {
    leaf.bytes().copyTo(room(0, length), length * Hash.LENGTH);
    grown(hasher);
  }

  /** Cuts off all entries from one on. */
  public void truncate(long newLength) {
    Objects.checkFromToIndex(0, newLength, length);
    length = (int) newLength;
  }

  @Override
  public Hash node(int depth, long offset) {
    if (depth < 0 || offset < 0 || depth >= Integer.SIZE - 1 || offset >= length >> depth) {
      throw new IndexOutOfBoundsException("no whole tree at depth " + depth + ", " + offset);
    }
    int at = (int) offset * Hash.LENGTH;
    return new Hash(Bytes.wrap(Arrays.copyOfRange(levels.get(depth), at, at + Hash.LENGTH)));
  }

  private void grown(Hasher hasher) {
    length++;
    for (int depth = 1; (length & ((1 << depth) - 1)) == 0; depth++) {
      int offset = (length >> depth) - 1;
      byte[] below = levels.get(depth - 1);
      byte[] level = room(depth, offset);
      hasher
          .add(NODE)
          .add(below, 2 * offset * Hash.LENGTH, 2 * Hash.LENGTH)
          .into(level, offset * Hash.LENGTH);
      if (depth == Integer.SIZE - 2) {
        return;
      }
    }
  }

  private byte[] room(int depth, int offset) {
    if (offset >= MAX_LENGTH) {
      throw new IllegalStateException("the tree is full");
    }
    if (depth == levels.size()) {
      levels.add(new byte[START * Hash.LENGTH]);
    }
    byte[] level = levels.get(depth);
    int held = level.length / Hash.LENGTH;
    if (offset >= held) {
      level = Arrays.copyOf(level, (int) Math.min(2L * held, MAX_LENGTH) * Hash.LENGTH);
      levels.set(depth, level);
    }
    return level;
  }
}
