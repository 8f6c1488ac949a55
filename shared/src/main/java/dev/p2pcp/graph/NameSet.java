package dev.p2pcp.graph;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Names of nodes, sorted when that is asked for. Used under its owner's lock. */
public final class NameSet {
  private final TreeSet<Bytes> names = new TreeSet<>();
  private @Nullable Sorted sorted;

  void add(Hash name) {
    names.add(name.bytes());
    sorted = null;
  }

  void remove(Hash name) {
    names.remove(name.bytes());
    sorted = null;
  }

  Sorted sorted() {
    Sorted known = sorted;
    if (known == null) {
      known = new Sorted(names);
      sorted = known;
    }
    return known;
  }

  /** Names in one run of bytes; does not change. */
  public static final class Sorted {
    /** Bytes of a fingerprint of several names. */
    static final int FINGERPRINT = 8;

    /** Bytes of what stands for one name. */
    static final int SHORT = 6;

    private final byte[] names;
    private final int count;

    Sorted(Collection<Bytes> inOrder) {
      names = new byte[inOrder.size() * Hash.LENGTH];
      count = inOrder.size();
      int at = 0;
      for (Bytes name : inOrder) {
        name.copyTo(names, at);
        at += Hash.LENGTH;
      }
    }

    /** Of names in any order. */
    public static Sorted of(Collection<Hash> names) {
      return new Sorted(names.stream().map(Hash::bytes).sorted().toList());
    }

    public int count() {
      return count;
    }

    Hash name(int index) {
      int at = index * Hash.LENGTH;
      return new Hash(Bytes.wrap(Arrays.copyOfRange(names, at, at + Hash.LENGTH)));
    }

    /** The first name that begins so, or is behind all that do. */
    int from(Prefix prefix) {
      return search(prefix, 0);
    }

    /** The first name behind all that begin so. */
    int end(Prefix prefix) {
      return search(prefix, 1);
    }

    private int search(Prefix prefix, int least) {
      int low = 0;
      int high = count;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (prefix.compare(names, middle * Hash.LENGTH) >= least) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return low;
    }

    /** What tells some names from others, to who does not know the salt before. */
    Bytes fingerprint(Hasher hasher, Bytes salt, int from, int end) {
      hasher.add(salt).add(names, from * Hash.LENGTH, (end - from) * Hash.LENGTH);
      return cut(hasher, FINGERPRINT);
    }

    /** What stands for a name among few. */
    Bytes shortName(Hasher hasher, Bytes salt, int index) {
      hasher.add(salt).add(names, index * Hash.LENGTH, Hash.LENGTH);
      return cut(hasher, SHORT);
    }

    private static Bytes cut(Hasher hasher, int length) {
      byte[] hash = new byte[Hash.LENGTH];
      hasher.into(hash, 0);
      return Bytes.wrap(hash).slice(0, length);
    }
  }
}
