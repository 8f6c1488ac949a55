package dev.p2pcp.crypto;

import dev.p2pcp.bytes.Bytes;

/**
 * SHA-256 over runs of bytes put in one after the other, again and again: for trees of many small
 * hashes. Used by one thread at a time.
 */
public interface Hasher {
  /** Adds one byte. */
  Hasher add(int octet);

  /** Adds a run. */
  Hasher add(Bytes run);

  /** Adds part of an array. */
  Hasher add(byte[] array, int from, int count);

  /**
   * Whether long runs are hashed as fast as the platform can; else those of over a KiB are quicker
   * by {@link Crypto#sha256}.
   */
  default boolean isForLongRuns() {
    return false;
  }

  /** Puts the hash of all that was added into an array, and begins anew. */
  void into(byte[] target, int at);
}
