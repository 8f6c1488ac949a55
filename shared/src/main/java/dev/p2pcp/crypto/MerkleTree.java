package dev.p2pcp.crypto;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Merkle tree hashes and inclusion proofs of RFC 9162, section 2.1, over lists that are at hand
 * whole: one signature over the root speaks for every leaf.
 */
public final class MerkleTree {
  private static final Bytes LEAF = Bytes.wrap(new byte[] {0});
  private static final Bytes NODE = Bytes.wrap(new byte[] {1});

  private MerkleTree() {}

  public static Hash leaf(Bytes entry) {
    return Sha256.hash(LEAF, entry);
  }

  public static Hash node(Hash left, Hash right) {
    return Sha256.hash(NODE, left.bytes(), right.bytes());
  }

  /** The tree hash; of no leaves, the hash of nothing. */
  public static Hash root(List<Hash> leaves) {
    if (leaves.isEmpty()) {
      return Sha256.hash();
    }
    if (leaves.size() == 1) {
      return leaves.get(0);
    }
    int split = split(leaves.size());
    return node(root(leaves.subList(0, split)), root(leaves.subList(split, leaves.size())));
  }

  /** The inclusion proof of the leaf at the index, from the leaf's sibling up. */
  public static List<Hash> proof(List<Hash> leaves, int index) {
    Objects.checkIndex(index, leaves.size());
    List<Hash> path = new ArrayList<>();
    collect(leaves, index, path);
    return List.copyOf(path);
  }

  /**
   * The inclusion proofs of all leaves, in their order: each node is hashed once for all of them.
   */
  public static List<List<Hash>> proofs(List<Hash> leaves) {
    List<List<Hash>> paths = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      paths.add(new ArrayList<>());
    }
    if (!leaves.isEmpty()) {
      collectAll(leaves, paths);
    }
    paths.replaceAll(List::copyOf);
    return List.copyOf(paths);
  }

  /** Most hashes of an inclusion proof in a tree of so many leaves, which are at least one. */
  public static int longestProof(int leaves) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(leaves - 1);
  }

  /**
   * The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); empty if the proof does not fit
   * a tree of that size. A signature over size and root tells whether it is the right one.
   */
  public static Optional<Hash> rootOf(long size, long index, Hash leaf, List<Hash> proof) {
    if (index < 0 || index >= size) {
      return Optional.empty();
    }
    long fn = index;
    long sn = size - 1;
    Hash hash = leaf;
    for (Hash sibling : proof) {
      if (sn == 0) {
        return Optional.empty();
      }
      if ((fn & 1) == 1 || fn == sn) {
        hash = node(sibling, hash);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        hash = node(hash, sibling);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 ? Optional.of(hash) : Optional.empty();
  }

  /** Appends {@code u8 n ‖ n × hash 32}. */
  public static void writeProof(ByteWriter writer, List<Hash> proof) {
    writer.u8(proof.size());
    for (Hash hash : proof) {
      writer.bytes(hash.bytes());
    }
  }

  /** Reads the proof of a leaf in a tree of at most so many leaves. */
  public static List<Hash> readProof(ByteReader reader, int maxLeaves)
      throws MalformedFrameException {
    int count = reader.u8("proof");
    if (count > longestProof(maxLeaves)) {
      throw new MalformedFrameException("proof");
    }
    if (count == 0) {
      return List.of();
    }
    List<Hash> proof = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      proof.add(Hash.read(reader, "proof"));
    }
    return List.copyOf(proof);
  }

  private static void collect(List<Hash> leaves, int index, List<Hash> path) {
    if (leaves.size() == 1) {
      return;
    }
    int split = split(leaves.size());
    List<Hash> left = leaves.subList(0, split);
    List<Hash> right = leaves.subList(split, leaves.size());
    if (index < split) {
      collect(left, index, path);
      path.add(root(right));
    } else {
      collect(right, index - split, path);
      path.add(root(left));
    }
  }

  private static Hash collectAll(List<Hash> leaves, List<List<Hash>> paths) {
    if (leaves.size() == 1) {
      return leaves.get(0);
    }
    int split = split(leaves.size());
    List<List<Hash>> leftPaths = paths.subList(0, split);
    List<List<Hash>> rightPaths = paths.subList(split, leaves.size());
    Hash left = collectAll(leaves.subList(0, split), leftPaths);
    Hash right = collectAll(leaves.subList(split, leaves.size()), rightPaths);
    leftPaths.forEach(path -> path.add(right));
    rightPaths.forEach(path -> path.add(left));
    return node(left, right);
  }

  /** The largest power of two below the size. */
  private static int split(int size) {
    return Integer.highestOneBit(size - 1);
  }
}
