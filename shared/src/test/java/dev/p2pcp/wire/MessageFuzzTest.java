package dev.p2pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.testing.FuzzSeeds;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes from an index server or an agent at a socket. */
class MessageFuzzTest {
  static Stream<byte[]> seeds() {
    return FuzzSeeds.of("frame", "message");
  }

  @MethodSource("seeds")
  @FuzzTest
  void what_is_accepted_has_no_other_encoding(byte[] message) {
    Bytes bytes = Bytes.copyOf(message);
    Frame frame;
    try {
      frame = FrameCodec.decodeMessage(bytes);
    } catch (MalformedFrameException e) {
      return;
    }
    assertThat(FrameCodec.encode(frame)).isEqualTo(bytes);
  }
}
