package dev.p2pcp.browser.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.ArrayBuffer;
import org.teavm.jso.typedarrays.Uint8Array;

/** {@code crypto.subtle} (Web Cryptography API, with Ed25519 and X25519 of its second level). */
public final class Subtle {
  private Subtle() {}

  /**
   * A key that the browser holds; it survives a structured clone, so it can be stored and sent to
   * another tab.
   */
  public interface CryptoKey extends JSObject {
    @JSProperty
    boolean isExtractable();
  }

  /** A key in JSON form; only its public part is of use to us. */
  public interface Jwk extends JSObject {
    /** The public key, base64url. */
    @JSProperty
    String getX();
  }

  @JSBody(params = "data", script = "return crypto.subtle.digest('SHA-256', data);")
  public static native JSPromise<ArrayBuffer> sha256(Uint8Array data);

  /** An algorithm that is named without parameters: Ed25519, X25519, AES-GCM, HKDF, PBKDF2. */
  @JSBody(
      params = {"format", "key", "algorithm", "extractable", "usage"},
      script =
          "return crypto.subtle.importKey(format, key, {name: algorithm}, extractable,"
              + " usage ? usage.split(' ') : []);")
  public static native JSPromise<CryptoKey> importKey(
      String format, Uint8Array key, String algorithm, boolean extractable, String usage);

  @JSBody(params = "key", script = "return crypto.subtle.exportKey('jwk', key);")
  public static native JSPromise<Jwk> exportJwk(CryptoKey key);

  @JSBody(
      params = {"key", "message"},
      script = "return crypto.subtle.sign('Ed25519', key, message);")
  public static native JSPromise<ArrayBuffer> sign(CryptoKey key, Uint8Array message);

  /** Resolves to the text of a boolean, as a bare one cannot cross. */
  @JSBody(
      params = {"key", "signature", "message"},
      script = "return crypto.subtle.verify('Ed25519', key, signature, message).then(String);")
  public static native JSPromise<JSString> verify(
      CryptoKey key, Uint8Array signature, Uint8Array message);

  @JSBody(
      params = {"key", "nonce", "associated", "plain"},
      script =
          "return crypto.subtle.encrypt({name: 'AES-GCM', iv: nonce, additionalData: associated}, key,"
              + " plain);")
  public static native JSPromise<ArrayBuffer> encrypt(
      CryptoKey key, Uint8Array nonce, Uint8Array associated, Uint8Array plain);

  @JSBody(
      params = {"key", "nonce", "associated", "sealed"},
      script =
          "return crypto.subtle.decrypt({name: 'AES-GCM', iv: nonce, additionalData: associated}, key,"
              + " sealed);")
  public static native JSPromise<ArrayBuffer> decrypt(
      CryptoKey key, Uint8Array nonce, Uint8Array associated, Uint8Array sealed);

  @JSBody(
      params = {"own", "other"},
      script = "return crypto.subtle.deriveBits({name: 'X25519', public: other}, own, 256);")
  public static native JSPromise<ArrayBuffer> x25519(CryptoKey own, CryptoKey other);

  @JSBody(
      params = {"key", "info", "bits"},
      script =
          "return crypto.subtle.deriveBits({name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0),"
              + " info: info}, key, bits);")
  public static native JSPromise<ArrayBuffer> hkdf(CryptoKey key, Uint8Array info, int bits);

  @JSBody(
      params = {"key", "hash", "salt", "iterations", "bits"},
      script =
          "return crypto.subtle.deriveBits({name: 'PBKDF2', hash: hash, salt: salt,"
              + " iterations: iterations}, key, bits);")
  public static native JSPromise<ArrayBuffer> pbkdf2(
      CryptoKey key, String hash, Uint8Array salt, int iterations, int bits);

  /** An AES-256-GCM key that nobody can read. */
  @JSBody(
      script =
          "return crypto.subtle.generateKey({name: 'AES-GCM', length: 256}, false,"
              + " ['encrypt', 'decrypt']);")
  public static native JSPromise<CryptoKey> generateSealingKey();
}
