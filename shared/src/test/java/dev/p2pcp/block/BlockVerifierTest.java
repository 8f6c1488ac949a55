package dev.p2pcp.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.BitFlips;
import dev.p2pcp.testing.Seeded;
import org.junit.jupiter.api.Test;

class BlockVerifierTest {
  private static final long NOW = 1_790_000_000_000L;

  private final Crypto crypto = new JvmCrypto();
  private final BlockVerifier verifier = new BlockVerifier(crypto);

  @Test
  void what_was_signed_is_genuine_and_reads_as_it_was_written() {
    Seeded.check(
        60,
        arbitrary -> {
          Block.Signed block = signed(arbitrary, arbitrary.upTo(2000));
          assertThat(verifier.verify(block.storageKey(), block.encoded()))
              .isEqualTo(new BlockVerifier.Genuine(block));
        });
  }

  @Test
  void content_is_genuine_under_the_key_of_its_bytes() {
    Seeded.check(
        60,
        arbitrary -> {
          Block.Content block = Block.Content.of(arbitrary.upTo(2000));
          StorageKey key = StorageKey.ofContent(crypto, block.encoded());
          assertThat(verifier.verify(key, block.encoded()))
              .isEqualTo(new BlockVerifier.Genuine(block));
        });
  }

  @Test
  void every_single_bit_of_a_signed_block_counts() {
    Block.Signed block = signed(new Seeded(1), Bytes.utf8("a note"));
    for (Bytes altered : new BitFlips(block.encoded())) {
      assertThat(verifier.verify(block.storageKey(), altered))
          .isInstanceOf(BlockVerifier.Forged.class);
    }
  }

  @Test
  void every_single_bit_of_a_content_block_counts() {
    Block.Content block = Block.Content.of(new Seeded(1).bytes(100));
    StorageKey key = StorageKey.ofContent(crypto, block.encoded());
    for (Bytes altered : new BitFlips(block.encoded())) {
      assertThat(verifier.verify(key, altered)).isInstanceOf(BlockVerifier.Forged.class);
    }
  }

  @Test
  void arbitrary_bytes_are_no_block_of_a_key() {
    StorageKey key = signed(new Seeded(1), Bytes.EMPTY).storageKey();
    Seeded.check(
        500,
        arbitrary ->
            assertThat(verifier.verify(key, arbitrary.upTo(400)))
                .isInstanceOf(BlockVerifier.Forged.class));
  }

  @Test
  void blocks_over_the_limits_cannot_be_made() {
    Crypto.SigningKey key = crypto.signingKey(new Seeded(1).bytes(32));
    Bytes longest = Bytes.wrap(new byte[Block.Signed.MAX_PAYLOAD]);
    Bytes tooLong = Bytes.wrap(new byte[Block.Signed.MAX_PAYLOAD + 1]);
    var path = StorageKey.pathHash("/a");
    assertThat(Block.Signed.sign(key, path, 1, NOW, longest).encoded().length())
        .isEqualTo(Block.MAX_LENGTH);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Block.Signed.sign(key, path, 1, NOW, tooLong));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Block.Signed.sign(key, path, 0, NOW, longest));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Block.Content.of(Bytes.wrap(new byte[Block.MAX_LENGTH])));
  }

  private Block.Signed signed(Seeded arbitrary, Bytes payload) {
    Crypto.SigningKey key = crypto.signingKey(arbitrary.bytes(32));
    long version = 1 + arbitrary.below(1000);
    return Block.Signed.sign(key, StorageKey.pathHash("/notes/1"), version, NOW, payload);
  }
}
