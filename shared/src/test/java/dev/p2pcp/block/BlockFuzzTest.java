package dev.p2pcp.block;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.testing.FuzzSeeds;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is said to be a block. */
class BlockFuzzTest {
  static Stream<byte[]> seeds() {
    return FuzzSeeds.of("block", "block");
  }

  @MethodSource("seeds")
  @FuzzTest
  void what_is_accepted_has_no_other_encoding(byte[] encoded) {
    Bytes bytes = Bytes.copyOf(encoded);
    Block block;
    try {
      block = Block.decode(bytes);
    } catch (MalformedFrameException e) {
      return;
    }
    assertThat(encoded(block)).isEqualTo(bytes);
  }

  private static Bytes encoded(Block block) {
    return switch (block) {
      case Block.Content content -> Block.Content.of(content.payload()).encoded();
      case Block.Signed signed ->
          new ByteWriter()
              .u8(Block.SIGNED)
              .bytes(signed.writeKey().bytes())
              .bytes(signed.pathHash().bytes())
              .u64(signed.version())
              .u64(signed.time())
              .bytes32(signed.payload())
              .bytes(signed.signature().bytes())
              .toBytes();
    };
  }
}
