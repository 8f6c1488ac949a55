package dev.p2pcp.bytes;

import java.util.Arrays;

/** A growing buffer for canonical encodings; integers are unsigned and big-endian. */
public final class ByteWriter {
  private static final int START = 64;

  private byte[] array;
  private int length;

  public ByteWriter() {
    this(START);
  }

  public ByteWriter(int capacity) {
    array = new byte[capacity];
  }

  public ByteWriter u8(int value) {
    require(value, 0xff);
    room(1);
    array[length++] = (byte) value;
    return this;
  }

  public ByteWriter u16(int value) {
    require(value, 0xffff);
    room(2);
    array[length++] = (byte) (value >> 8);
    array[length++] = (byte) value;
    return this;
  }

  public ByteWriter u32(long value) {
    require(value, 0xffff_ffffL);
    room(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      array[length++] = (byte) (value >> shift);
    }
    return this;
  }

  /** A number from 0 to 2⁶³ − 1 in eight bytes. */
  public ByteWriter u64(long value) {
    require(value, Long.MAX_VALUE);
    room(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      array[length++] = (byte) (value >> shift);
    }
    return this;
  }

  /** The bytes alone, for fields of fixed length or the last field. */
  public ByteWriter bytes(Bytes bytes) {
    room(bytes.length());
    bytes.copyTo(array, length);
    length += bytes.length();
    return this;
  }

  /** A two-byte length and the bytes. */
  public ByteWriter bytes16(Bytes bytes) {
    return u16(bytes.length()).bytes(bytes);
  }

  /** A four-byte length and the bytes. */
  public ByteWriter bytes32(Bytes bytes) {
    return u32(bytes.length()).bytes(bytes);
  }

  public int length() {
    return length;
  }

  /** What was written so far. */
  public Bytes toBytes() {
    // A full array is given away: whatever is written next goes into a new one.
    return Bytes.wrap(length == array.length ? array : Arrays.copyOf(array, length));
  }

  private void room(int more) {
    int needed = Math.addExact(length, more);
    if (needed > array.length) {
      array = Arrays.copyOf(array, Math.max(needed, 2 * array.length));
    }
  }

  private static void require(long value, long max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException("out of range: " + value);
    }
  }
}
