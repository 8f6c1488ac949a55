package dev.p2pcp.block;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Sha256;

/** The 32 bytes that name a block; base64url in text. */
public record StorageKey(Bytes bytes) implements Comparable<StorageKey> {
  public static final int LENGTH = 32;

  public StorageKey {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException("a storage key has 32 bytes");
    }
  }

  /** Of a content block: the hash of its encoded bytes. */
  public static StorageKey ofContent(Crypto crypto, Bytes encoded) {
    return new StorageKey(crypto.hash(Domain.CONTENT_KEY, encoded).bytes());
  }

  /** Of a signed block: who may write it, and where. */
  public static StorageKey ofSigned(PublicKey writeKey, Hash pathHash) {
    Bytes framed = Domain.SIGNED_KEY.frame(writeKey.bytes(), pathHash.bytes());
    return new StorageKey(Sha256.hash(framed).bytes());
  }

  /** The form in which a path enters a signed block, so that a holder does not learn it. */
  public static Hash pathHash(String path) {
    return Sha256.hash(Domain.PATH.frame(Bytes.utf8(path)));
  }

  public static StorageKey read(ByteReader reader, String field) throws MalformedFrameException {
    return new StorageKey(reader.bytes(LENGTH, field));
  }

  /**
   * Reads the text form.
   *
   * @throws MalformedFrameException if it is not base64url of 32 bytes
   */
  public static StorageKey parse(String text) throws MalformedFrameException {
    Bytes bytes = Bytes.fromBase64Url(text);
    if (bytes.length() != LENGTH) {
      throw new MalformedFrameException("storage key");
    }
    return new StorageKey(bytes);
  }

  @Override
  public int compareTo(StorageKey other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.base64Url();
  }
}
