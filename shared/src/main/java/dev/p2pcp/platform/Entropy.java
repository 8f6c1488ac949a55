package dev.p2pcp.platform;

import dev.p2pcp.bytes.Bytes;

/** Random bytes, unpredictable in production and seeded in simulation. */
public interface Entropy {
  Bytes bytes(int count);

  /** A number from 0 to bound − 1, nearly uniform (bias under 2⁻³¹). */
  default int below(int bound) {
    return (int) ((bytes(8).longAt(0) >>> 1) % bound);
  }
}
