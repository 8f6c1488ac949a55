package dev.p2pcp.identity;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.PublicKey;

/**
 * Names the account that lends and occupies storage: the 32 bytes of its vault's Ed25519 public
 * key; base64url in text.
 */
public record AccountId(Bytes bytes) implements Comparable<AccountId> {
  /** Bytes of an account id. */
  public static final int LENGTH = PublicKey.LENGTH;

  public AccountId {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException("an account id has 32 bytes");
    }
  }

  /** The id of the account whose vault has this key. */
  public static AccountId of(PublicKey vault) {
    return new AccountId(vault.bytes());
  }

  /** Reads the 32 bytes. */
  public static AccountId read(ByteReader reader, String field) throws MalformedFrameException {
    return new AccountId(reader.bytes(LENGTH, field));
  }

  /**
   * Reads the text form.
   *
   * @throws MalformedFrameException if it is not base64url of 32 bytes
   */
  public static AccountId parse(String text) throws MalformedFrameException {
    Bytes bytes = Bytes.fromBase64Url(text);
    if (bytes.length() != LENGTH) {
      throw new MalformedFrameException("account id");
    }
    return new AccountId(bytes);
  }

  /** The key that the vault signs with. */
  public PublicKey publicKey() {
    return new PublicKey(bytes);
  }

  @Override
  public int compareTo(AccountId other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.base64Url();
  }
}
