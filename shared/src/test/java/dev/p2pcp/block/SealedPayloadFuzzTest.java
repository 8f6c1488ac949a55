package dev.p2pcp.block;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.SealBrokenException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands behind a seal that is right: who has the key may still write nonsense. */
class SealedPayloadFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of("", "text").map(SealedPayloadFuzzTest::payload);
  }

  private static byte[] payload(String text) {
    return SealedPayload.seal(
            new Unsealed(),
            count -> Bytes.wrap(new byte[count]),
            Bytes.EMPTY,
            Bytes.utf8(text),
            Block.Content.MAX_PAYLOAD)
        .toArray();
  }

  @MethodSource("seeds")
  @FuzzTest
  void what_opens_is_its_length_its_text_and_zeros(byte[] payload) {
    Bytes bytes = Bytes.copyOf(payload);
    Bytes plain;
    try {
      plain = SealedPayload.open(new Unsealed(), Bytes.EMPTY, bytes);
    } catch (SealBrokenException e) {
      return;
    }
    int ends = Crypto.SealingKey.NONCE_LENGTH + Crypto.SealingKey.TAG_LENGTH;
    byte[] padded = new byte[bytes.length() - ends];
    new ByteWriter().bytes32(plain).toBytes().copyTo(padded, 0);
    assertThat(bytes.slice(Crypto.SealingKey.NONCE_LENGTH, padded.length))
        .isEqualTo(Bytes.wrap(padded));
  }

  /** Leaves the text as it is, so that the fuzzer sees what it changes. */
  private static final class Unsealed implements Crypto.SealingKey {
    @Override
    public Bytes seal(Bytes nonce, Bytes associated, Bytes plain) {
      return Bytes.concat(plain, Bytes.wrap(new byte[TAG_LENGTH]));
    }

    @Override
    public Bytes open(Bytes nonce, Bytes associated, Bytes sealed) {
      return sealed.slice(0, sealed.length() - TAG_LENGTH);
    }
  }
}
