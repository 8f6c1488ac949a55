package dev.p2pcp.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.CryptoContract;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.testing.Seeded;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import org.junit.jupiter.api.Test;

class JvmCryptoTest extends CryptoContract {
  @Override
  protected Crypto crypto() {
    return new JvmCrypto();
  }

  @Test
  void signs_the_very_bytes_that_another_implementation_signs() {
    Seeded.check(
        20,
        arbitrary -> {
          Bytes seed = arbitrary.bytes(32);
          Bytes message = arbitrary.upTo(200);
          Signature own = crypto().signingKey(seed).sign(Domain.PUT, message);
          assertThat(own.bytes()).isEqualTo(signByJca(seed, Domain.PUT.frame(message)));
        });
  }

  private static Bytes signByJca(Bytes seed, Bytes message) throws GeneralSecurityException {
    PrivateKey key =
        KeyFactory.getInstance("Ed25519")
            .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed.toArray()));
    java.security.Signature signer = java.security.Signature.getInstance("Ed25519");
    signer.initSign(key);
    signer.update(message.toArray());
    return Bytes.wrap(signer.sign());
  }
}
