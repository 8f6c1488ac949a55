package dev.p2pcp.bytes;

import java.util.ArrayList;
import java.util.List;

/** A cursor over bytes from outside; every read is checked and names the field that was wrong. */
public final class ByteReader {
  private final Bytes bytes;
  private int at;

  public ByteReader(Bytes bytes) {
    this.bytes = bytes;
  }

  /** Reads one element of a list. */
  @FunctionalInterface
  public interface Element<T> {
    T read(ByteReader reader) throws MalformedFrameException;
  }

  public int u8(String field) throws MalformedFrameException {
    return (int) number(1, field);
  }

  /** One byte that is 0 or 1. */
  public boolean flag(String field) throws MalformedFrameException {
    int value = u8(field);
    if (value > 1) {
      throw new MalformedFrameException(field);
    }
    return value == 1;
  }

  public int u16(String field) throws MalformedFrameException {
    return (int) number(2, field);
  }

  public long u32(String field) throws MalformedFrameException {
    return number(4, field);
  }

  /** A four-byte number from 0 to the limit. */
  public int count(int limit, String field) throws MalformedFrameException {
    long value = number(4, field);
    if (value > limit) {
      throw new MalformedFrameException(field);
    }
    return (int) value;
  }

  /** A number from 0 to 2⁶³ − 1. */
  public long u64(String field) throws MalformedFrameException {
    long value = number(8, field);
    if (value < 0) {
      throw new MalformedFrameException(field);
    }
    return value;
  }

  public Bytes bytes(int count, String field) throws MalformedFrameException {
    if (count < 0 || count > remaining()) {
      throw new MalformedFrameException(field);
    }
    Bytes run = bytes.slice(at, count);
    at += count;
    return run;
  }

  public Bytes bytes16(int limit, String field) throws MalformedFrameException {
    int count = u16(field);
    if (count > limit) {
      throw new MalformedFrameException(field);
    }
    return bytes(count, field);
  }

  public Bytes bytes32(int limit, String field) throws MalformedFrameException {
    return bytes(count(limit, field), field);
  }

  /** A two-byte length and UTF-8 that is well-formed. */
  public String text(int limit, String field) throws MalformedFrameException {
    Bytes raw = bytes16(limit, field);
    String text = raw.utf8();
    if (!Bytes.utf8(text).equals(raw)) {
      throw new MalformedFrameException(field);
    }
    return text;
  }

  /** A two-byte count of at most the limit, and that many elements. */
  public <T> List<T> list(int limit, String field, Element<T> element)
      throws MalformedFrameException {
    int count = u16(field);
    if (count > limit) {
      throw new MalformedFrameException(field);
    }
    List<T> elements = new ArrayList<>(Math.min(count, remaining() + 1));
    for (int i = 0; i < count; i++) {
      elements.add(element.read(this));
    }
    return List.copyOf(elements);
  }

  public Bytes rest() {
    Bytes run = bytes.from(at);
    at = bytes.length();
    return run;
  }

  public int position() {
    return at;
  }

  public int remaining() {
    return bytes.length() - at;
  }

  /** Refuses trailing bytes: an encoding is canonical or rejected. */
  public void end() throws MalformedFrameException {
    if (remaining() != 0) {
      throw new MalformedFrameException("trailing");
    }
  }

  private long number(int size, String field) throws MalformedFrameException {
    if (size > remaining()) {
      throw new MalformedFrameException(field);
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = value << 8 | (bytes.at(at++) & 0xff);
    }
    return value;
  }
}
