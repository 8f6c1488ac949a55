package dev.p2pcp.identity;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Sha256;

/**
 * A key in a form that two people can compare aloud: the first 60 bits of its hash under {@link
 * Domain#FINGERPRINT} as Crockford's base 32 in three groups of four, such as {@code
 * 7K3F-9QWE-2M4T}.
 *
 * <p>It helps people to notice a mix-up. It is too short to stand in for the key: no rule may rest
 * on it.
 *
 * @param text the three groups
 */
public record Fingerprint(String text) {
  private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int CHARACTERS = 12;
  private static final int GROUP = 4;

  /** The fingerprint of a key. */
  public static Fingerprint of(PublicKey key) {
    Bytes hash = Sha256.hash(Domain.FINGERPRINT.frame(key.bytes())).bytes();
    long bits = hash.longAt(0);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < CHARACTERS; i++) {
      if (i > 0 && i % GROUP == 0) {
        text.append('-');
      }
      text.append(ALPHABET.charAt((int) (bits >>> 59 - 5 * i) & 31));
    }
    return new Fingerprint(text.toString());
  }

  @Override
  public String toString() {
    return text;
  }
}
