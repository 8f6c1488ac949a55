package dev.p2pcp.bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** An immutable run of bytes, compared by content; ordered as unsigned bytes, shorter first. */
public final class Bytes implements Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private static final String HEX = "0123456789abcdef";

  private final byte[] array;
  private final int offset;
  private final int length;

  /** The hash code once it was asked for, else 0; computing it twice does no harm. */
  private int hash;

  private Bytes(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /** Takes over the array: the caller must not write to it afterwards. */
  public static Bytes wrap(byte[] array) {
    return new Bytes(array, 0, array.length);
  }

  public static Bytes copyOf(byte[] array) {
    return wrap(array.clone());
  }

  public static Bytes utf8(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** One run made of all parts in order. */
  public static Bytes concat(Bytes... parts) {
    int total = 0;
    for (Bytes part : parts) {
      total = Math.addExact(total, part.length);
    }
    byte[] joined = new byte[total];
    int at = 0;
    for (Bytes part : parts) {
      part.copyTo(joined, at);
      at += part.length;
    }
    return wrap(joined);
  }

  /**
   * Reads unpadded base64url.
   *
   * @throws MalformedFrameException if the text is not canonical base64url
   */
  public static Bytes fromBase64Url(String text) throws MalformedFrameException {
    byte[] decoded;
    try {
      decoded = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedFrameException("base64url");
    }
    Bytes bytes = wrap(decoded);
    if (!bytes.base64Url().equals(text)) {
      throw new MalformedFrameException("base64url");
    }
    return bytes;
  }

  /**
   * Reads lower-case hexadecimal.
   *
   * @throws MalformedFrameException if the text has an odd length or another character
   */
  public static Bytes fromHex(String text) throws MalformedFrameException {
    if (text.length() % 2 != 0) {
      throw new MalformedFrameException("hex");
    }
    byte[] decoded = new byte[text.length() / 2];
    for (int i = 0; i < decoded.length; i++) {
      int high = HEX.indexOf(text.charAt(2 * i));
      int low = HEX.indexOf(text.charAt(2 * i + 1));
      if (high < 0 || low < 0) {
        throw new MalformedFrameException("hex");
      }
      decoded[i] = (byte) (high << 4 | low);
    }
    return wrap(decoded);
  }

  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  public byte at(int index) {
    if (index < 0 || index >= length) {
      throw new IndexOutOfBoundsException(index);
    }
    return array[offset + index];
  }

  /** The eight bytes from the given index on as a big-endian number. */
  public long longAt(int index) {
    if (index < 0 || index > length - Long.BYTES) {
      throw new IndexOutOfBoundsException(index);
    }
    int end = offset + index + Long.BYTES;
    long value = 0;
    for (int i = offset + index; i < end; i++) {
      value = value << 8 | (array[i] & 0xff);
    }
    return value;
  }

  /** A view of part of these bytes; nothing is copied. */
  public Bytes slice(int from, int count) {
    if (from < 0 || count < 0 || from > length - count) {
      throw new IndexOutOfBoundsException(from);
    }
    return new Bytes(array, offset + from, count);
  }

  public Bytes from(int index) {
    return slice(index, length - index);
  }

  /** A fresh copy. */
  public byte[] toArray() {
    byte[] copy = new byte[length];
    copyTo(copy, 0);
    return copy;
  }

  /**
   * These bytes as an array that must not be written to: without a copy where the run fills its
   * array, so that adapters can hand large blocks to the platform cheaply.
   */
  public byte[] unsafeArray() {
    return offset == 0 && length == array.length ? array : toArray();
  }

  /** Takes part of an array that it must not write to or keep. */
  @FunctionalInterface
  public interface Sink {
    void take(byte[] array, int offset, int count);
  }

  /** Hands these bytes over where they are, for adapters that copy them to a place of their own. */
  public void into(Sink sink) {
    sink.take(array, offset, length);
  }

  public void copyTo(byte[] target, int at) {
    System.arraycopy(array, offset, target, at, length);
  }

  public String utf8() {
    return new String(array, offset, length, StandardCharsets.UTF_8);
  }

  /** Unpadded base64url (RFC 4648, section 5). */
  public String base64Url() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(unsafeArray());
  }

  public String hex() {
    char[] text = new char[2 * length];
    for (int i = 0; i < length; i++) {
      text[2 * i] = HEX.charAt(at(i) >> 4 & 0xf);
      text[2 * i + 1] = HEX.charAt(at(i) & 0xf);
    }
    return new String(text);
  }

  /** Equality whose time depends on the length alone, for secrets. */
  public boolean equalsInConstantTime(Bytes other) {
    if (length != other.length) {
      return false;
    }
    int difference = 0;
    for (int i = 0; i < length; i++) {
      difference |= array[offset + i] ^ other.array[other.offset + i];
    }
    return difference == 0;
  }

  @Override
  public int compareTo(Bytes other) {
    int common = Math.min(length, other.length);
    for (int i = 0; i < common; i++) {
      int order = (array[offset + i] & 0xff) - (other.array[other.offset + i] & 0xff);
      if (order != 0) {
        return order;
      }
    }
    return length - other.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Bytes bytes
        && (hash == bytes.hash || hash == 0 || bytes.hash == 0)
        && Arrays.equals(
            array, offset, offset + length, bytes.array, bytes.offset, bytes.offset + bytes.length);
  }

  @Override
  public int hashCode() {
    int known = hash;
    if (known == 0) {
      known = 1;
      for (int i = 0; i < length; i++) {
        known = 31 * known + array[offset + i];
      }
      hash = known;
    }
    return known;
  }

  /** Only the length: content may be private and must not reach a log by accident. */
  @Override
  public String toString() {
    return "Bytes[" + length + "]";
  }
}
