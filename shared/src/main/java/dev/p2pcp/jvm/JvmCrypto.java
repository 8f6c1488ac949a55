package dev.p2pcp.jvm;

import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.crypto.Signature;
import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Cryptography on the JVM. Hashing and AES-GCM come from JCA, which uses the processor's
 * instructions; curves and key derivation from Bouncy Castle's lightweight API, whose Ed25519 is
 * several times as fast as JCA's.
 *
 * <p>Has no state; any number of threads may call. A key keeps its secret in memory for as long as
 * it is referenced.
 */
public final class JvmCrypto implements Crypto {
  private static final int BITS = 8;
  private static final int KEY_LENGTH = 32;

  @Override
  public Hash sha256(Bytes message) {
    try {
      return new Hash(
          Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(message.unsafeArray())));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public Hasher hasher() {
    try {
      return new DigestHasher(MessageDigest.getInstance("SHA-256"));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public boolean verify(PublicKey key, Domain domain, Bytes message, Signature signature) {
    byte[] framed = domain.frame(message).unsafeArray();
    return Ed25519.verify(
        signature.bytes().unsafeArray(), 0, key.bytes().unsafeArray(), 0, framed, 0, framed.length);
  }

  @Override
  public SigningKey signingKey(Bytes seed) {
    requireKeyLength(seed);
    return new Ed25519Key(seed.toArray());
  }

  @Override
  public AgreementKey agreementKey(Bytes secret) {
    requireKeyLength(secret);
    return new X25519Key(secret.toArray());
  }

  @Override
  public SealingKey sealingKey(Bytes key) {
    requireKeyLength(key);
    return new AesGcmKey(new SecretKeySpec(key.unsafeArray(), "AES"));
  }

  @Override
  public DerivationKey derivationKey(Bytes secret) {
    return new HkdfKey(
        new HKDFBytesGenerator(new SHA256Digest()).extractPRK(null, secret.unsafeArray()));
  }

  @Override
  public Bytes pbkdf2(Prf prf, Bytes password, Bytes salt, int iterations, int length) {
    Digest digest =
        switch (prf) {
          case SHA_256 -> new SHA256Digest();
          case SHA_512 -> new SHA512Digest();
        };
    PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(digest);
    generator.init(password.unsafeArray(), salt.unsafeArray(), iterations);
    KeyParameter derived = (KeyParameter) generator.generateDerivedMacParameters(BITS * length);
    return Bytes.wrap(derived.getKey());
  }

  private record DigestHasher(MessageDigest digest) implements Hasher {
    @Override
    public Hasher add(int octet) {
      digest.update((byte) octet);
      return this;
    }

    @Override
    public Hasher add(Bytes run) {
      run.into(digest::update);
      return this;
    }

    @Override
    public boolean isForLongRuns() {
      return true;
    }

    @Override
    public Hasher add(byte[] array, int from, int count) {
      digest.update(array, from, count);
      return this;
    }

    @Override
    public void into(byte[] target, int at) {
      try {
        digest.digest(target, at, Hash.LENGTH);
      } catch (DigestException e) {
        throw new IllegalArgumentException("no room for a hash", e);
      }
    }
  }

  private static void requireKeyLength(Bytes key) {
    if (key.length() != KEY_LENGTH) {
      throw new IllegalArgumentException("a key has 32 bytes");
    }
  }

  private static final class Ed25519Key implements SigningKey {
    private final byte[] seed;
    private final byte[] encodedPublicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
    private final PublicKey publicKey;

    Ed25519Key(byte[] seed) {
      this.seed = seed;
      Ed25519.generatePublicKey(seed, 0, encodedPublicKey, 0);
      publicKey = new PublicKey(Bytes.wrap(encodedPublicKey));
    }

    @Override
    public PublicKey publicKey() {
      return publicKey;
    }

    @Override
    public Signature sign(Domain domain, Bytes message) {
      byte[] framed = domain.frame(message).unsafeArray();
      byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
      Ed25519.sign(seed, 0, encodedPublicKey, 0, framed, 0, framed.length, signature, 0);
      return new Signature(Bytes.wrap(signature));
    }
  }

  private static final class X25519Key implements AgreementKey {
    private final byte[] secret;
    private final PublicKey publicKey;

    X25519Key(byte[] secret) {
      this.secret = secret;
      byte[] point = new byte[X25519.POINT_SIZE];
      X25519.generatePublicKey(secret, 0, point, 0);
      publicKey = new PublicKey(Bytes.wrap(point));
    }

    @Override
    public PublicKey publicKey() {
      return publicKey;
    }

    @Override
    public Bytes agree(PublicKey other) throws SealBrokenException {
      byte[] shared = new byte[X25519.POINT_SIZE];
      if (!X25519.calculateAgreement(secret, 0, other.bytes().unsafeArray(), 0, shared, 0)) {
        throw new SealBrokenException();
      }
      return Bytes.wrap(shared);
    }
  }

  private record AesGcmKey(SecretKeySpec key) implements SealingKey {
    @Override
    public Bytes seal(Bytes nonce, Bytes associated, Bytes plain) {
      try {
        return run(Cipher.ENCRYPT_MODE, nonce, associated, plain);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("sealing cannot fail", e);
      }
    }

    @Override
    public Bytes open(Bytes nonce, Bytes associated, Bytes sealed) throws SealBrokenException {
      try {
        return run(Cipher.DECRYPT_MODE, nonce, associated, sealed);
      } catch (AEADBadTagException e) {
        throw new SealBrokenException();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("opening fails by its tag only", e);
      }
    }

    private Bytes run(int mode, Bytes nonce, Bytes associated, Bytes input)
        throws GeneralSecurityException {
      if (nonce.length() != NONCE_LENGTH) {
        throw new IllegalArgumentException("a nonce has 12 bytes");
      }
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(BITS * TAG_LENGTH, nonce.unsafeArray()));
      cipher.updateAAD(associated.unsafeArray());
      return Bytes.wrap(cipher.doFinal(input.unsafeArray()));
    }

    @Override
    public String toString() {
      return "SealingKey";
    }
  }

  private static final class HkdfKey implements DerivationKey {
    private final byte[] pseudoRandomKey;

    HkdfKey(byte[] pseudoRandomKey) {
      this.pseudoRandomKey = pseudoRandomKey;
    }

    @Override
    public Bytes derive(String label, Bytes context, int length) {
      Bytes name = Bytes.utf8(label);
      Bytes info = new ByteWriter().u8(name.length()).bytes(name).bytes(context).toBytes();
      HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA256Digest());
      generator.init(HKDFParameters.skipExtractParameters(pseudoRandomKey, info.unsafeArray()));
      byte[] derived = new byte[length];
      generator.generateBytes(derived, 0, length);
      return Bytes.wrap(derived);
    }
  }
}
