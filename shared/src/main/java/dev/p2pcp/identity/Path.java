package dev.p2pcp.identity;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;

/**
 * Where an item is among those of one owner, such as {@code /profile}: a slash, and at most 512
 * bytes of UTF-8 in all.
 */
public record Path(String text) implements Comparable<Path> {
  /** Most bytes of UTF-8. */
  public static final int MAX_BYTES = 512;

  public Path {
    if (!isValid(text)) {
      throw new IllegalArgumentException("a path begins with a slash and has at most 512 bytes");
    }
  }

  /**
   * Checks a path from outside.
   *
   * @throws MalformedFrameException if it does not begin with a slash, is longer than {@link
   *     #MAX_BYTES}, or is not well-formed Unicode
   */
  public static Path parse(String text) throws MalformedFrameException {
    if (!isValid(text)) {
      throw new MalformedFrameException("path");
    }
    return new Path(text);
  }

  /** The path as it enters key derivation. */
  public Bytes utf8() {
    return Bytes.utf8(text);
  }

  /** The form in which the path enters a signed block. */
  public Hash hash() {
    return StorageKey.pathHash(text);
  }

  @Override
  public int compareTo(Path other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }

  // A lone surrogate becomes a question mark in UTF-8, and two paths would share one key.
  private static boolean isValid(String text) {
    if (text.length() > MAX_BYTES || !text.startsWith("/")) {
      return false;
    }
    Bytes utf8 = Bytes.utf8(text);
    return utf8.length() <= MAX_BYTES && utf8.utf8().equals(text);
  }
}
