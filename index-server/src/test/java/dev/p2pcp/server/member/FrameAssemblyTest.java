package dev.p2pcp.server.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameAssemblyTest {
  private static final int LIMIT = 1_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void frames_come_out_whole_however_they_are_cut(long seed) throws Exception {
    Random random = new Random(seed);
    List<Bytes> frames = new ArrayList<>();
    ByteWriter stream = new ByteWriter();
    for (int i = 0; i < 200; i++) {
      byte[] frame = new byte[1 + random.nextInt(LIMIT)];
      random.nextBytes(frame);
      frames.add(Bytes.wrap(frame));
      stream.bytes32(Bytes.wrap(frame));
    }
    FrameAssembly assembly = new FrameAssembly();
    ByteBuf all = Unpooled.wrappedBuffer(stream.toBytes().toArray());
    List<Bytes> out = new ArrayList<>();
    while (all.isReadable()) {
      ByteBuf piece = all.readSlice(1 + random.nextInt(Math.min(2_500, all.readableBytes())));
      while (piece.isReadable()) {
        assembly.next(piece, LIMIT).ifPresent(out::add);
      }
    }
    assertThat(out).as("seed %d", seed).isEqualTo(frames);
  }

  @Test
  void a_frame_that_is_empty_or_too_long_is_refused_by_its_length_alone() {
    for (int length : new int[] {0, LIMIT + 1, -1}) {
      ByteBuf in = Unpooled.buffer().writeInt(length);
      assertThatThrownBy(() -> new FrameAssembly().next(in, LIMIT))
          .isInstanceOf(MalformedFrameException.class);
    }
  }
}
