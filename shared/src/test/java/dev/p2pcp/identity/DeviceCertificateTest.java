package dev.p2pcp.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Crypto.SigningKey;
import dev.p2pcp.identity.DeviceCertificate.Verdict;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.Seeded;
import org.junit.jupiter.api.Test;

class DeviceCertificateTest {
  private static final long NOW = 1_795_200_000_000L;
  private static final Crypto CRYPTO = new JvmCrypto();

  private final Seeded arbitrary = new Seeded(1);
  private final SigningKey vault = CRYPTO.signingKey(arbitrary.bytes(32));
  private final PeerId device = new PeerId(arbitrary.bytes(32));

  @Test
  void a_certificate_names_account_and_device() {
    DeviceCertificate certificate = DeviceCertificate.issue(vault, device, NOW, 1000);
    assertThat(certificate.account()).isEqualTo(AccountId.of(vault.publicKey()));
    assertThat(certificate.device()).isEqualTo(device);
    assertThat(certificate.verify(CRYPTO, NOW)).isEqualTo(Verdict.VALID);
  }

  @Test
  void every_bit_is_under_the_signature() {
    Bytes encoded = DeviceCertificate.issue(vault, device, NOW, 1000).encode();
    Seeded.check(
        300,
        seeded -> {
          DeviceCertificate altered;
          try {
            altered = DeviceCertificate.read(new ByteReader(seeded.flipped(encoded)));
          } catch (MalformedFrameException e) {
            return;
          }
          assertThat(altered.verify(CRYPTO, NOW)).isNotEqualTo(Verdict.VALID);
        });
  }

  @Test
  void nobody_issues_what_nobody_accepts() {
    for (long life : new long[] {-1, 0, DeviceCertificate.MAX_LIFE + 1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> DeviceCertificate.issue(vault, device, NOW, life));
    }
  }
}
