package dev.p2pcp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.testing.ArbitraryFrames;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.testing.Vector;
import dev.p2pcp.testing.VectorFiles;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameCodecTest {
  /** Frames whose last field takes all that is left, so that a cut may leave a right frame. */
  private static final Set<FrameType> OPEN_ENDED =
      EnumSet.of(
          FrameType.DATA,
          FrameType.PUT,
          FrameType.UPDATE,
          FrameType.ENTRUST,
          FrameType.BLOCK,
          FrameType.AUDITED,
          FrameType.ASK,
          FrameType.TOLD);

  private static final int TIMES = 150;

  @ParameterizedTest
  @EnumSource
  void a_frame_comes_back_as_it_was_sent(FrameType type) {
    Seeded.check(
        TIMES,
        arbitrary -> {
          Frame frame = new ArbitraryFrames(arbitrary).of(type);
          Bytes encoded = FrameCodec.encode(frame);
          assertThat(frame.type()).isEqualTo(type);
          assertThat(decode(encoded)).isEqualTo(frame);
        });
  }

  @ParameterizedTest
  @EnumSource
  void a_frame_with_a_byte_missing_or_left_over_is_malformed(FrameType type) {
    Seeded.check(
        TIMES,
        arbitrary -> {
          Bytes encoded = FrameCodec.encode(new ArbitraryFrames(arbitrary).of(type));
          if (!OPEN_ENDED.contains(type)) {
            Bytes cut = encoded.slice(0, arbitrary.below(encoded.length()));
            assertMalformed(cut);
            assertMalformed(Bytes.concat(encoded, arbitrary.bytes(1)));
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void an_altered_frame_is_malformed_or_has_no_other_encoding(FrameType type) {
    Seeded.check(
        TIMES,
        arbitrary -> {
          Bytes altered =
              arbitrary.flipped(FrameCodec.encode(new ArbitraryFrames(arbitrary).of(type)));
          try {
            assertThat(FrameCodec.encode(decode(altered))).isEqualTo(altered);
          } catch (MalformedFrameException e) {
            assertThat(e.getMessage()).isNotEmpty();
          }
        });
  }

  @Test
  void a_message_between_agents_is_none_to_a_server() {
    Bytes get = FrameCodec.encode(new PeerFrame.Get(new StorageKey(new Seeded(1).bytes(32))));
    assertThatExceptionOfType(MalformedFrameException.class)
        .isThrownBy(() -> FrameCodec.decodeMessage(get));
    Bytes ping = FrameCodec.encode(new SessionFrame.Ping(1));
    assertThatExceptionOfType(MalformedFrameException.class)
        .isThrownBy(() -> FrameCodec.decodePeer(ping));
  }

  @Test
  void a_frame_that_the_other_side_would_refuse_for_its_length_is_not_sent() {
    Bytes tooLong = Bytes.wrap(new byte[Limits.PEER_FRAME]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FrameCodec.encode(new PeerFrame.BlockReply(tooLong)));
    SessionFrame present =
        new SessionFrame.Present(
            1, Collections.nCopies(Limits.PRESENT_BATCHES, longBatch(new Seeded(1))));
    assertThatIllegalArgumentException().isThrownBy(() -> FrameCodec.encode(present));
  }

  @Test
  void every_frame_type_has_a_vector_that_accepts_and_one_that_refuses_it() {
    Set<FrameType> accepted = EnumSet.noneOf(FrameType.class);
    Set<FrameType> refused = EnumSet.noneOf(FrameType.class);
    for (var file : VectorFiles.texts("frame").entrySet()) {
      Vector vector = Vector.parse(file.getValue());
      if (vector.expected().equals("accept")) {
        accepted.add(FrameType.valueOf(vector.text("frame")));
      }
      for (FrameType type : FrameType.values()) {
        String name = type.name().toLowerCase(Locale.ROOT);
        if (vector.expected().equals("malformed") && file.getKey().startsWith(name + "-")) {
          refused.add(type);
        }
      }
    }
    assertThat(accepted).containsExactlyInAnyOrder(FrameType.values());
    assertThat(refused).containsExactlyInAnyOrder(FrameType.values());
  }

  @Test
  void the_longest_block_fits_a_frame_with_the_longest_grant() {
    Seeded arbitrary = new Seeded(1);
    PeerFrame.Put put = (PeerFrame.Put) new ArbitraryFrames(arbitrary).of(FrameType.PUT);
    Bytes block = Bytes.wrap(new byte[Block.MAX_LENGTH]);
    Bytes encoded =
        FrameCodec.encode(new PeerFrame.Put(put.grant(), put.owner(), put.signature(), block));
    assertThat(encoded.length()).isLessThanOrEqualTo(Limits.PEER_FRAME);
  }

  private static ReceiptBatch longBatch(Seeded arbitrary) {
    ArbitraryFrames frames = new ArbitraryFrames(arbitrary);
    while (true) {
      ReceiptBatch batch = frames.receiptBatch();
      if (batch.encoded().length() > Limits.MESSAGE / Limits.PRESENT_BATCHES) {
        return batch;
      }
    }
  }

  private static Frame decode(Bytes message) throws MalformedFrameException {
    int type = message.isEmpty() ? 0 : message.at(0) & 0xff;
    if (type >= 0x70) {
      return type >= 0x78 ? FrameCodec.decodePeer(message) : FrameCodec.decodeMessage(message);
    }
    if (type >= 0x60) {
      return FrameCodec.decodeChannel(message);
    }
    return type >= 0x40 ? FrameCodec.decodePeer(message) : FrameCodec.decodeMessage(message);
  }

  private static void assertMalformed(Bytes message) {
    assertThatExceptionOfType(MalformedFrameException.class).isThrownBy(() -> decode(message));
  }
}
