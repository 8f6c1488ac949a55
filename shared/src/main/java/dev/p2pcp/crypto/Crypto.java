package dev.p2pcp.crypto;

import dev.p2pcp.bytes.Bytes;

/**
 * The platform's cryptography: JCA and Bouncy Castle on the JVM, WebCrypto in the browser. Calls
 * may suspend. Keys are handles, so that a platform can keep them where nobody can read them.
 */
public interface Crypto {
  /** SHA-256 by the platform: for large inputs. Small ones are faster by {@link Sha256}. */
  Hash sha256(Bytes message);

  /**
   * Whether the Ed25519 signature (RFC 8032) is right; a key that is no curve point is simply
   * wrong.
   */
  boolean verify(PublicKey key, Domain domain, Bytes message, Signature signature);

  /** An Ed25519 key of a seed of 32 bytes. */
  SigningKey signingKey(Bytes seed);

  /** An X25519 key (RFC 7748) of a secret of 32 bytes. */
  AgreementKey agreementKey(Bytes secret);

  /** An AES-256-GCM key of 32 bytes. */
  SealingKey sealingKey(Bytes key);

  /** A key for HKDF-SHA-256 (RFC 5869) with an empty salt. */
  DerivationKey derivationKey(Bytes secret);

  /** PBKDF2-HMAC (RFC 8018); length in bytes. */
  Bytes pbkdf2(Prf prf, Bytes password, Bytes salt, int iterations, int length);

  /** The hash under HMAC in PBKDF2. */
  enum Prf {
    SHA_256,
    SHA_512
  }

  /** For many small hashes, by one thread. */
  default Hasher hasher() {
    return new Sha256();
  }

  /** Hash of a message under a domain label. */
  default Hash hash(Domain domain, Bytes... message) {
    return sha256(domain.frame(message));
  }

  /** Signs with Ed25519. */
  interface SigningKey {
    PublicKey publicKey();

    /** Signature over the message under the domain's label. */
    Signature sign(Domain domain, Bytes message);
  }

  /** Agrees on a shared secret with X25519. */
  interface AgreementKey {
    PublicKey publicKey();

    /**
     * The shared secret of 32 bytes; to be used through {@link #derivationKey} only.
     *
     * @throws SealBrokenException if the other key is of low order (the secret would be zero)
     */
    Bytes agree(PublicKey other) throws SealBrokenException;
  }

  /** Seals with AES-256-GCM (NIST SP 800-38D): nonce of 12 bytes, tag of 16. */
  interface SealingKey {
    int NONCE_LENGTH = 12;
    int TAG_LENGTH = 16;

    /** Cipher text and tag. A nonce must never serve twice under one key. */
    Bytes seal(Bytes nonce, Bytes associated, Bytes plain);

    /**
     * The plain text.
     *
     * @throws SealBrokenException if the bytes were not sealed so
     */
    Bytes open(Bytes nonce, Bytes associated, Bytes sealed) throws SealBrokenException;
  }

  /** Derives keys with HKDF-SHA-256. */
  interface DerivationKey {
    /** Length bytes for {@code info = u8 label length ‖ label ‖ context}. */
    Bytes derive(String label, Bytes context, int length);
  }
}
