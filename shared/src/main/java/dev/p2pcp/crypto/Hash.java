package dev.p2pcp.crypto;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;

/** A SHA-256 hash: 32 bytes. */
public record Hash(Bytes bytes) {
  public static final int LENGTH = 32;

  public Hash {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException("Hash needs 32 bytes");
    }
  }

  public static Hash read(ByteReader reader, String field) throws MalformedFrameException {
    return new Hash(reader.bytes(LENGTH, field));
  }
}
