package dev.p2pcp.server.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.jvm.JvmCrypto;
import org.junit.jupiter.api.Test;

class LinkHandshakeTest {
  private static final Crypto.DerivationKey SECRET =
      new JvmCrypto().derivationKey(Bytes.utf8("known to members only"));
  private static final Crypto.DerivationKey OTHER =
      new JvmCrypto().derivationKey(Bytes.utf8("a guess"));
  private static final Bytes ANN = some("ann").slice(0, LinkHandshake.ID);
  private static final Bytes BOB = some("bob").slice(0, LinkHandshake.ID);

  private final LinkHandshake dialler = LinkHandshake.dialler(SECRET, ANN, some("n1"), BOB);
  private final LinkHandshake dialled = LinkHandshake.dialled(SECRET, BOB, some("n2"));

  @Test
  void both_sides_prove_the_secret_and_bind_their_frames_to_it() throws Exception {
    Bytes answer = dialled.received(dialler.first()).orElseThrow();
    Bytes proof = dialler.received(answer).orElseThrow();
    assertThat(dialler.isProven()).isTrue();
    assertThat(dialled.isProven()).isFalse();
    assertThat(dialled.received(proof)).isEmpty();
    assertThat(dialled.isProven()).isTrue();
    assertThat(dialler.far()).isEqualTo(BOB);
    assertThat(dialled.far()).isEqualTo(ANN);
    Bytes head = Bytes.utf8("frame");
    Bytes tag = dialler.sending().next(9, head);
    assertThat(dialled.receiving().next(9, head)).isEqualTo(tag);
    assertThat(dialled.sending().next(9, head)).isNotEqualTo(tag);
  }

  @Test
  void who_dials_without_the_secret_is_found_out() throws Exception {
    LinkHandshake stranger = LinkHandshake.dialler(OTHER, ANN, some("n1"), BOB);
    Bytes answer = dialled.received(stranger.first()).orElseThrow();
    assertThatThrownBy(() -> stranger.received(answer)).isInstanceOf(MalformedFrameException.class);
    assertThatThrownBy(() -> dialled.received(some("forged proof")))
        .isInstanceOf(MalformedFrameException.class);
    assertThat(dialled.isProven()).isFalse();
  }

  @Test
  void who_is_dialled_without_the_secret_learns_no_proof() throws Exception {
    LinkHandshake stranger = LinkHandshake.dialled(OTHER, BOB, some("n2"));
    Bytes answer = stranger.received(dialler.first()).orElseThrow();
    assertThatThrownBy(() -> dialler.received(answer)).isInstanceOf(MalformedFrameException.class);
    assertThat(dialler.isProven()).isFalse();
  }

  @Test
  void a_proof_of_the_one_side_is_none_of_the_other() throws Exception {
    Bytes answer = dialled.received(dialler.first()).orElseThrow();
    Bytes reflected = answer.from(answer.length() - 32);
    assertThatThrownBy(() -> dialled.received(reflected))
        .isInstanceOf(MalformedFrameException.class);
  }

  @Test
  void a_proof_of_another_handshake_is_none_of_this_one() throws Exception {
    Bytes old = dialled.received(dialler.first()).orElseThrow();
    Bytes proof = dialler.received(old).orElseThrow();
    LinkHandshake again = LinkHandshake.dialled(SECRET, BOB, some("n3"));
    again.received(dialler.first());
    assertThatThrownBy(() -> again.received(proof)).isInstanceOf(MalformedFrameException.class);
  }

  @Test
  void another_member_than_the_one_dialled_is_refused() throws Exception {
    LinkHandshake wrong = LinkHandshake.dialled(SECRET, some("c").slice(0, 16), some("n2"));
    Bytes answer = wrong.received(dialler.first()).orElseThrow();
    assertThatThrownBy(() -> dialler.received(answer)).isInstanceOf(MalformedFrameException.class);
  }

  @Test
  void a_frame_that_is_changed_repeated_or_cut_has_a_wrong_tag() {
    LinkSeal sending = new LinkSeal(some("key"));
    LinkSeal receiving = new LinkSeal(some("key"));
    Bytes head = Bytes.utf8("head");
    Bytes tag = sending.next(100, head);
    assertThat(new LinkSeal(some("key")).next(99, head)).isNotEqualTo(tag);
    assertThat(new LinkSeal(some("key")).next(100, Bytes.utf8("heap"))).isNotEqualTo(tag);
    assertThat(receiving.next(100, head)).isEqualTo(tag);
    assertThat(receiving.next(100, head)).isNotEqualTo(tag);
  }

  private static Bytes some(String what) {
    return Sha256.hash(Bytes.utf8(what)).bytes();
  }
}
