package dev.p2pcp.identity;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.PublicKey;

/**
 * An identity as others write it: {@code did:key:z} and base58btc of {@code ed 01} (the multicodec
 * of an Ed25519 public key) and the 32 bytes (W3C did:key method, version 0.9).
 *
 * @param identity the person's Ed25519 key
 */
public record DidKey(PublicKey identity) {
  private static final String PREFIX = "did:key:z";
  private static final Bytes MULTICODEC = Bytes.wrap(new byte[] {(byte) 0xed, 0x01});
  // 34 bytes that begin with ed have 47 digits in base 58, always.
  private static final int DIGITS = 47;

  /**
   * Reads the text form.
   *
   * @throws MalformedFrameException if it is not the one canonical text of an Ed25519 key
   */
  public static DidKey parse(String text) throws MalformedFrameException {
    if (!text.startsWith(PREFIX) || text.length() != PREFIX.length() + DIGITS) {
      throw new MalformedFrameException("did:key");
    }
    Bytes decoded = Base58.decode(text.substring(PREFIX.length()), DIGITS);
    int head = MULTICODEC.length();
    if (decoded.length() != head + PublicKey.LENGTH || !decoded.slice(0, head).equals(MULTICODEC)) {
      throw new MalformedFrameException("did:key");
    }
    return new DidKey(new PublicKey(decoded.from(head)));
  }

  /** The text form. */
  @Override
  public String toString() {
    return PREFIX + Base58.encode(Bytes.concat(MULTICODEC, identity.bytes()));
  }
}
