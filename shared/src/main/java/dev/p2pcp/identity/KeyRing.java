package dev.p2pcp.identity;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Crypto.AgreementKey;
import dev.p2pcp.crypto.Crypto.DerivationKey;
import dev.p2pcp.crypto.Crypto.SigningKey;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.SealBrokenException;
import java.util.Optional;

/**
 * A person's unlocked keys. Derivation is HKDF-SHA-256 with one label for each purpose; private and
 * shared keys have the path as context, so that no key of one path tells anything about another or
 * about the identity.
 *
 * @param crypto the platform that holds the keys
 * @param identity signs what is public; its public key is who one is to others
 * @param agreement agrees on secrets with other people
 * @param vault the account that lends and occupies storage
 * @param storageRoot derives the keys of private paths
 */
public record KeyRing(
    Crypto crypto,
    SigningKey identity,
    AgreementKey agreement,
    SigningKey vault,
    DerivationKey storageRoot) {
  private static final int KEY_LENGTH = 32;

  /** All keys of a seed, which is {@link SeedPhrase#seed}. */
  public static KeyRing of(Crypto crypto, Bytes seed) {
    DerivationKey root = crypto.derivationKey(seed);
    return new KeyRing(
        crypto,
        crypto.signingKey(root.derive("p2pcp/v1/identity", Bytes.EMPTY, KEY_LENGTH)),
        crypto.agreementKey(root.derive("p2pcp/v1/agreement", Bytes.EMPTY, KEY_LENGTH)),
        crypto.signingKey(root.derive("p2pcp/v1/vault", Bytes.EMPTY, KEY_LENGTH)),
        crypto.derivationKey(root.derive("p2pcp/v1/storage-root", Bytes.EMPTY, KEY_LENGTH)));
  }

  /** Where anybody who knows the identity finds its public item of that path. */
  public static StorageKey publicKeyOf(PublicKey identity, Path path) {
    return StorageKey.ofSigned(identity, path.hash());
  }

  /** The account that these keys act for. */
  public AccountId account() {
    return AccountId.of(vault.publicKey());
  }

  /** The identity as others write it. */
  public DidKey did() {
    return new DidKey(identity.publicKey());
  }

  /** An own item that everybody may read. */
  public Place publicAt(Path path) {
    return Place.of(identity, Optional.empty(), path);
  }

  /** An own item that only the owner can find, read, write, or link to the identity. */
  public Place privateAt(Path path) {
    return sealedAt(storageRoot, "p2pcp/v1/private-write", "p2pcp/v1/private-seal", path);
  }

  /**
   * An item that two people can find, read and write; both compute the same place.
   *
   * @param otherAgreement the other's X25519 key
   * @throws SealBrokenException if that key is not fit for agreement
   */
  public Place sharedWith(PublicKey otherAgreement, Path path) throws SealBrokenException {
    DerivationKey secret = crypto.derivationKey(agreement.agree(otherAgreement));
    Bytes own = agreement.publicKey().bytes();
    Bytes other = otherAgreement.bytes();
    Bytes both = own.compareTo(other) < 0 ? Bytes.concat(own, other) : Bytes.concat(other, own);
    DerivationKey root =
        crypto.derivationKey(secret.derive("p2pcp/v1/shared-root", both, KEY_LENGTH));
    return sealedAt(root, "p2pcp/v1/shared-write", "p2pcp/v1/shared-seal", path);
  }

  private Place sealedAt(DerivationKey root, String writeLabel, String sealLabel, Path path) {
    Bytes context = path.utf8();
    SigningKey writeKey = crypto.signingKey(root.derive(writeLabel, context, KEY_LENGTH));
    return Place.of(
        writeKey,
        Optional.of(crypto.sealingKey(root.derive(sealLabel, context, KEY_LENGTH))),
        path);
  }
}
