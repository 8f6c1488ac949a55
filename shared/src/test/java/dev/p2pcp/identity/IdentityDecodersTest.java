package dev.p2pcp.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.Decoders;
import dev.p2pcp.testing.Seeded;
import org.junit.jupiter.api.Test;

/** Whatever comes from outside is read exactly or refused. */
class IdentityDecodersTest {
  private static final Crypto CRYPTO = new JvmCrypto();
  private static final Seeded ARBITRARY = new Seeded(1);
  private static final SeedPhrase PHRASE = SeedPhrase.generate(ARBITRARY);

  @Test
  void certificates() {
    PeerId device = new PeerId(ARBITRARY.bytes(PeerId.LENGTH));
    DeviceCertificate certificate =
        DeviceCertificate.issue(
            CRYPTO.signingKey(ARBITRARY.bytes(32)),
            device,
            1_795_200_000_000L,
            DeviceCertificate.MAX_LIFE);
    assertThat(certificate.encode().length()).isEqualTo(DeviceCertificate.LENGTH);
    Decoders.check(IdentityDecodersTest::certificate, certificate.encode());
  }

  @Test
  void wrapped_seeds() {
    WrappedSeed byDevice =
        WrappedSeed.withDeviceKey(CRYPTO.sealingKey(ARBITRARY.bytes(32)), ARBITRARY, PHRASE);
    WrappedSeed byPassphrase =
        WrappedSeed.withPassphrase(
            CRYPTO, ARBITRARY, "correct horse", WrappedSeed.MIN_ITERATIONS, PHRASE);
    Decoders.check(
        encoded -> WrappedSeed.decode(encoded).encode(), byDevice.encode(), byPassphrase.encode());
  }

  @Test
  void dids() {
    Seeded.check(
        500,
        arbitrary -> {
          StringBuilder text =
              new StringBuilder(
                  new DidKey(CRYPTO.signingKey(arbitrary.bytes(32)).publicKey()).toString());
          text.setCharAt(arbitrary.below(text.length()), (char) (' ' + arbitrary.below(95)));
          did(text.toString());
        });
  }

  @Test
  void ids_in_text() {
    Seeded.check(
        500,
        arbitrary -> {
          Bytes bytes = arbitrary.bytes(32);
          assertThat(PeerId.parse(bytes.base64Url())).isEqualTo(new PeerId(bytes));
          assertThat(AccountId.parse(bytes.base64Url())).isEqualTo(new AccountId(bytes));
          String other = arbitrary.bytes(arbitrary.below(32)).base64Url();
          assertThatExceptionOfType(MalformedFrameException.class)
              .isThrownBy(() -> PeerId.parse(other));
          assertThatExceptionOfType(MalformedFrameException.class)
              .isThrownBy(() -> AccountId.parse(other));
        });
  }

  @FuzzTest
  void fuzz_certificate(byte[] data) {
    Decoders.isAccepted(IdentityDecodersTest::certificate, Bytes.copyOf(data));
  }

  @FuzzTest
  void fuzz_wrapped_seed(byte[] data) {
    Decoders.isAccepted(encoded -> WrappedSeed.decode(encoded).encode(), Bytes.copyOf(data));
  }

  @FuzzTest
  void fuzz_did(byte[] data) {
    did(Bytes.copyOf(data).utf8());
  }

  @FuzzTest
  void fuzz_phrase(byte[] data) {
    if (SeedPhrase.parse(Bytes.copyOf(data).utf8())
        instanceof SeedPhrase.Valid(SeedPhrase phrase)) {
      assertThat(SeedPhrase.parse(phrase.text())).isEqualTo(new SeedPhrase.Valid(phrase));
    }
  }

  private static Bytes certificate(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    DeviceCertificate certificate = DeviceCertificate.read(reader);
    reader.end();
    return certificate.encode();
  }

  private static void did(String text) {
    DidKey did;
    try {
      did = DidKey.parse(text);
    } catch (MalformedFrameException e) {
      return;
    }
    assertThat(did.toString()).isEqualTo(text);
  }
}
