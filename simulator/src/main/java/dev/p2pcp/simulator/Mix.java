package dev.p2pcp.simulator;

import dev.p2pcp.bytes.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Turns any bytes into others that nobody would meet by chance: the shape of a hash function, at a
 * small part of its price, and no secret from anybody who wants to know. Two lanes of multiplying
 * and turning, drawn out by SplitMix64 (Steele, Lea and Flood, 2014).
 */
final class Mix {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ODD = 0x9e3779b97f4a7c15L;
  private static final long OTHER = 0xc2b2ae3d27d4eb4fL;
  private static final long FIRST = 0xbf58476d1ce4e5b9L;
  private static final long SECOND = 0x94d049bb133111ebL;

  private long left;
  private long right;

  /** With a number that keeps what it is for apart from all else. */
  Mix(long purpose) {
    left = purpose * ODD;
    right = ~purpose * OTHER;
  }

  Mix with(Bytes part) {
    with(part.length());
    part.into(this::take);
    return this;
  }

  /** So many bytes that stand for all that was put in, in this order. */
  Bytes draw(int count) {
    byte[] drawn = new byte[count];
    long state = left ^ Long.rotateLeft(right, 29);
    long step = right | 1;
    int at = 0;
    for (; at + Long.BYTES <= count; at += Long.BYTES) {
      state += step;
      LONGS.set(drawn, at, settled(state));
    }
    for (long rest = settled(state + step); at < count; at++) {
      drawn[at] = (byte) rest;
      rest >>>= Byte.SIZE;
    }
    return Bytes.wrap(drawn);
  }

  private void take(byte[] array, int offset, int count) {
    int at = offset;
    int end = offset + count;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      with((long) LONGS.get(array, at));
    }
    if (at < end) {
      long rest = 0;
      for (; at < end; at++) {
        rest = rest << Byte.SIZE | array[at] & 0xff;
      }
      with(rest);
    }
  }

  private void with(long word) {
    left = Long.rotateLeft(left ^ word, 23) * ODD;
    right = (Long.rotateLeft(right, 31) + word) * OTHER ^ left >>> 32;
  }

  private static long settled(long value) {
    long mixed = (value ^ value >>> 30) * FIRST;
    mixed = (mixed ^ mixed >>> 27) * SECOND;
    return mixed ^ mixed >>> 31;
  }
}
