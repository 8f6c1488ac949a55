package dev.p2pcp.index;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Cryptography that remembers which signatures of certificates, receipts and statements were right:
 * a certificate stands in every batch of its device, and every receipt is brought by its holder and
 * by its owner. What is remembered is a hash of key, message and signature, so that nothing else is
 * ever taken for it; the times that a certificate is good for are checked each time all the same.
 *
 * <p>Any number of threads may call.
 */
public final class RememberedProofs implements Crypto {
  /** Most signatures remembered; about 130 bytes each. */
  public static final int MOST = 131_072;

  private static final Set<Domain> KINDS =
      EnumSet.of(
          Domain.DEVICE_CERTIFICATE, Domain.RECEIPT_HOLDER, Domain.RECEIPT_OWNER, Domain.STATEMENT);

  private final Crypto crypto;
  private Set<Bytes> young = new HashSet<>();
  private Set<Bytes> old = new HashSet<>();

  /** Checks by that platform's cryptography. */
  public RememberedProofs(Crypto crypto) {
    this.crypto = crypto;
  }

  @Override
  public boolean verify(PublicKey key, Domain domain, Bytes message, Signature signature) {
    if (!KINDS.contains(domain)) {
      return crypto.verify(key, domain, message, signature);
    }
    byte[] name = new byte[Hash.LENGTH];
    crypto
        .hasher()
        .add(domain.ordinal())
        .add(key.bytes())
        .add(signature.bytes())
        .add(message)
        .into(name, 0);
    Bytes proof = Bytes.wrap(name);
    if (isKnown(proof)) {
      return true;
    }
    if (!crypto.verify(key, domain, message, signature)) {
      return false;
    }
    remember(proof);
    return true;
  }

  private synchronized boolean isKnown(Bytes proof) {
    if (young.contains(proof)) {
      return true;
    }
    if (!old.contains(proof)) {
      return false;
    }
    remember(proof);
    return true;
  }

  /** The young become the old when they are too many, and those that nobody asked for are gone. */
  private synchronized void remember(Bytes proof) {
    if (young.size() >= MOST / 2) {
      old = young;
      young = new HashSet<>();
    }
    young.add(proof);
  }

  @Override
  public Hash sha256(Bytes message) {
    return crypto.sha256(message);
  }

  @Override
  public Hasher hasher() {
    return crypto.hasher();
  }

  @Override
  public SigningKey signingKey(Bytes seed) {
    return crypto.signingKey(seed);
  }

  @Override
  public AgreementKey agreementKey(Bytes secret) {
    return crypto.agreementKey(secret);
  }

  @Override
  public SealingKey sealingKey(Bytes key) {
    return crypto.sealingKey(key);
  }

  @Override
  public DerivationKey derivationKey(Bytes secret) {
    return crypto.derivationKey(secret);
  }

  @Override
  public Bytes pbkdf2(Prf prf, Bytes password, Bytes salt, int iterations, int length) {
    return crypto.pbkdf2(prf, password, salt, iterations, length);
  }
}
