package dev.p2pcp.browser.api;

import dev.p2pcp.browser.crypto.WebAgreementKey;
import dev.p2pcp.browser.crypto.WebCrypto;
import dev.p2pcp.browser.crypto.WebDerivationKey;
import dev.p2pcp.browser.crypto.WebSigningKey;
import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.browser.js.Subtle;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.KeyRing;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * The unlocked keys as handles that other tabs of the profile can use and nobody can read, so that
 * the passphrase is not asked for again when the leading tab closes.
 */
final class SharedKeys {
  private SharedKeys() {}

  /** The handles with the public keys, which a handle does not tell. */
  interface Handles extends JSObject {
    @JSProperty
    Subtle.CryptoKey getIdentity();

    @JSProperty
    Uint8Array getIdentityKey();

    @JSProperty
    Subtle.CryptoKey getAgreement();

    @JSProperty
    Uint8Array getAgreementKey();

    @JSProperty
    Subtle.CryptoKey getVault();

    @JSProperty
    Uint8Array getVaultKey();

    @JSProperty
    Subtle.CryptoKey getRoot();
  }

  /** What another tab can take; null for keys that are not the browser's. */
  static @Nullable JSObject of(KeyRing keys) {
    if (keys.identity() instanceof WebSigningKey identity
        && keys.agreement() instanceof WebAgreementKey agreement
        && keys.vault() instanceof WebSigningKey vault
        && keys.storageRoot() instanceof WebDerivationKey root) {
      return handles(
          identity.handle(),
          Binary.view(identity.publicKey().bytes()),
          agreement.handle(),
          Binary.view(agreement.publicKey().bytes()),
          vault.handle(),
          Binary.view(vault.publicKey().bytes()),
          root.handle());
    }
    return null;
  }

  /** The keys that another tab left, if any. */
  static Optional<KeyRing> take(@Nullable JSObject shared) {
    if (shared == null) {
      return Optional.empty();
    }
    Handles handles = (Handles) shared;
    return Optional.of(
        new KeyRing(
            new WebCrypto(),
            new WebSigningKey(handles.getIdentity(), key(handles.getIdentityKey())),
            new WebAgreementKey(handles.getAgreement(), key(handles.getAgreementKey())),
            new WebSigningKey(handles.getVault(), key(handles.getVaultKey())),
            new WebDerivationKey(handles.getRoot())));
  }

  private static PublicKey key(Uint8Array bytes) {
    return new PublicKey(Binary.copy(bytes));
  }

  @JSBody(
      params = {
        "identity",
        "identityKey",
        "agreement",
        "agreementKey",
        "vault",
        "vaultKey",
        "root"
      },
      script =
          "return {identity: identity, identityKey: identityKey, agreement: agreement,"
              + " agreementKey: agreementKey, vault: vault, vaultKey: vaultKey, root: root};")
  private static native JSObject handles(
      Subtle.CryptoKey identity,
      Uint8Array identityKey,
      Subtle.CryptoKey agreement,
      Uint8Array agreementKey,
      Subtle.CryptoKey vault,
      Uint8Array vaultKey,
      Subtle.CryptoKey root);
}
