package dev.p2pcp.identity;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.PublicKey;

/** Names one logged-in device: the 32 bytes of its Ed25519 public key; base64url in text. */
public record PeerId(Bytes bytes) implements Comparable<PeerId> {
  /** Bytes of a peer id. */
  public static final int LENGTH = PublicKey.LENGTH;

  public PeerId {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException("a peer id has 32 bytes");
    }
  }

  /** The id of the device with this key. */
  public static PeerId of(PublicKey device) {
    return new PeerId(device.bytes());
  }

  /** Reads the 32 bytes. */
  public static PeerId read(ByteReader reader, String field) throws MalformedFrameException {
    return new PeerId(reader.bytes(LENGTH, field));
  }

  /**
   * Reads the text form.
   *
   * @throws MalformedFrameException if it is not base64url of 32 bytes
   */
  public static PeerId parse(String text) throws MalformedFrameException {
    Bytes bytes = Bytes.fromBase64Url(text);
    if (bytes.length() != LENGTH) {
      throw new MalformedFrameException("peer id");
    }
    return new PeerId(bytes);
  }

  /** The key that the device signs with. */
  public PublicKey publicKey() {
    return new PublicKey(bytes);
  }

  @Override
  public int compareTo(PeerId other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.base64Url();
  }
}
