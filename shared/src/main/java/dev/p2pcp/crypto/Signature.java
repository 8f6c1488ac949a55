package dev.p2pcp.crypto;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;

/** An Ed25519 signature (RFC 8032): 64 bytes. */
public record Signature(Bytes bytes) {
  public static final int LENGTH = 64;

  public Signature {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException("Signature needs 64 bytes");
    }
  }

  public static Signature read(ByteReader reader, String field) throws MalformedFrameException {
    return new Signature(reader.bytes(LENGTH, field));
  }
}
