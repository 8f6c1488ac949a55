package dev.p2pcp.feed;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import java.util.List;

/**
 * Hashes entries: short ones in place, long ones by the platform, where a call costs more than a
 * short hash but each byte much less. Used by one thread at a time; suspends.
 */
public final class LeafHasher {
  /** From so many bytes on the platform is faster, where it is asked by a promise. */
  private static final int LONG = 2048;

  private static final Bytes LEAF = Bytes.wrap(new byte[] {0});

  private final Crypto crypto;
  private final Hasher hasher;

  public LeafHasher(Crypto crypto) {
    this.crypto = crypto;
    this.hasher = crypto.hasher();
  }

  /** Adds entries to a run. */
  public void addAll(CompactRange range, List<Bytes> entries) {
    for (Bytes entry : entries) {
      if (isShort(entry)) {
        range.add(hasher, entry);
      } else {
        range.addLeaf(hasher, leaf(entry));
      }
    }
  }

  /** The hash of an entry's leaf. */
  public Hash leaf(Bytes entry) {
    return isShort(entry)
        ? CompactRange.leaf(hasher, entry)
        : crypto.sha256(Bytes.concat(LEAF, entry));
  }

  /** For the hashes above the leaves. */
  public Hasher hasher() {
    return hasher;
  }

  private boolean isShort(Bytes entry) {
    return entry.length() < LONG || hasher.isForLongRuns();
  }
}
