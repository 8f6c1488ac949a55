package dev.p2pcp.simulator;

import dev.p2pcp.block.StorageKey;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the copies of all blocks on all disks as they come and go, which no agent can: what is
 * seen from outside.
 */
final class Census {
  private static final int FIRST_ROOM = 1_024;

  private final Map<StorageKey, Integer> numbers = new HashMap<>();
  private int[] copies = new int[FIRST_ROOM];
  private int[] online = new int[FIRST_ROOM];
  private boolean[] wanted = new boolean[FIRST_ROOM];
  private long allCopies;
  private long allOnline;
  private int blocks;
  private int readable;
  private int atRisk;
  private int lost;
  private long losses;
  private long written;

  /** The block is one of those that people want to keep, from now on. */
  void want(StorageKey key) {
    int number = number(key);
    if (!wanted[number]) {
      wanted[number] = true;
      count(number, 1);
      blocks++;
    }
  }

  /** So many bytes of a block were written to a disk that did not have it. */
  void written(int bytes) {
    written += bytes;
  }

  /** Bytes of blocks that came to disks since the beginning. */
  long written() {
    return written;
  }

  /** A copy more or less on some disk. */
  void copy(StorageKey key, int difference, boolean isOnline) {
    int number = number(key);
    change(number, difference, isOnline ? difference : 0);
    if (wanted[number] && difference < 0 && copies[number] == 0) {
      losses++;
    }
  }

  /** The disk of a copy can be reached from now on, or no longer. */
  void reach(StorageKey key, boolean isOnline) {
    change(number(key), 0, isOnline ? 1 : -1);
  }

  /** Whether somebody who is online has the block. */
  boolean isOnline(StorageKey key) {
    return online[number(key)] > 0;
  }

  boolean isLost(StorageKey key) {
    return copies[number(key)] == 0;
  }

  /** Blocks that people want. */
  int blocks() {
    return blocks;
  }

  /** Copies of them on all disks. */
  long copies() {
    return allCopies;
  }

  /** Copies on disks of who is online. */
  long copiesOnline() {
    return allOnline;
  }

  /** Blocks of which a copy is online. */
  int readable() {
    return readable;
  }

  /** Copies beyond so many of a block, of all blocks together. */
  long copiesBeyond(int enough) {
    long beyond = 0;
    for (int number = 0; number < numbers.size(); number++) {
      beyond += wanted[number] ? Math.max(0, copies[number] - enough) : 0;
    }
    return beyond;
  }

  /** Blocks with one copy left. */
  int atRisk() {
    return atRisk;
  }

  /** Blocks without a copy. */
  int lost() {
    return lost;
  }

  /** Times that the last copy of a block went; who still has the value may write it anew. */
  long losses() {
    return losses;
  }

  private void change(int number, int difference, int onlineDifference) {
    if (wanted[number]) {
      count(number, -1);
    }
    copies[number] += difference;
    online[number] += onlineDifference;
    if (wanted[number]) {
      count(number, 1);
    }
  }

  /** Adds what the block is at the moment to the figures of all, or takes it away. */
  private void count(int number, int sign) {
    allCopies += (long) sign * copies[number];
    allOnline += (long) sign * online[number];
    readable += online[number] > 0 ? sign : 0;
    atRisk += copies[number] == 1 ? sign : 0;
    lost += copies[number] == 0 ? sign : 0;
  }

  private int number(StorageKey key) {
    Integer known = numbers.get(key);
    if (known != null) {
      return known;
    }
    int number = numbers.size();
    numbers.put(key, number);
    if (number == copies.length) {
      copies = Arrays.copyOf(copies, 2 * number);
      online = Arrays.copyOf(online, 2 * number);
      wanted = Arrays.copyOf(wanted, 2 * number);
    }
    return number;
  }
}
