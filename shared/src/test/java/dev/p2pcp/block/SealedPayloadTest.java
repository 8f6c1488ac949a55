package dev.p2pcp.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.BitFlips;
import dev.p2pcp.testing.Seeded;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SealedPayloadTest {
  private static final int MAX = Block.Signed.MAX_PAYLOAD;

  private final Crypto crypto = new JvmCrypto();

  @Test
  void a_size_class_holds_its_payload_and_wastes_at_most_half_or_16_kib() {
    for (int length = 0; length <= MAX; length++) {
      int size = SealedPayload.sizeClass(length, MAX);
      assertThat(size).isBetween(length, MAX);
      assertThat(size - length).isLessThan(Math.max(256 + 1, Math.min(length, 16 * 1024)));
    }
  }

  @Test
  void a_size_class_is_its_own_class_and_there_are_few() {
    Set<Integer> classes = new TreeSet<>();
    for (int length = 0; length <= MAX; length++) {
      classes.add(SealedPayload.sizeClass(length, MAX));
    }
    for (int size : classes) {
      assertThat(SealedPayload.sizeClass(size, MAX)).isEqualTo(size);
    }
    assertThat(classes).hasSizeLessThan(24).contains(256, 512, 16384, 32768, MAX);
  }

  @Test
  void what_is_longer_than_a_block_has_no_class() {
    assertThatIllegalArgumentException().isThrownBy(() -> SealedPayload.sizeClass(MAX + 1, MAX));
  }

  @Test
  void what_was_sealed_opens_in_its_place_and_shows_only_its_class() {
    Seeded.check(
        100,
        arbitrary -> {
          Crypto.SealingKey key = crypto.sealingKey(arbitrary.bytes(32));
          Bytes place = arbitrary.bytes(32);
          Bytes plain = arbitrary.upTo(40_000);
          Bytes payload = SealedPayload.seal(key, arbitrary, place, plain, MAX);
          assertThat(SealedPayload.open(key, place, payload)).isEqualTo(plain);
          assertThat(payload.length())
              .isEqualTo(SealedPayload.sizeClass(plain.length() + SealedPayload.OVERHEAD, MAX));
        });
  }

  @Test
  void every_single_bit_of_a_sealed_payload_counts() {
    Seeded arbitrary = new Seeded(1);
    Crypto.SealingKey key = crypto.sealingKey(arbitrary.bytes(32));
    Bytes place = arbitrary.bytes(32);
    Bytes payload = SealedPayload.seal(key, arbitrary, place, Bytes.utf8("secret"), MAX);
    for (Bytes altered : new BitFlips(payload)) {
      assertThatExceptionOfType(SealBrokenException.class)
          .isThrownBy(() -> SealedPayload.open(key, place, altered));
    }
    for (Bytes elsewhere : new BitFlips(place)) {
      assertThatExceptionOfType(SealBrokenException.class)
          .isThrownBy(() -> SealedPayload.open(key, elsewhere, payload));
    }
  }

  @Test
  void the_same_text_sealed_twice_looks_different() {
    Seeded arbitrary = new Seeded(1);
    Crypto.SealingKey key = crypto.sealingKey(arbitrary.bytes(32));
    Bytes plain = Bytes.utf8("secret");
    assertThat(SealedPayload.seal(key, arbitrary, Bytes.EMPTY, plain, MAX))
        .isNotEqualTo(SealedPayload.seal(key, arbitrary, Bytes.EMPTY, plain, MAX));
  }
}
