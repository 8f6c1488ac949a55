package dev.p2pcp.crypto;

import dev.p2pcp.bytes.Bytes;
import java.util.Arrays;
import java.util.List;

/**
 * Roots of the trees of {@link MerkleTree} over leaves that come one after the other, with as many
 * hashes in memory as the tree has levels, and without an object for each. Used by one thread at a
 * time.
 */
public final class TreeRoot {
  private static final int LEAF = 0;
  private static final int NODE = 1;

  /** Enough for as many leaves as an int counts. */
  private static final int LEVELS = Integer.SIZE;

  private final byte[] pending = new byte[LEVELS * Hash.LENGTH];
  private int count;

  /** Leaves so far. */
  public int count() {
    return count;
  }

  /** Adds the leaf of an entry. */
  public void add(Hasher hasher, Bytes entry) {
    int depth = Integer.bitCount(count);
    hasher.add(LEAF).add(entry).into(pending, depth * Hash.LENGTH);
    // Two whole trees of one size are one of twice the size.
    for (int size = count; (size & 1) == 1; size >>= 1) {
      depth--;
      join(hasher, depth);
    }
    count++;
  }

  /** The root over all leaves, of which there is at least one; no more can be added. */
  public Hash root(Hasher hasher) {
    for (int depth = Integer.bitCount(count) - 2; depth >= 0; depth--) {
      join(hasher, depth);
    }
    return new Hash(Bytes.wrap(Arrays.copyOf(pending, Hash.LENGTH)));
  }

  private void join(Hasher hasher, int depth) {
    hasher
        .add(NODE)
        .add(pending, depth * Hash.LENGTH, 2 * Hash.LENGTH)
        .into(pending, depth * Hash.LENGTH);
  }

  /** The root that the proof of an entry leads to, as {@link MerkleTree#rootOf}; false if none. */
  public static boolean leadsTo(
      Hasher hasher, Hash root, int size, int index, Bytes entry, List<Hash> proof) {
    byte[] hash = new byte[Hash.LENGTH];
    hasher.add(LEAF).add(entry).into(hash, 0);
    int fn = index;
    int sn = size - 1;
    for (Hash sibling : proof) {
      if (sn <= 0 || fn > sn) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        hasher.add(NODE).add(sibling.bytes()).add(hash, 0, Hash.LENGTH).into(hash, 0);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        hasher.add(NODE).add(hash, 0, Hash.LENGTH).add(sibling.bytes()).into(hash, 0);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 && root.bytes().equals(Bytes.wrap(hash));
  }
}
