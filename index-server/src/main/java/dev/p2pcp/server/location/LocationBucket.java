package dev.p2pcp.server.location;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Part of all locations: pairs of a storage key's fingerprint (64 bits) and a peer number, in a
 * hash table with open addressing and linear probing, so that a location costs 12 bytes at a load
 * of at most 3/4 and no objects. All pairs of one fingerprint lie in one run. Deletion shifts back
 * (Knuth, volume 3, 6.4, algorithm R), so there are no graves.
 *
 * <p>Not safe for use by several threads at once.
 */
final class LocationBucket {
  private static final int SMALLEST = 16;
  private static final int EMPTY = 0;

  private long[] prints = new long[SMALLEST];
  private int[] peers = new int[SMALLEST];
  private int size;

  /** Pairs in here. */
  int size() {
    return size;
  }

  /** Adds a pair; peer numbers are not 0. Returns whether it is new. */
  boolean add(long print, int peer) {
    if ((size + 1) * 4L > peers.length * 3L) {
      resize(peers.length * 2);
    }
    int at = start(print);
    while (peers[at] != EMPTY) {
      if (prints[at] == print && peers[at] == peer) {
        return false;
      }
      at = next(at);
    }
    prints[at] = print;
    peers[at] = peer;
    size++;
    return true;
  }

  /** Removes a pair. Returns whether it was there. */
  boolean remove(long print, int peer) {
    int at = start(print);
    while (peers[at] != EMPTY) {
      if (prints[at] == print && peers[at] == peer) {
        removeAt(at);
        return true;
      }
      at = next(at);
    }
    return false;
  }

  /** Peer numbers with that fingerprint, at most so many. */
  int[] find(long print, int most) {
    int[] found = new int[most];
    int count = 0;
    int at = start(print);
    while (peers[at] != EMPTY && count < most) {
      if (prints[at] == print) {
        found[count++] = peers[at];
      }
      at = next(at);
    }
    return Arrays.copyOf(found, count);
  }

  /** Keeps only pairs of peers that pass, and gives back room that is no longer needed. */
  void keep(IntPredicate alive) {
    LocationBucket kept = new LocationBucket();
    for (int at = 0; at < peers.length; at++) {
      if (peers[at] != EMPTY && alive.test(peers[at])) {
        kept.add(prints[at], peers[at]);
      }
    }
    prints = kept.prints;
    peers = kept.peers;
    size = kept.size;
  }

  /** Adds all pairs of the other, up to so many in all. */
  void addAll(LocationBucket other, int most) {
    for (int at = 0; at < other.peers.length && size < most; at++) {
      if (other.peers[at] != EMPTY) {
        add(other.prints[at], other.peers[at]);
      }
    }
  }

  /** All fingerprints, in the order of {@link #packedPeers}. */
  long[] packedPrints() {
    long[] packed = new long[size];
    int count = 0;
    for (int at = 0; at < peers.length; at++) {
      if (peers[at] != EMPTY) {
        packed[count++] = prints[at];
      }
    }
    return packed;
  }

  /** All peer numbers, in the order of {@link #packedPrints}. */
  int[] packedPeers() {
    return Arrays.stream(peers).filter(peer -> peer != EMPTY).toArray();
  }

  private void removeAt(int hole) {
    int empty = hole;
    int at = next(hole);
    while (peers[at] != EMPTY) {
      int home = start(prints[at]);
      boolean reachable = empty <= at ? empty < home && home <= at : empty < home || home <= at;
      if (!reachable) {
        prints[empty] = prints[at];
        peers[empty] = peers[at];
        empty = at;
      }
      at = next(at);
    }
    peers[empty] = EMPTY;
    size--;
  }

  private void resize(int capacity) {
    long[] oldPrints = prints;
    int[] oldPeers = peers;
    prints = new long[capacity];
    peers = new int[capacity];
    size = 0;
    for (int at = 0; at < oldPeers.length; at++) {
      if (oldPeers[at] != EMPTY) {
        add(oldPrints[at], oldPeers[at]);
      }
    }
  }

  /** The high half of a fingerprint; the low part has chosen the bucket. */
  private int start(long print) {
    return (int) (print >>> Integer.SIZE) & peers.length - 1;
  }

  private int next(int at) {
    return at + 1 & peers.length - 1;
  }
}
