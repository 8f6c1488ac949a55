package dev.p2pcp.browser.crypto;

import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.browser.js.Subtle;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;

/** A base key of HKDF-SHA-256 that the browser holds. */
public record WebDerivationKey(Subtle.CryptoKey handle) implements Crypto.DerivationKey {
  @Override
  public Bytes derive(String label, Bytes context, int length) {
    Bytes info =
        new ByteWriter().u8(label.length()).bytes(Bytes.utf8(label)).bytes(context).toBytes();
    return WebCrypto.await(Subtle.hkdf(handle, Binary.view(info), Byte.SIZE * length));
  }
}
