package dev.p2pcp.testing;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Entropy;

/**
 * Reproducible arbitrary values for properties (SplitMix64: Steele, Lea and Flood, 2014). A
 * property that fails says the seed with which to repeat it.
 */
public final class Seeded implements Entropy {
  private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L;

  private long state;

  /** Values that follow from the seed alone. */
  public Seeded(long seed) {
    state = seed;
  }

  /** A property of arbitrary values. */
  @FunctionalInterface
  public interface Property {
    void check(Seeded arbitrary) throws Exception;
  }

  /** Checks a property so many times, with the seeds from 1 on. */
  public static void check(int times, Property property) {
    for (long seed = 1; seed <= times; seed++) {
      check(seed, property);
    }
  }

  /** Checks a property with one seed, such as one that was reported. */
  public static void check(long seed, Property property) {
    try {
      property.check(new Seeded(seed));
    } catch (Exception | AssertionError e) {
      throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
    }
  }

  /** The next 64 bits. */
  public long next() {
    state += GOLDEN_GAMMA;
    long mixed = (state ^ state >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
    return mixed ^ mixed >>> 31;
  }

  /** A number from 0 to bound − 1. */
  @Override
  public int below(int bound) {
    return (int) ((next() >>> 1) % bound);
  }

  @Override
  public Bytes bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) next();
    }
    return Bytes.wrap(bytes);
  }

  /** From 0 to {@code max} bytes, short ones as likely as long ones. */
  public Bytes upTo(int max) {
    return bytes(below(below(max + 1) + 1));
  }

  /** The bytes with one bit changed; there must be one. */
  public Bytes flipped(Bytes bytes) {
    byte[] changed = bytes.toArray();
    changed[below(changed.length)] ^= (byte) (1 << below(8));
    return Bytes.wrap(changed);
  }
}
