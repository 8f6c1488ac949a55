package dev.p2pcp.server.location;

import java.util.Arrays;
import java.util.concurrent.locks.StampedLock;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Part of all locations: pairs of a storage key's fingerprint (64 bits) and a peer number, in a
 * hash table with open addressing and linear probing, so that a location costs 12 bytes at a load
 * of at most 3/4 and no objects. All pairs of one fingerprint lie in one run. Deletion shifts back
 * (Knuth, volume 3, 6.4, algorithm R), so there are no graves.
 *
 * <p>One thread at a time may change it or call what has no other word; any may {@link #read}.
 */
final class LocationBucket {
  private static final int SMALLEST = 16;
  private static final int EMPTY = 0;
  private static final int[] NOBODY = {};

  /** Most fingerprints have so many peers or fewer. */
  private static final int FEW = 8;

  /** Attempts to read between changes. */
  private static final int READS = 3;

  private final StampedLock lock = new StampedLock();
  private volatile Table table = new Table(SMALLEST);
  private int size;

  /** The pairs; a larger one takes its place, so that who reads has both arrays of one length. */
  private static final class Table {
    final long[] prints;
    final int[] peers;

    Table(int capacity) {
      prints = new long[capacity];
      peers = new int[capacity];
    }
  }

  /** Pairs in here. */
  int size() {
    return size;
  }

  /**
   * Adds pairs of that peer and the fingerprints between two places, as long as there are fewer
   * than so many in all; how many are new.
   */
  int add(long[] some, int from, int to, int peer, int most) {
    long stamp = lock.writeLock();
    try {
      int added = 0;
      for (int i = from; i < to; i++) {
        added += size < most && add(some[i], peer) ? 1 : 0;
      }
      return added;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Removes pairs of that peer and the fingerprints between two places; how many there were. */
  int remove(long[] some, int from, int to, int peer) {
    long stamp = lock.writeLock();
    try {
      int removed = 0;
      for (int i = from; i < to; i++) {
        removed += remove(some[i], peer) ? 1 : 0;
      }
      return removed;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /**
   * As {@link #find}, by any thread while another may change the bucket; null if that is being
   * changed. Never waits, since event loops read.
   */
  int @Nullable [] read(long print, int most) {
    for (int turn = 0; turn < READS; turn++) {
      long stamp = lock.tryOptimisticRead();
      if (stamp != 0) {
        int[] found = find(print, most);
        if (lock.validate(stamp)) {
          return found;
        }
      }
    }
    return null;
  }

  /** Whether that pair is in here. */
  boolean has(long print, int peer) {
    Table now = table;
    int at = start(print, now.peers);
    while (now.peers[at] != EMPTY) {
      if (now.prints[at] == print && now.peers[at] == peer) {
        return true;
      }
      at = next(at, now.peers);
    }
    return false;
  }

  /** Adds a pair; peer numbers are not 0. Returns whether it is new. */
  boolean add(long print, int peer) {
    if ((size + 1) * 4L > table.peers.length * 3L) {
      resize(table.peers.length * 2);
    }
    long[] prints = table.prints;
    int[] peers = table.peers;
    int at = start(print, peers);
    while (peers[at] != EMPTY) {
      if (prints[at] == print && peers[at] == peer) {
        return false;
      }
      at = next(at, peers);
    }
    prints[at] = print;
    peers[at] = peer;
    size++;
    return true;
  }

  /** Removes a pair. Returns whether it was there. */
  boolean remove(long print, int peer) {
    Table now = table;
    int at = start(print, now.peers);
    while (now.peers[at] != EMPTY) {
      if (now.prints[at] == print && now.peers[at] == peer) {
        removeAt(at, now);
        return true;
      }
      at = next(at, now.peers);
    }
    return false;
  }

  /** Peer numbers with that fingerprint, at most so many. */
  int[] find(long print, int most) {
    Table now = table;
    int[] found = NOBODY;
    int count = 0;
    int at = start(print, now.peers);
    while (now.peers[at] != EMPTY && count < most) {
      if (now.prints[at] == print) {
        if (count == found.length) {
          found = Arrays.copyOf(found, Math.min(most, Math.max(FEW, 2 * count)));
        }
        found[count++] = now.peers[at];
      }
      at = next(at, now.peers);
    }
    return count == found.length ? found : Arrays.copyOf(found, count);
  }

  /** Keeps only pairs of peers that pass, and gives back room that is no longer needed. */
  void keep(IntPredicate alive) {
    LocationBucket kept = new LocationBucket();
    Table now = table;
    for (int at = 0; at < now.peers.length; at++) {
      if (now.peers[at] != EMPTY && alive.test(now.peers[at])) {
        kept.add(now.prints[at], now.peers[at]);
      }
    }
    table = kept.table;
    size = kept.size;
  }

  /** Adds all pairs of the other, up to so many in all. */
  void addAll(LocationBucket other, int most) {
    Table theirs = other.table;
    for (int at = 0; at < theirs.peers.length && size < most; at++) {
      if (theirs.peers[at] != EMPTY) {
        add(theirs.prints[at], theirs.peers[at]);
      }
    }
  }

  /** All fingerprints, in the order of {@link #packedPeers}. */
  long[] packedPrints() {
    long[] packed = new long[size];
    int count = 0;
    for (int at = 0; at < table.peers.length; at++) {
      if (table.peers[at] != EMPTY) {
        packed[count++] = table.prints[at];
      }
    }
    return packed;
  }

  /** All peer numbers, in the order of {@link #packedPrints}. */
  int[] packedPeers() {
    return Arrays.stream(table.peers).filter(peer -> peer != EMPTY).toArray();
  }

  private void removeAt(int hole, Table now) {
    int empty = hole;
    int at = next(hole, now.peers);
    while (now.peers[at] != EMPTY) {
      int home = start(now.prints[at], now.peers);
      boolean reachable = empty <= at ? empty < home && home <= at : empty < home || home <= at;
      if (!reachable) {
        now.prints[empty] = now.prints[at];
        now.peers[empty] = now.peers[at];
        empty = at;
      }
      at = next(at, now.peers);
    }
    now.peers[empty] = EMPTY;
    size--;
  }

  private void resize(int capacity) {
    Table old = table;
    table = new Table(capacity);
    size = 0;
    for (int at = 0; at < old.peers.length; at++) {
      if (old.peers[at] != EMPTY) {
        add(old.prints[at], old.peers[at]);
      }
    }
  }

  /** The high half of a fingerprint; the low part has chosen the bucket. */
  private static int start(long print, int[] peers) {
    return (int) (print >>> Integer.SIZE) & peers.length - 1;
  }

  private static int next(int at, int[] peers) {
    return at + 1 & peers.length - 1;
  }
}
