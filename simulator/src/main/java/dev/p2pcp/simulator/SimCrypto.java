package dev.p2pcp.simulator;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.jvm.JvmCrypto;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Cryptography that costs next to nothing: signatures, seals and derived keys are {@link Mix}ed
 * from what they are of. A signature is made of the <em>public</em> key, since nobody in a
 * simulation computes one for another; so what is forged, altered or broken is found out just as in
 * earnest. Hashes are real, and agreement is the JVM's. For one thread.
 */
final class SimCrypto implements Crypto {
  private static final int PUBLIC_KEY = 1;
  private static final int SEAL = 2;
  private static final int TAG = 3;
  private static final int DERIVED = 4;
  private static final int STRETCHED = 5;

  /** Signatures of each domain have a number of their own above the rest. */
  private static final int SIGNED = 100;

  private final Crypto jvm = new JvmCrypto();
  private final MessageDigest sha256;

  SimCrypto() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public Hash sha256(Bytes message) {
    message.into(sha256::update);
    return new Hash(Bytes.wrap(sha256.digest()));
  }

  @Override
  public Hasher hasher() {
    return jvm.hasher();
  }

  @Override
  public boolean verify(PublicKey key, Domain domain, Bytes message, Signature signature) {
    return signatureBy(key, domain, message).equals(signature);
  }

  @Override
  public SigningKey signingKey(Bytes seed) {
    PublicKey key = new PublicKey(new Mix(PUBLIC_KEY).with(seed).draw(PublicKey.LENGTH));
    return new SigningKey() {
      @Override
      public PublicKey publicKey() {
        return key;
      }

      @Override
      public Signature sign(Domain domain, Bytes message) {
        return signatureBy(key, domain, message);
      }
    };
  }

  @Override
  public AgreementKey agreementKey(Bytes secret) {
    return jvm.agreementKey(secret);
  }

  @Override
  public SealingKey sealingKey(Bytes key) {
    return new MixedSeal(key);
  }

  @Override
  public DerivationKey derivationKey(Bytes secret) {
    return (label, context, length) ->
        new Mix(DERIVED).with(secret).with(Bytes.utf8(label)).with(context).draw(length);
  }

  @Override
  public Bytes pbkdf2(Prf prf, Bytes password, Bytes salt, int iterations, int length) {
    return new Mix(STRETCHED).with(password).with(salt).draw(length);
  }

  private static Signature signatureBy(PublicKey key, Domain domain, Bytes message) {
    return new Signature(
        new Mix(SIGNED + domain.ordinal()).with(key.bytes()).with(message).draw(Signature.LENGTH));
  }

  /** Hides the text by what is drawn of key and nonce, and shows by a tag that it is whole. */
  private record MixedSeal(Bytes key) implements SealingKey {
    @Override
    public Bytes seal(Bytes nonce, Bytes associated, Bytes plain) {
      Bytes hidden = turned(nonce, plain);
      return Bytes.concat(hidden, tag(nonce, associated, hidden));
    }

    @Override
    public Bytes open(Bytes nonce, Bytes associated, Bytes sealed) throws SealBrokenException {
      int length = sealed.length() - TAG_LENGTH;
      if (length < 0) {
        throw new SealBrokenException();
      }
      Bytes hidden = sealed.slice(0, length);
      if (!tag(nonce, associated, hidden).equals(sealed.from(length))) {
        throw new SealBrokenException();
      }
      return turned(nonce, hidden);
    }

    private Bytes turned(Bytes nonce, Bytes text) {
      byte[] turned = text.toArray();
      Bytes over = new Mix(SEAL).with(key).with(nonce).draw(turned.length);
      over.into(
          (array, offset, count) -> {
            for (int i = 0; i < count; i++) {
              turned[i] ^= array[offset + i];
            }
          });
      return Bytes.wrap(turned);
    }

    private Bytes tag(Bytes nonce, Bytes associated, Bytes hidden) {
      return new Mix(TAG).with(key).with(nonce).with(associated).with(hidden).draw(TAG_LENGTH);
    }
  }
}
