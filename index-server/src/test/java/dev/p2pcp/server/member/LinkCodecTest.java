package dev.p2pcp.server.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.SlotBook.Lending;
import dev.p2pcp.index.SlotBook.Promised;
import dev.p2pcp.placement.Candidate;
import dev.p2pcp.wire.Limits;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkCodecTest {
  private static final Bytes SOME = Sha256.hash(Bytes.utf8("some")).bytes();
  private static final PeerId PEER = new PeerId(SOME);
  private static final AccountId ACCOUNT = new AccountId(SOME);
  private static final Lending LENDING =
      new Lending(PEER, ACCOUNT, Candidate.Kind.ANCHOR, 77, 1_000_000, Limits.SLOTS);
  private static final Promised PROMISED =
      new Promised(PEER, ACCOUNT, new StorageKey(SOME), 2_000_000);

  static Stream<LinkFrame> frames() {
    return Stream.of(
        new LinkFrame.Open(0xffff_ffffL, PEER, PEER),
        new LinkFrame.Data(2, true, 9, SOME),
        new LinkFrame.Data(2, false, 0xffff_ffffL, Bytes.wrap(new byte[Limits.DATA])),
        new LinkFrame.Credit(2, Limits.CREDIT),
        new LinkFrame.Close(3, 16),
        new LinkFrame.Passed(9, 0xffff_ffffL),
        new LinkFrame.Here(Collections.nCopies(LinkFrame.LIST, PEER)),
        new LinkFrame.Gone(PEER),
        new LinkFrame.Lends(Collections.nCopies(LinkFrame.LIST, LENDING)),
        new LinkFrame.Left(PEER),
        new LinkFrame.Promises(Collections.nCopies(LinkFrame.LIST, PROMISED)),
        new LinkFrame.Signal(PEER, PEER, Bytes.wrap(new byte[Limits.SIGNAL])),
        new LinkFrame.Ping());
  }

  @ParameterizedTest
  @MethodSource("frames")
  void every_frame_comes_out_as_it_went_in_and_fits(LinkFrame frame) throws Exception {
    Bytes encoded = encoded(frame);
    assertThat(encoded.length()).isLessThanOrEqualTo(64 * 1024 - LinkSeal.TAG);
    assertThat(LinkCodec.read(encoded)).isEqualTo(frame);
    assertThat(LinkCodec.isData(encoded)).isEqualTo(frame instanceof LinkFrame.Data);
  }

  @Test
  void too_long_lists_and_unknown_types_are_malformed() {
    List<PeerId> many = Collections.nCopies(LinkFrame.LIST + 1, PEER);
    assertThatThrownBy(() -> LinkCodec.read(encoded(new LinkFrame.Here(many))))
        .isInstanceOf(MalformedFrameException.class);
    assertThatThrownBy(() -> LinkCodec.read(Bytes.wrap(new byte[] {99})))
        .isInstanceOf(MalformedFrameException.class);
    assertThatThrownBy(() -> LinkCodec.read(Bytes.EMPTY))
        .isInstanceOf(MalformedFrameException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatever_comes_is_read_or_malformed(long seed) {
    Random random = new Random(seed);
    List<LinkFrame> frames = frames().toList();
    for (int i = 0; i < 5_000; i++) {
      byte[] frame = encoded(frames.get(random.nextInt(frames.size()))).toArray();
      frame[random.nextInt(Math.min(12, frame.length))] = (byte) random.nextInt();
      Bytes cut = Bytes.wrap(frame).slice(0, random.nextInt(frame.length + 1));
      try {
        LinkFrame read = LinkCodec.read(cut);
        assertThat(encoded(read)).as("seed %d", seed).isEqualTo(cut);
      } catch (MalformedFrameException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }

  private static Bytes encoded(LinkFrame frame) {
    Bytes head = LinkCodec.head(frame);
    return frame instanceof LinkFrame.Data data ? Bytes.concat(head, data.bytes()) : head;
  }
}
