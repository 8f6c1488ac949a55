package dev.p2pcp.browser.crypto;

import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.browser.js.JsFailure;
import dev.p2pcp.browser.js.Subtle;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.SealBrokenException;

/** An AES-256-GCM key that the browser holds. */
public record WebSealingKey(Subtle.CryptoKey handle) implements Crypto.SealingKey {
  @Override
  public Bytes seal(Bytes nonce, Bytes associated, Bytes plain) {
    require(nonce);
    return WebCrypto.await(
        Subtle.encrypt(handle, Binary.view(nonce), Binary.view(associated), Binary.view(plain)));
  }

  @Override
  public Bytes open(Bytes nonce, Bytes associated, Bytes sealed) throws SealBrokenException {
    require(nonce);
    try {
      return WebCrypto.await(
          Subtle.decrypt(handle, Binary.view(nonce), Binary.view(associated), Binary.view(sealed)));
    } catch (JsFailure refused) {
      if (refused.is(JsFailure.OPERATION)) {
        throw new SealBrokenException();
      }
      throw refused;
    }
  }

  private static void require(Bytes nonce) {
    if (nonce.length() != NONCE_LENGTH) {
      throw new IllegalArgumentException("a nonce has 12 bytes");
    }
  }
}
