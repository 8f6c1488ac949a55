package dev.p2pcp.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Crypto.SealingKey;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.Seeded;
import org.junit.jupiter.api.Test;

class WrappedSeedTest {
  private static final Crypto CRYPTO = new JvmCrypto();

  private final Seeded arbitrary = new Seeded(1);
  private final SeedPhrase phrase = SeedPhrase.generate(arbitrary);

  @Test
  void the_device_opens_what_it_wrapped() throws SealBrokenException, MalformedFrameException {
    SealingKey key = CRYPTO.sealingKey(arbitrary.bytes(32));
    Bytes stored = WrappedSeed.withDeviceKey(key, arbitrary, phrase).encode();
    assertThat(WrappedSeed.decode(stored).open(key)).isEqualTo(phrase);
    SealingKey other = CRYPTO.sealingKey(arbitrary.bytes(32));
    assertThatExceptionOfType(SealBrokenException.class)
        .isThrownBy(() -> WrappedSeed.decode(stored).open(other));
  }

  @Test
  void the_passphrase_opens_what_it_wrapped() throws SealBrokenException, MalformedFrameException {
    Bytes stored =
        WrappedSeed.withPassphrase(CRYPTO, arbitrary, "Grüße", WrappedSeed.MIN_ITERATIONS, phrase)
            .encode();
    assertThat(WrappedSeed.decode(stored).open(CRYPTO, "Grüße")).isEqualTo(phrase);
    assertThatExceptionOfType(SealBrokenException.class)
        .isThrownBy(() -> WrappedSeed.decode(stored).open(CRYPTO, "grüße"));
  }

  @Test
  void every_bit_of_what_is_stored_is_under_the_seal() {
    SealingKey key = CRYPTO.sealingKey(arbitrary.bytes(32));
    Bytes stored = WrappedSeed.withDeviceKey(key, arbitrary, phrase).encode();
    Seeded.check(
        300,
        seeded -> {
          Bytes altered = seeded.flipped(stored);
          assertThatExceptionOfType(Exception.class)
              .isThrownBy(() -> WrappedSeed.decode(altered).open(key))
              .isInstanceOfAny(SealBrokenException.class, MalformedFrameException.class);
        });
  }

  @Test
  void two_wraps_of_one_phrase_have_nothing_in_common() {
    SealingKey key = CRYPTO.sealingKey(arbitrary.bytes(32));
    WrappedSeed one = WrappedSeed.withDeviceKey(key, arbitrary, phrase);
    WrappedSeed other = WrappedSeed.withDeviceKey(key, arbitrary, phrase);
    assertThat(one.nonce()).isNotEqualTo(other.nonce());
    assertThat(one.sealed()).isNotEqualTo(other.sealed());
  }

  @Test
  void iterations_have_limits() {
    for (int iterations :
        new int[] {0, WrappedSeed.MIN_ITERATIONS - 1, WrappedSeed.MAX_ITERATIONS + 1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WrappedSeed.withPassphrase(CRYPTO, arbitrary, "x", iterations, phrase));
    }
  }
}
