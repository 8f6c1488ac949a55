package dev.p2pcp.donor;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.SeedPhrase;
import dev.p2pcp.node.DeviceKey;

/**
 * The device's key of a headless agent, derived from its phrase: the phrase is on the machine
 * anyhow, and so a store opens with the phrase that it was made with and with no other.
 */
final class PhraseKey implements DeviceKey {
  private static final String LABEL = "p2pcp/v1/headless-seal";
  private static final int LENGTH = 32;

  private final Crypto.SealingKey key;

  PhraseKey(Crypto crypto, SeedPhrase phrase) {
    Bytes seed = phrase.seed(crypto);
    key = crypto.sealingKey(crypto.derivationKey(seed).derive(LABEL, Bytes.EMPTY, LENGTH));
  }

  @Override
  public Crypto.SealingKey obtain() {
    return key;
  }

  /** Whoever has the phrase has this key; there is nothing else to forget. */
  @Override
  public void forget() {}
}
