package dev.p2pcp.server.location;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;

/**
 * A 64-bit hash of storage keys under a secret, so that nobody can make keys that fall together:
 * each word of the key is folded in by a SplitMix64 step with a secret word of its own.
 */
final class Fingerprint {
  private static final int WORDS = StorageKey.LENGTH / Long.BYTES;

  private final long[] secret = new long[WORDS];

  Fingerprint(Bytes secret) {
    for (int i = 0; i < WORDS; i++) {
      this.secret[i] = secret.longAt(i * Long.BYTES);
    }
  }

  long of(StorageKey key) {
    long hash = 0;
    for (int i = 0; i < WORDS; i++) {
      hash = mix(hash ^ key.bytes().longAt(i * Long.BYTES) ^ secret[i]);
    }
    return mix(hash + secret[0]);
  }

  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
