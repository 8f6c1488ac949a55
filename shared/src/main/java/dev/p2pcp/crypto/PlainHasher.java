package dev.p2pcp.crypto;

import dev.p2pcp.bytes.Bytes;

/** Hashing where the platform has nothing faster for small inputs; makes no objects on the way. */
final class PlainHasher implements Hasher {
  private final int[] state = new int[Sha256.STATE];
  private final int[] schedule = new int[Sha256.BLOCK];
  private final byte[] block = new byte[Sha256.BLOCK];
  private int filled;
  private int blocks;

  PlainHasher() {
    Sha256.begin(state);
  }

  @Override
  public Hasher add(int octet) {
    block[filled++] = (byte) octet;
    if (filled == Sha256.BLOCK) {
      compress(block, 0);
      filled = 0;
    }
    return this;
  }

  @Override
  public Hasher add(Bytes run) {
    run.into(this::add);
    return this;
  }

  @Override
  public Hasher add(byte[] array, int from, int count) {
    int at = from;
    int left = count;
    while (left > 0) {
      if (filled == 0 && left >= Sha256.BLOCK) {
        compress(array, at);
        at += Sha256.BLOCK;
        left -= Sha256.BLOCK;
        continue;
      }
      int part = Math.min(left, Sha256.BLOCK - filled);
      System.arraycopy(array, at, block, filled, part);
      filled += part;
      at += part;
      left -= part;
      if (filled == Sha256.BLOCK) {
        compress(block, 0);
        filled = 0;
      }
    }
    return this;
  }

  @Override
  public void into(byte[] target, int at) {
    long bits = 8L * ((long) blocks * Sha256.BLOCK + filled);
    add(0x80);
    while (filled != Sha256.BLOCK - Long.BYTES) {
      add(0);
    }
    Sha256.putInt(block, Sha256.BLOCK - 8, (int) (bits >>> 32));
    Sha256.putInt(block, Sha256.BLOCK - 4, (int) bits);
    Sha256.compress(block, 0, state, schedule);
    for (int i = 0; i < Sha256.STATE; i++) {
      Sha256.putInt(target, at + 4 * i, state[i]);
    }
    Sha256.begin(state);
    filled = 0;
    blocks = 0;
  }

  private void compress(byte[] from, int at) {
    Sha256.compress(from, at, state, schedule);
    blocks++;
  }
}
