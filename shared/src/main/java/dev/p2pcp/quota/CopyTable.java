package dev.p2pcp.quota;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Copies of blocks in rows of primitive arrays: a placement costs some fifty bytes, where objects
 * cost five hundred. Blocks and holders are numbered; the rows of one block are chained. What a row
 * does not know is 0, and an array is there only if some row needs it.
 *
 * <p>Not safe for use by several threads at once.
 */
final class CopyTable {
  /** When the receipt was signed and when it ends, by the holder's clock. */
  static final int SIGNED = 0;

  static final int EXPIRES = 1;

  /** When holder or owner last brought the receipt, by the server's clock. */
  static final int BROUGHT = 2;

  /** When the holder last gave the block up, by its clock. */
  static final int FREED = 3;

  /** Until when a ticket holds a place. */
  static final int RESERVED = 4;

  /** When the owner last gave the copy up for lost, by the server's clock. */
  static final int FORGONE = 5;

  /** What a receipt says that is not verified yet, and 1 + the session that brought it. */
  static final int CLAIMED_SIGNED = 6;

  static final int CLAIMED_EXPIRES = 7;
  static final int CLAIMED_BY = 8;

  /** Facts of a row. */
  static final int FACTS = 9;

  private static final int KEY_WORDS = 4;
  private static final int HOLDER_WORDS = 8;

  private final long seed;
  private final KeyTable blocks;
  private final KeyTable holders;

  /** By block: its last row, how many rows it has, and how many of them count. */
  private int[] first = {};

  private byte[] rowsOf = {};
  private byte[] counting = {};

  /** By row. */
  private int[] block = {};

  private int[] holder = {};
  private int[] next = {};
  private final long[] @Nullable [] facts = new long[FACTS][];
  private int rows;

  CopyTable(long seed) {
    this.seed = seed;
    this.blocks = new KeyTable(KEY_WORDS, seed);
    this.holders = new KeyTable(HOLDER_WORDS, seed);
  }

  static long[] key() {
    return new long[KEY_WORDS];
  }

  static long[] holder() {
    return new long[HOLDER_WORDS];
  }

  /** An empty one with the same seed. */
  CopyTable fresh() {
    return new CopyTable(seed);
  }

  int rows() {
    return rows;
  }

  KeyTable blocks() {
    return blocks;
  }

  KeyTable holders() {
    return holders;
  }

  /** The row of that holder; −1 if there is none. */
  int find(int blockNumber, int holderNumber) {
    if (holderNumber < 0) {
      return -1;
    }
    int row = firstOf(blockNumber);
    while (row >= 0 && holder[row] != holderNumber) {
      row = next[row];
    }
    return row;
  }

  /** The first of a block's rows; −1 if there is none. */
  int firstOf(int blockNumber) {
    return blockNumber < 0 ? -1 : first[blockNumber];
  }

  /** The row of the same block after that one; −1 after the last. */
  int next(int row) {
    return next[row];
  }

  int blockOf(int row) {
    return block[row];
  }

  int holderOf(int row) {
    return holder[row];
  }

  int rowsOf(int blockNumber) {
    return rowsOf[blockNumber];
  }

  /** How many of a block's rows count, as whoever counts last said. */
  int counting(int blockNumber) {
    return counting[blockNumber];
  }

  void counting(int blockNumber, int count) {
    counting[blockNumber] = (byte) count;
  }

  long get(int row, int fact) {
    long[] of = facts[fact];
    return of == null ? 0 : of[row];
  }

  void set(int row, int fact, long value) {
    long[] of = facts[fact];
    if (of == null) {
      if (value == 0) {
        return;
      }
      of = new long[block.length];
      facts[fact] = of;
    }
    of[row] = value;
  }

  /** The number of a block, new or known. */
  int blockOf(long[] key) {
    int known = blocks.find(key);
    return known >= 0 ? known : addBlock(key);
  }

  /** The number of a block that is new. */
  int addBlock(long[] key) {
    int number = blocks.add(key);
    if (number == first.length) {
      int length = KeyTable.grown(number);
      first = Arrays.copyOf(first, length);
      rowsOf = Arrays.copyOf(rowsOf, length);
      counting = Arrays.copyOf(counting, length);
    }
    first[number] = -1;
    rowsOf[number] = 0;
    counting[number] = 0;
    return number;
  }

  /** The number of a holder, new or known. */
  int holderOf(long[] key) {
    int known = holders.find(key);
    return known >= 0 ? known : holders.add(key);
  }

  /** A new row that knows nothing yet. */
  int add(int blockNumber, int holderNumber) {
    if (rows == block.length) {
      grow(KeyTable.grown(rows));
    }
    int row = rows++;
    block[row] = blockNumber;
    holder[row] = holderNumber;
    next[row] = first[blockNumber];
    first[blockNumber] = row;
    rowsOf[blockNumber]++;
    return row;
  }

  /** Takes out the row that was added last, and its block if nothing else is known of it. */
  void removeLast() {
    int row = --rows;
    int of = block[row];
    first[of] = next[row];
    rowsOf[of]--;
    for (int fact = 0; fact < FACTS; fact++) {
      set(row, fact, 0);
    }
    if (first[of] < 0 && of == blocks.size() - 1) {
      blocks.removeLast();
    }
  }

  /** Gives back what was kept for growth. */
  void trim() {
    grow(rows);
  }

  private void grow(int length) {
    block = Arrays.copyOf(block, length);
    holder = Arrays.copyOf(holder, length);
    next = Arrays.copyOf(next, length);
    for (int fact = 0; fact < FACTS; fact++) {
      long[] of = facts[fact];
      if (of != null) {
        facts[fact] = Arrays.copyOf(of, length);
      }
    }
  }
}
