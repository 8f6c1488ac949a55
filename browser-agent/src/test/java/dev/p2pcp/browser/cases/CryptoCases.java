package dev.p2pcp.browser.cases;

import static dev.p2pcp.browser.cases.Cases.equal;
import static dev.p2pcp.browser.cases.Cases.holds;

import dev.p2pcp.browser.crypto.WebAgreementKey;
import dev.p2pcp.browser.crypto.WebCrypto;
import dev.p2pcp.browser.crypto.WebSigningKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.crypto.Signature;

/** WebCrypto against the published examples of each algorithm. */
final class CryptoCases {
  private static final WebCrypto CRYPTO = new WebCrypto();

  private CryptoCases() {}

  static void addTo(Cases cases) {
    cases.add(
        "ed25519_gives_the_public_key_of_rfc_8032",
        () -> {
          WebSigningKey key =
              CRYPTO.signingKey(
                  hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
          equal(
              hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
              key.publicKey().bytes());
          equal(false, key.handle().isExtractable());
        });
    cases.add(
        "a_signature_holds_for_its_message_and_domain_only",
        () -> {
          WebSigningKey key = CRYPTO.signingKey(Bytes.wrap(new byte[32]));
          Bytes message = Bytes.utf8("message");
          Signature signature = key.sign(Domain.PUT, message);
          equal(true, CRYPTO.verify(key.publicKey(), Domain.PUT, message, signature));
          equal(false, CRYPTO.verify(key.publicKey(), Domain.RELEASE, message, signature));
          equal(
              false, CRYPTO.verify(key.publicKey(), Domain.PUT, Bytes.utf8("massage"), signature));
          PublicKey noPoint = new PublicKey(hex("02" + "00".repeat(31)));
          equal(false, CRYPTO.verify(noPoint, Domain.PUT, message, signature));
        });
    cases.add(
        "x25519_agrees_as_in_rfc_7748",
        () -> {
          WebAgreementKey key =
              CRYPTO.agreementKey(
                  hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"));
          equal(
              hex("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"),
              key.agree(
                  new PublicKey(
                      hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"))));
          WebAgreementKey other = CRYPTO.agreementKey(Bytes.wrap(new byte[32]));
          equal(other.agree(key.publicKey()), key.agree(other.publicKey()));
        });
    cases.add(
        "x25519_refuses_a_key_of_low_order",
        () -> {
          WebAgreementKey key = CRYPTO.agreementKey(Bytes.wrap(new byte[32]));
          holds(
              Refusals.sealBroken(() -> key.agree(new PublicKey(Bytes.wrap(new byte[32])))),
              "refused");
        });
    cases.add(
        "aes_gcm_opens_what_it_sealed_and_nothing_else",
        () -> {
          Crypto.SealingKey key = CRYPTO.sealingKey(Bytes.wrap(new byte[32]));
          Bytes nonce = Bytes.wrap(new byte[12]);
          Bytes sealed = key.seal(nonce, Bytes.EMPTY, Bytes.wrap(new byte[16]));
          equal(hex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"), sealed);
          equal(Bytes.wrap(new byte[16]), key.open(nonce, Bytes.EMPTY, sealed));
          holds(
              Refusals.sealBroken(() -> key.open(nonce, Bytes.utf8("x"), sealed)),
              "other associated data");
          holds(
              Refusals.sealBroken(() -> key.open(nonce, Bytes.EMPTY, sealed.slice(0, 7))),
              "too short");
        });
    cases.add(
        "hkdf_derives_what_its_definition_says",
        () -> {
          Bytes secret = Bytes.utf8("secret");
          Bytes first = CRYPTO.derivationKey(secret).derive("label", Bytes.utf8("context"), 32);
          Bytes pseudorandom = Hmac.sha256(Bytes.wrap(new byte[32]), secret);
          Bytes info =
              Bytes.concat(
                  Bytes.wrap(new byte[] {5}),
                  Bytes.utf8("labelcontext"),
                  Bytes.wrap(new byte[] {1}));
          equal(Hmac.sha256(pseudorandom, info), first);
        });
    cases.add(
        "pbkdf2_derives_the_published_keys",
        () -> {
          equal(
              hex("120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b"),
              CRYPTO.pbkdf2(Crypto.Prf.SHA_256, Bytes.utf8("password"), Bytes.utf8("salt"), 1, 32));
          equal(
              hex("867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252"),
              CRYPTO.pbkdf2(Crypto.Prf.SHA_512, Bytes.utf8("password"), Bytes.utf8("salt"), 1, 32));
        });
    cases.add(
        "the_browsers_sha_256_agrees_with_ours",
        () -> {
          for (int length : new int[] {0, 1, 55, 56, 64, 1_000}) {
            Bytes message = Bytes.wrap(new byte[length]);
            equal(Sha256.hash(message), CRYPTO.sha256(message));
          }
        });
  }

  private static Bytes hex(String text) throws Exception {
    return Bytes.fromHex(text);
  }

  /** HMAC (RFC 2104) out of our own SHA-256. */
  private static final class Hmac {
    private static final int BLOCK = 64;

    static Bytes sha256(Bytes key, Bytes message) {
      Bytes inner = Sha256.hash(padded(key, 0x36), message).bytes();
      return Sha256.hash(padded(key, 0x5c), inner).bytes();
    }

    private static Bytes padded(Bytes key, int pad) {
      byte[] block = new byte[BLOCK];
      key.copyTo(block, 0);
      for (int i = 0; i < BLOCK; i++) {
        block[i] ^= (byte) pad;
      }
      return Bytes.wrap(block);
    }
  }
}
