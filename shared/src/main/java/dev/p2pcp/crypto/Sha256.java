package dev.p2pcp.crypto;

import dev.p2pcp.bytes.Bytes;
import java.util.Objects;

/**
 * SHA-256 (FIPS 180-4) in plain Java, for inputs of a few hundred bytes: in the browser a call into
 * WebCrypto costs a promise, which is more than such a hash. Used by one thread at a time; takes up
 * to 2³¹ - 1 bytes.
 *
 * <p>In the browser, indices into arrays are not checked in here (it doubles the speed): those that
 * callers give are checked where they come in, all others are bounded by constants.
 */
public final class Sha256 implements Hasher {
  private static final int BLOCK = 64;
  private static final int ROUNDS = 64;

  /** Bytes at the end of the last block that tell the length. */
  private static final int LENGTH = 8;

  private static final int[] K = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
  };

  private final byte[] block = new byte[BLOCK];
  private final int[] schedule = new int[ROUNDS];
  private final int[] state = new int[Hash.LENGTH / Integer.BYTES];
  private int filled;
  private int length;

  public Sha256() {
    begin();
  }

  /** Hash of all parts in order. */
  public static Hash hash(Bytes... parts) {
    Sha256 hasher = new Sha256();
    for (Bytes part : parts) {
      hasher.add(part);
    }
    byte[] digest = new byte[Hash.LENGTH];
    hasher.into(digest, 0);
    return new Hash(Bytes.wrap(digest));
  }

  @Override
  public Sha256 add(int octet) {
    block[filled] = (byte) octet;
    filled++;
    length++;
    if (filled == BLOCK) {
      compress(block, 0, schedule, state);
      filled = 0;
    }
    return this;
  }

  @Override
  public Sha256 add(Bytes run) {
    run.into(this::add);
    return this;
  }

  @Override
  public Sha256 add(byte[] array, int from, int count) {
    Objects.checkFromIndexSize(from, count, array.length);
    length += count;
    int at = from;
    int left = count;
    if (filled > 0) {
      int taken = Math.min(left, BLOCK - filled);
      copy(array, at, taken, block, filled);
      filled += taken;
      at += taken;
      left -= taken;
      if (filled < BLOCK) {
        return this;
      }
      compress(block, 0, schedule, state);
    }
    for (; left >= BLOCK; left -= BLOCK) {
      compress(array, at, schedule, state);
      at += BLOCK;
    }
    copy(array, at, left, block, 0);
    filled = left;
    return this;
  }

  @Override
  public void into(byte[] target, int at) {
    Objects.checkFromIndexSize(at, Hash.LENGTH, target.length);
    int total = length;
    add(0x80);
    if (filled > BLOCK - LENGTH) {
      pad(BLOCK);
    }
    pad(BLOCK - LENGTH);
    putInt(block, BLOCK - LENGTH, total >>> Integer.SIZE - 3);
    putInt(block, BLOCK - Integer.BYTES, total << 3);
    compress(block, 0, schedule, state);
    for (int i = 0; i < state.length; i++) {
      putInt(target, at + Integer.BYTES * i, state[i]);
    }
    begin();
  }

  private void begin() {
    state[0] = 0x6a09e667;
    state[1] = 0xbb67ae85;
    state[2] = 0x3c6ef372;
    state[3] = 0xa54ff53a;
    state[4] = 0x510e527f;
    state[5] = 0x9b05688c;
    state[6] = 0x1f83d9ab;
    state[7] = 0x5be0cd19;
    filled = 0;
    length = 0;
  }

  /** Fills the block with zeros up to there; a full one is taken in. */
  private void pad(int end) {
    for (int i = filled; i < end; i++) {
      block[i] = 0;
    }
    filled = end;
    if (filled == BLOCK) {
      compress(block, 0, schedule, state);
      filled = 0;
    }
  }

  /** A few bytes: in the browser {@code System.arraycopy} costs more than they do. */
  private static void copy(byte[] from, int at, int count, byte[] to, int start) {
    for (int i = 0; i < count; i++) {
      to[start + i] = from[at + i];
    }
  }

  /** Takes in a block, all of which is in the message. */
  private static void compress(byte[] message, int at, int[] w, int[] state) {
    for (int i = 0; i < 16; i++) {
      int p = at + 4 * i;
      w[i] =
          (message[p] & 0xff) << 24
              | (message[p + 1] & 0xff) << 16
              | (message[p + 2] & 0xff) << 8
              | message[p + 3] & 0xff;
    }
    for (int i = 16; i < ROUNDS; i++) {
      int x = w[i - 15];
      int y = w[i - 2];
      int s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
      int s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    int a = state[0];
    int b = state[1];
    int c = state[2];
    int d = state[3];
    int e = state[4];
    int f = state[5];
    int g = state[6];
    int h = state[7];
    for (int i = 0; i < ROUNDS; i++) {
      int s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
      int t1 = h + s1 + (g ^ e & (f ^ g)) + K[i] + w[i];
      int s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
      int t2 = s0 + (a & b | c & (a | b));
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + t2;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }

  private static void putInt(byte[] target, int at, int value) {
    target[at] = (byte) (value >>> 24);
    target[at + 1] = (byte) (value >>> 16);
    target[at + 2] = (byte) (value >>> 8);
    target[at + 3] = (byte) value;
  }
}
