package dev.p2pcp.browser.crypto;

import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.browser.js.JsFailure;
import dev.p2pcp.browser.js.Promises;
import dev.p2pcp.browser.js.Subtle;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.typedarrays.ArrayBuffer;

/**
 * The cryptographic port over {@code crypto.subtle}; every call suspends until the browser
 * answered.
 */
public final class WebCrypto implements Crypto {
  private static final String ED25519 = "Ed25519";
  private static final String X25519 = "X25519";

  /** PKCS #8 (RFC 8410) before the 32 bytes of an Ed25519 seed. */
  private static final Bytes ED25519_PKCS8 = pkcs8(0x70);

  /** PKCS #8 (RFC 8410) before the 32 bytes of an X25519 secret. */
  private static final Bytes X25519_PKCS8 = pkcs8(0x6e);

  private static final int KEY_LENGTH = 32;

  /** Enough for a block of full size and its label. */
  private static final int SCRATCH_LENGTH = 260 * 1024;

  private final byte[] scratch = new byte[SCRATCH_LENGTH];

  @Override
  public Hash sha256(Bytes message) {
    return new Hash(await(Subtle.sha256(Binary.view(message))));
  }

  /**
   * Joins label and message in one buffer used over and over: fresh memory for every block costs
   * more than its hash.
   */
  @Override
  public Hash hash(Domain domain, Bytes... message) {
    Bytes label = domain.frame();
    int length = label.length();
    for (Bytes part : message) {
      length += part.length();
    }
    if (length > scratch.length) {
      return sha256(domain.frame(message));
    }
    label.copyTo(scratch, 0);
    int at = label.length();
    for (Bytes part : message) {
      part.copyTo(scratch, at);
      at += part.length();
    }
    // The browser takes its copy before it returns, so the next caller may have the buffer.
    return new Hash(await(Subtle.sha256(Binary.part(scratch, length))));
  }

  @Override
  public boolean verify(PublicKey key, Domain domain, Bytes message, Signature signature) {
    try {
      Subtle.CryptoKey imported = publicKey(ED25519, key, "verify");
      return Promises.await(
              Subtle.verify(
                  imported, Binary.view(signature.bytes()), Binary.view(domain.frame(message))))
          .stringValue()
          .equals("true");
    } catch (JsFailure refused) {
      // Browsers differ in whether they look at the point on import or on use.
      if (refused.is(JsFailure.DATA) || refused.is(JsFailure.OPERATION)) {
        return false;
      }
      throw refused;
    }
  }

  @Override
  public WebSigningKey signingKey(Bytes seed) {
    require(seed);
    Bytes encoded = Bytes.concat(ED25519_PKCS8, seed);
    PublicKey publicKey = publicPart(ED25519, encoded, "sign");
    return new WebSigningKey(privateKey(ED25519, encoded, false, "sign"), publicKey);
  }

  @Override
  public WebAgreementKey agreementKey(Bytes secret) {
    require(secret);
    Bytes encoded = Bytes.concat(X25519_PKCS8, secret);
    PublicKey publicKey = publicPart(X25519, encoded, "deriveBits");
    return new WebAgreementKey(privateKey(X25519, encoded, false, "deriveBits"), publicKey);
  }

  @Override
  public WebSealingKey sealingKey(Bytes key) {
    require(key);
    return new WebSealingKey(
        Promises.await(
            Subtle.importKey("raw", Binary.view(key), "AES-GCM", false, "encrypt decrypt")));
  }

  @Override
  public WebDerivationKey derivationKey(Bytes secret) {
    return new WebDerivationKey(
        Promises.await(Subtle.importKey("raw", Binary.view(secret), "HKDF", false, "deriveBits")));
  }

  @Override
  public Bytes pbkdf2(Prf prf, Bytes password, Bytes salt, int iterations, int length) {
    Subtle.CryptoKey key =
        Promises.await(
            Subtle.importKey("raw", Binary.view(password), "PBKDF2", false, "deriveBits"));
    String hash =
        switch (prf) {
          case SHA_256 -> "SHA-256";
          case SHA_512 -> "SHA-512";
        };
    return await(Subtle.pbkdf2(key, hash, Binary.view(salt), iterations, Byte.SIZE * length));
  }

  static Subtle.CryptoKey publicKey(String algorithm, PublicKey key, String usage) {
    return Promises.await(
        Subtle.importKey("raw", Binary.view(key.bytes()), algorithm, true, usage));
  }

  static Bytes await(JSPromise<ArrayBuffer> answer) {
    return Binary.bytes(Promises.await(answer));
  }

  // A key that is not extractable does not tell its public part either; so a first import lives
  // just for that.
  private static PublicKey publicPart(String algorithm, Bytes pkcs8, String usage) {
    Subtle.CryptoKey readable = privateKey(algorithm, pkcs8, true, usage);
    String x = Promises.await(Subtle.exportJwk(readable)).getX();
    try {
      return new PublicKey(Bytes.fromBase64Url(x));
    } catch (MalformedFrameException e) {
      throw new IllegalStateException("the browser exported a malformed public key");
    }
  }

  private static Subtle.CryptoKey privateKey(
      String algorithm, Bytes pkcs8, boolean extractable, String usage) {
    return Promises.await(
        Subtle.importKey("pkcs8", Binary.view(pkcs8), algorithm, extractable, usage));
  }

  private static Bytes pkcs8(int algorithm) {
    return Bytes.wrap(
        new byte[] {
          0x30,
          0x2e,
          0x02,
          0x01,
          0x00,
          0x30,
          0x05,
          0x06,
          0x03,
          0x2b,
          0x65,
          (byte) algorithm,
          0x04,
          0x22,
          0x04,
          0x20
        });
  }

  private static void require(Bytes key) {
    if (key.length() != KEY_LENGTH) {
      throw new IllegalArgumentException("a key has 32 bytes");
    }
  }
}
