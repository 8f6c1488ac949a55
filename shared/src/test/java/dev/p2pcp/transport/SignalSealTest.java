package dev.p2pcp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.testing.Decoders;
import dev.p2pcp.testing.Seeded;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What agents say to each other through an index server that is not to be believed. */
class SignalSealTest {
  private static final Signal OFFER = new Signal.Offer("v=0 and so on");
  private static final Signal ANSWER = new Signal.Answer("v=0 as well");

  private long now = 1_790_000_000_000L;
  private final Platform platform = platform();
  private final Crypto.SigningKey alice = key(1);
  private final Crypto.SigningKey bob = key(2);
  private final Crypto.SigningKey mallory = key(3);

  @Test
  void both_sides_understand_each_other_and_nobody_can_read_it() throws Exception {
    SignalSeal asking = SignalSeal.knocking(platform, alice, peer(bob));
    Envelope.Knock knock = knock(asking.knock());
    assertThat(knock.isGenuine(platform.crypto(), peer(alice), peer(bob))).isTrue();
    SignalSeal replying = SignalSeal.replying(platform, bob, peer(alice), knock);

    Bytes offer = replying.seal(OFFER);
    assertThat(Envelope.decode(offer)).isInstanceOf(Envelope.Reply.class);
    assertThat(offer.utf8()).doesNotContain("v=0");
    assertThat(asking.open(Envelope.decode(offer))).contains(OFFER);
    Bytes answer = asking.seal(ANSWER);
    assertThat(answer.utf8()).doesNotContain("v=0");
    assertThat(replying.open(Envelope.decode(answer))).contains(ANSWER);
    assertThat(asking.open(Envelope.decode(replying.seal(OFFER)))).contains(OFFER);
  }

  @Test
  void a_knock_of_another_or_for_another_is_not_genuine() throws Exception {
    Envelope.Knock knock = knock(SignalSeal.knocking(platform, alice, peer(bob)).knock());
    assertThat(knock.isGenuine(platform.crypto(), peer(mallory), peer(bob))).isFalse();
    assertThat(knock.isGenuine(platform.crypto(), peer(alice), peer(mallory))).isFalse();
    Envelope.Knock later = new Envelope.Knock(knock.time() + 1, knock.key(), knock.signature());
    assertThat(later.isGenuine(platform.crypto(), peer(alice), peer(bob))).isFalse();
  }

  @Test
  void a_reply_of_another_or_to_an_older_knock_is_not_heard() throws Exception {
    SignalSeal first = SignalSeal.knocking(platform, alice, peer(bob));
    SignalSeal second = SignalSeal.knocking(platform, alice, peer(bob));
    Bytes toFirst =
        SignalSeal.replying(platform, bob, peer(alice), knock(first.knock())).seal(OFFER);
    Bytes forged =
        SignalSeal.replying(platform, mallory, peer(alice), knock(second.knock())).seal(OFFER);
    assertThat(second.open(Envelope.decode(toFirst))).isEmpty();
    assertThat(second.open(Envelope.decode(forged))).isEmpty();
    assertThat(first.open(Envelope.decode(toFirst))).contains(OFFER);
  }

  @Test
  void what_was_heard_is_not_heard_again_and_not_said_back() throws Exception {
    SignalSeal asking = SignalSeal.knocking(platform, alice, peer(bob));
    SignalSeal replying = SignalSeal.replying(platform, bob, peer(alice), knock(asking.knock()));
    Bytes offer = replying.seal(OFFER);
    Bytes second = replying.seal(new Signal.Candidates(List.of("a"), false));
    assertThat(asking.open(Envelope.decode(offer))).isPresent();
    assertThat(asking.open(Envelope.decode(offer))).isEmpty();
    assertThat(asking.open(Envelope.decode(second))).isPresent();
    assertThat(asking.open(Envelope.decode(second))).isEmpty();
    assertThat(replying.open(Envelope.decode(second))).isEmpty();
  }

  @Test
  void what_comes_too_late_is_not_heard() throws Exception {
    SignalSeal asking = SignalSeal.knocking(platform, alice, peer(bob));
    Envelope.Knock knock = knock(asking.knock());
    Bytes offer = SignalSeal.replying(platform, bob, peer(alice), knock).seal(OFFER);
    now += Envelope.LIFE + DeviceCertificate.CLOCK_SKEW + 1;
    assertThat(knock.isCurrent(now)).isFalse();
    assertThat(asking.open(Envelope.decode(offer))).isEmpty();
  }

  @Test
  void whatever_is_altered_is_not_heard() throws Exception {
    SignalSeal asking = SignalSeal.knocking(platform, alice, peer(bob));
    SignalSeal replying = SignalSeal.replying(platform, bob, peer(alice), knock(asking.knock()));
    asking.open(Envelope.decode(replying.seal(OFFER)));
    Seeded.check(
        200,
        arbitrary -> {
          Bytes altered = arbitrary.flipped(replying.seal(OFFER));
          try {
            assertThat(asking.open(Envelope.decode(altered))).isEqualTo(Optional.empty());
          } catch (MalformedFrameException e) {
            assertThat(e.getMessage()).isNotEmpty();
          }
        });
  }

  @Test
  void signals_and_envelopes_are_read_canonically() throws Exception {
    Decoders.check(
        bytes -> Signal.decode(bytes).encode(),
        OFFER.encode(),
        ANSWER.encode(),
        new Signal.Candidates(List.of("candidate:1 1 udp", ""), true).encode(),
        new Signal.No(16, 30_000).encode());
    SignalSeal asking = SignalSeal.knocking(platform, alice, peer(bob));
    Bytes knock = asking.knock();
    Decoders.check(bytes -> Envelope.decode(bytes).encode(), knock);
  }

  @Test
  void a_description_over_the_limit_is_malformed() {
    Bytes long16 = new Signal.Offer("x".repeat(Signal.DESCRIPTION + 1)).encode();
    assertThatExceptionOfType(MalformedFrameException.class)
        .isThrownBy(() -> Signal.decode(long16));
  }

  private static Envelope.Knock knock(Bytes encoded) throws MalformedFrameException {
    return (Envelope.Knock) Envelope.decode(encoded);
  }

  private PeerId peer(Crypto.SigningKey key) {
    return PeerId.of(key.publicKey());
  }

  private Crypto.SigningKey key(int seed) {
    return platform.crypto().signingKey(new Seeded(seed).bytes(32));
  }

  private Platform platform() {
    JvmClock machine = new JvmClock();
    Clock clock =
        new Clock() {
          @Override
          public long now() {
            return now;
          }

          @Override
          public long ticks() {
            return machine.ticks();
          }
        };
    Seeded arbitrary = new Seeded(7);
    return new Platform(
        clock,
        arbitrary::bytes,
        new VirtualThreadTasks(clock, (task, cause) -> {}),
        new JvmCrypto());
  }
}
