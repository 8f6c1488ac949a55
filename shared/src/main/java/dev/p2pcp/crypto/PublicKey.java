package dev.p2pcp.crypto;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;

/** An Ed25519 or X25519 public key: 32 bytes. */
public record PublicKey(Bytes bytes) {
  public static final int LENGTH = 32;

  public PublicKey {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException("PublicKey needs 32 bytes");
    }
  }

  public static PublicKey read(ByteReader reader, String field) throws MalformedFrameException {
    return new PublicKey(reader.bytes(LENGTH, field));
  }
}
