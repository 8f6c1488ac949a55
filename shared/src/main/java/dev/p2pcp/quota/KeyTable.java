package dev.p2pcp.quota;

import dev.p2pcp.bytes.Bytes;
import java.util.Arrays;

/**
 * Numbers for keys of a fixed number of 64-bit words, in the order in which they came: an
 * open-addressed index over one array of words, so that a key costs its bytes and a few more.
 *
 * <p>Where a key is looked for depends on a seed. Who may choose keys must not know it, or could
 * aim them all at one place. Numbers do not depend on it.
 */
final class KeyTable {
  private static final int START = 4;
  private static final long MIX = 0x9e37_79b9_7f4a_7c15L;

  private final int width;
  private final long seed;
  private long[] words;
  private int[] slots;
  private int size;

  /** For keys of so many words. */
  KeyTable(int width, long seed) {
    this.width = width;
    this.seed = seed;
    this.words = new long[START * width];
    this.slots = new int[2 * START];
  }

  int size() {
    return size;
  }

  /** The key's number; −1 if it is not there. */
  int find(long[] key) {
    int mask = slots.length - 1;
    for (int at = placeOf(key, 0) & mask; slots[at] != 0; at = at + 1 & mask) {
      int number = slots[at] - 1;
      if (Arrays.equals(words, number * width, (number + 1) * width, key, 0, width)) {
        return number;
      }
    }
    return -1;
  }

  /** Adds a key that is not there; its number is the number of keys before. */
  int add(long[] key) {
    if ((size + 1) * width > words.length) {
      words = Arrays.copyOf(words, Math.max(size + 1, grown(size)) * width);
    }
    if (3 * (size + 1) > 2 * slots.length) {
      index(2 * slots.length);
    }
    System.arraycopy(key, 0, words, size * width, width);
    enter(size);
    return size++;
  }

  /** Takes out the key that was added last. */
  void removeLast() {
    int mask = slots.length - 1;
    int at = placeOf(words, (size - 1) * width) & mask;
    while (slots[at] != size) {
      at = at + 1 & mask;
    }
    // Nothing was entered after it, so nothing was pushed past its place.
    slots[at] = 0;
    size--;
  }

  /** Reads the words of a key of that number into an array. */
  void read(int number, long[] into) {
    System.arraycopy(words, number * width, into, 0, width);
  }

  /** Some words of a key as bytes. */
  Bytes bytes(int number, int from, int count) {
    byte[] bytes = new byte[count * Long.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      long word = words[number * width + from + i / Long.BYTES];
      bytes[i] = (byte) (word >>> 56 - 8 * (i % Long.BYTES));
    }
    return Bytes.wrap(bytes);
  }

  /** Order of two keys as unsigned bytes. */
  int compare(int one, int other) {
    for (int i = 0; i < width; i++) {
      int order = Long.compareUnsigned(words[one * width + i], words[other * width + i]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** How long an array for more than so many elements is to be. */
  static int grown(int size) {
    return size + (size >> 2) + START;
  }

  /** Puts bytes into words from that word on. */
  static void words(Bytes bytes, long[] into, int from) {
    for (int i = 0; i < bytes.length() / Long.BYTES; i++) {
      into[from + i] = bytes.longAt(i * Long.BYTES);
    }
  }

  private void index(int length) {
    slots = new int[length];
    for (int number = 0; number < size; number++) {
      enter(number);
    }
  }

  private void enter(int number) {
    int mask = slots.length - 1;
    int at = placeOf(words, number * width) & mask;
    while (slots[at] != 0) {
      at = at + 1 & mask;
    }
    slots[at] = number + 1;
  }

  /** Multiply and fold, word by word (as in Steele, Lea and Flood, 2014). */
  private int placeOf(long[] source, int from) {
    long hash = seed;
    for (int i = from; i < from + width; i++) {
      hash = (hash ^ source[i]) * MIX;
      hash ^= hash >>> 29;
    }
    hash *= MIX;
    return (int) (hash >>> 32);
  }
}
