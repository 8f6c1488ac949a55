package dev.p2pcp.block;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.crypto.TreeRoot;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes cut into leaves of {@value #LENGTH}, the last of which may be shorter, under one tree hash:
 * so that a small part can be shown to be part of the whole. Nothing is one empty leaf.
 */
public final class Leaves {
  /**
   * Bytes of a leaf. Shorter ones make audits cheaper, as proofs grow slowly, and hashing dearer:
   * at this length it costs three quarters more than without leaves.
   */
  public static final int LENGTH = 256;

  /** Most leaves that a block has. */
  public static final int MOST = Block.MAX_LENGTH / LENGTH;

  private Leaves() {}

  /** Leaves of so many bytes. */
  public static int count(int length) {
    return Math.max(1, (length + LENGTH - 1) / LENGTH);
  }

  /** The leaf at the index. */
  public static Bytes at(Bytes whole, int index) {
    int from = index * LENGTH;
    return whole.slice(from, Math.min(LENGTH, whole.length() - from));
  }

  /** The length of the leaf at the index, of so many bytes. */
  public static int length(int whole, int index) {
    return Math.min(LENGTH, whole - index * LENGTH);
  }

  /**
   * The index that a part stands for, a number below {@link #MOST}: whoever asks for a part need
   * not know how many leaves there are, and asks for each as often as for another.
   */
  public static int index(int part, int count) {
    return part * count / MOST;
  }

  /** The hashes of all leaves. */
  public static List<Hash> hashes(Bytes whole) {
    int count = count(whole.length());
    List<Hash> hashes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      hashes.add(MerkleTree.leaf(at(whole, i)));
    }
    return hashes;
  }

  /** The tree hash over all leaves. */
  public static Hash root(Bytes whole) {
    Hasher hasher = new Sha256();
    TreeRoot root = new TreeRoot();
    int count = count(whole.length());
    for (int i = 0; i < count; i++) {
      root.add(hasher, at(whole, i));
    }
    return root.root(hasher);
  }
}
