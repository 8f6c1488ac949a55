package dev.p2pcp.node;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Clock;

/**
 * This device's key and the account's certificate for it. The key is derived from the account's
 * secret and a salt of this profile, so that nothing secret is stored for it, and receipts go on
 * naming the same holder after a restart.
 */
public record Device(Crypto.SigningKey key, DeviceCertificate certificate) {
  /** Bytes of the salt. */
  public static final int SALT_LENGTH = 16;

  private static final String LABEL = "p2pcp/v1/device";

  /** Derives the key and issues a certificate from now on. Suspends. */
  public static Device of(KeyRing keys, Bytes salt, Clock clock) {
    Bytes seed = keys.storageRoot().derive(LABEL, salt, 32);
    Crypto.SigningKey key = keys.crypto().signingKey(seed);
    PeerId peer = PeerId.of(key.publicKey());
    DeviceCertificate certificate =
        DeviceCertificate.issue(keys.vault(), peer, clock.now(), DeviceCertificate.MAX_LIFE);
    return new Device(key, certificate);
  }

  public PeerId peer() {
    return certificate.device();
  }

  public AccountId account() {
    return certificate.account();
  }
}
