package dev.p2pcp.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.Seeded;
import org.junit.jupiter.api.Test;

/** What costs next to nothing tells right from wrong as the real one does. */
class SimCryptoTest {
  private static final Bytes TEXT =
      Bytes.utf8("a text of some length, longer than a block of a mix");
  private static final Bytes OTHER = Bytes.utf8("another text");

  private final Seeded arbitrary = new Seeded(1);
  private final Crypto crypto = new SimCrypto();

  @Test
  void a_signature_is_good_for_its_key_domain_and_message_alone() {
    Crypto.SigningKey key = crypto.signingKey(arbitrary.bytes(32));
    PublicKey stranger = crypto.signingKey(arbitrary.bytes(32)).publicKey();
    Signature signature = key.sign(Domain.PUT, TEXT);
    assertThat(crypto.verify(key.publicKey(), Domain.PUT, TEXT, signature)).isTrue();
    assertThat(crypto.verify(stranger, Domain.PUT, TEXT, signature)).isFalse();
    assertThat(crypto.verify(key.publicKey(), Domain.MEND, TEXT, signature)).isFalse();
    assertThat(crypto.verify(key.publicKey(), Domain.PUT, OTHER, signature)).isFalse();
    assertThat(crypto.verify(key.publicKey(), Domain.PUT, TEXT, key.sign(Domain.PUT, OTHER)))
        .isFalse();
  }

  @Test
  void a_seal_opens_with_its_key_nonce_and_associated_text_alone() throws Exception {
    Crypto.SealingKey key = crypto.sealingKey(arbitrary.bytes(32));
    Bytes nonce = arbitrary.bytes(12);
    Bytes sealed = key.seal(nonce, OTHER, TEXT);
    assertThat(key.open(nonce, OTHER, sealed)).isEqualTo(TEXT);
    byte[] altered = sealed.toArray();
    altered[0] ^= 1;
    refuses(key, nonce, OTHER, Bytes.wrap(altered));
    refuses(key, nonce, TEXT, sealed);
    refuses(key, arbitrary.bytes(12), OTHER, sealed);
    refuses(key, nonce, OTHER, sealed.slice(0, 3));
    refuses(crypto.sealingKey(arbitrary.bytes(32)), nonce, OTHER, sealed);
  }

  @Test
  void hashes_are_the_real_ones() {
    assertThat(crypto.sha256(TEXT)).isEqualTo(new JvmCrypto().sha256(TEXT));
  }

  private static void refuses(Crypto.SealingKey key, Bytes nonce, Bytes with, Bytes sealed) {
    assertThatThrownBy(() -> key.open(nonce, with, sealed)).isInstanceOf(SealBrokenException.class);
  }
}
