package dev.p2pcp.browser.crypto;

import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.browser.js.Subtle;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;

/**
 * An Ed25519 key that the browser holds; both parts can be given to another tab and put together
 * there.
 */
public record WebSigningKey(Subtle.CryptoKey handle, PublicKey publicKey)
    implements Crypto.SigningKey {
  @Override
  public Signature sign(Domain domain, Bytes message) {
    return new Signature(WebCrypto.await(Subtle.sign(handle, Binary.view(domain.frame(message)))));
  }
}
