package dev.p2pcp.load;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Storage keys by their number: looking like hashes, the same in every run, kept nowhere. */
public final class Keys {
  private static final int LONGS = StorageKey.LENGTH / Long.BYTES;

  private Keys() {}

  public static StorageKey of(long number) {
    return new StorageKey(Bytes.wrap(bytes(number)));
  }

  /** The bytes of that storage key. */
  public static byte[] bytes(long number) {
    ByteBuffer bytes = ByteBuffer.allocate(StorageKey.LENGTH);
    for (int i = 0; i < LONGS; i++) {
      bytes.putLong(mixed(number * LONGS + i));
    }
    return bytes.array();
  }

  /** So many from that number on, in lists of so many. */
  static List<List<StorageKey>> lists(long from, int count, int each) {
    List<List<StorageKey>> lists = new ArrayList<>();
    for (int at = 0; at < count; at += each) {
      List<StorageKey> list = new ArrayList<>(each);
      for (int i = at; i < Math.min(count, at + each); i++) {
        list.add(of(from + i));
      }
      lists.add(list);
    }
    return lists;
  }

  // The finaliser of SplitMix64 (Steele, Lea, Flood, 2014).
  private static long mixed(long number) {
    long z = (number + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
