package dev.p2pcp.browser.crypto;

import dev.p2pcp.browser.js.JsFailure;
import dev.p2pcp.browser.js.Subtle;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.SealBrokenException;

/**
 * An X25519 key that the browser holds; both parts can be given to another tab and put together
 * there.
 */
public record WebAgreementKey(Subtle.CryptoKey handle, PublicKey publicKey)
    implements Crypto.AgreementKey {
  private static final Bytes ZERO = Bytes.wrap(new byte[PublicKey.LENGTH]);

  @Override
  public Bytes agree(PublicKey other) throws SealBrokenException {
    Bytes secret;
    try {
      secret = WebCrypto.await(Subtle.x25519(handle, WebCrypto.publicKey("X25519", other, "")));
    } catch (JsFailure refused) {
      if (refused.is(JsFailure.OPERATION) || refused.is(JsFailure.DATA)) {
        throw new SealBrokenException();
      }
      throw refused;
    }
    if (secret.equalsInConstantTime(ZERO)) {
      throw new SealBrokenException();
    }
    return secret;
  }
}
