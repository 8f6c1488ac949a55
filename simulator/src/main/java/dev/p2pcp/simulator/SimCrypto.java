package dev.p2pcp.simulator;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.jvm.JvmCrypto;

/**
 * Cryptography at the price of a hash: a signature is the keyed hash of the message by the
 * <em>public</em> key. Nobody in a simulation computes one for another, so that what is forged is
 * found out just as in earnest; everything else is the JVM's.
 */
final class SimCrypto implements Crypto {
  private static final Bytes PUBLIC = Bytes.utf8("public key");

  private final Crypto jvm = new JvmCrypto();

  @Override
  public Hash sha256(Bytes message) {
    return jvm.sha256(message);
  }

  @Override
  public boolean verify(PublicKey key, Domain domain, Bytes message, Signature signature) {
    return signatureBy(key, domain, message).equals(signature);
  }

  @Override
  public SigningKey signingKey(Bytes seed) {
    PublicKey key = new PublicKey(sha256(Bytes.concat(PUBLIC, seed)).bytes());
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
    return jvm.sealingKey(key);
  }

  @Override
  public DerivationKey derivationKey(Bytes secret) {
    return jvm.derivationKey(secret);
  }

  @Override
  public Bytes pbkdf2(Prf prf, Bytes password, Bytes salt, int iterations, int length) {
    // One round: what stretches a guess in earnest only takes time here.
    return jvm.pbkdf2(prf, password, salt, 1, length);
  }

  private Signature signatureBy(PublicKey key, Domain domain, Bytes message) {
    Bytes hash = sha256(Bytes.concat(key.bytes(), domain.frame(message))).bytes();
    return new Signature(Bytes.concat(hash, hash));
  }
}
