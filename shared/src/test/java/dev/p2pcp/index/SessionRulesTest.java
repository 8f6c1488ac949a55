package dev.p2pcp.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionRulesTest {
  private static final long NOW = 10_000_000_000L;
  private static final String HOST = "index.example";
  private static final Allowance FIGURES = new Allowance(1, 3, 30);
  private static final int HEARTBEAT = 10_000;

  private final Crypto crypto = new JvmCrypto();
  private final Crypto.SigningKey vault = key(1);
  private final Crypto.SigningKey device = key(2);
  private final SessionFrame.Challenge challenge =
      new SessionFrame.Challenge(Bytes.wrap(new byte[32]), key(3).publicKey(), NOW);
  private final SessionRules rules = new SessionRules(challenge);

  @Test
  void hello_challenge_proof_welcome() {
    assertThat(receive(new SessionFrame.Hello(Limits.VERSION)))
        .isEqualTo(new SessionStep.Send(challenge));
    SessionFrame.Proof proof = proof(device);
    assertThat(receive(proof)).isEqualTo(new SessionStep.Prove(challenge, proof));
    assertThat(ProofCheck.check(crypto, challenge, HOST, proof, NOW)).isEmpty();
    assertThat(rules.proved(Optional.empty(), HEARTBEAT, FIGURES))
        .isEqualTo(new SessionStep.Send(new SessionFrame.Welcome(HEARTBEAT, FIGURES)));
    assertThat(rules.isOpen()).isTrue();
  }

  @Test
  void another_version_is_told_which_one_is_spoken() {
    SessionFrame.GoAway end = end(receive(new SessionFrame.Hello(2)));
    assertThat(end.reason().code()).isEqualTo(Refusal.UNSUPPORTED_VERSION);
    assertThat(end.reason().figures()).containsExactly((long) Limits.VERSION);
  }

  @Test
  void nothing_but_hello_comes_first_and_nothing_comes_before_the_welcome() {
    assertEnds(
        new SessionRules(challenge).received(FrameCodec.encode(proof(device))),
        Refusal.OUT_OF_ORDER);
    assertEnds(
        new SessionRules(challenge).received(FrameCodec.encode(new SessionFrame.Ping(1))),
        Refusal.OUT_OF_ORDER);
    receive(new SessionFrame.Hello(Limits.VERSION));
    receive(proof(device));
    assertEnds(receive(new SessionFrame.Lookup(1, List.of())), Refusal.OUT_OF_ORDER);
  }

  @Test
  void a_second_hello_or_proof_ends_the_session() {
    open();
    assertEnds(receive(new SessionFrame.Hello(Limits.VERSION)), Refusal.OUT_OF_ORDER);
  }

  @Test
  void what_only_a_server_says_ends_the_session() {
    open();
    assertEnds(receive(new SessionFrame.Done(1)), Refusal.OUT_OF_ORDER);
  }

  @Test
  void garbage_and_frames_between_agents_end_the_session_and_nothing_counts_afterwards() {
    open();
    assertEnds(rules.received(Bytes.utf8("garbage")), Refusal.MALFORMED);
    assertThat(receive(new SessionFrame.Ping(1))).isEqualTo(new SessionStep.Ignore());
    SessionRules other = new SessionRules(challenge);
    StorageKey any = new StorageKey(Bytes.wrap(new byte[32]));
    assertEnds(other.received(FrameCodec.encode(new PeerFrame.Get(any))), Refusal.MALFORMED);
  }

  @Test
  void a_wrong_proof_is_refused_with_its_reason() {
    SessionFrame.Proof byAnother =
        new SessionFrame.Proof(
            certificate(vault, device),
            key(9).sign(Domain.SESSION_PROOF, challenge.signed(Limits.VERSION, HOST)));
    assertThat(check(byAnother, HOST, NOW)).isEqualTo(Refusal.BAD_SIGNATURE);
    assertThat(check(proof(device), "elsewhere.example", NOW)).isEqualTo(Refusal.BAD_SIGNATURE);
    assertThat(check(proof(device), HOST, NOW + 7_200_000)).isEqualTo(Refusal.EXPIRED);
    DeviceCertificate sound = certificate(vault, device);
    DeviceCertificate forged =
        new DeviceCertificate(
            sound.account(),
            sound.device(),
            sound.notBefore(),
            sound.notAfter() + 1,
            sound.signature());
    assertThat(check(new SessionFrame.Proof(forged, proof(device).signature()), HOST, NOW))
        .isEqualTo(Refusal.BAD_SIGNATURE);
    DeviceCertificate zeros =
        DeviceCertificate.issue(vault, ProofCheck.SERVER, NOW - 1_000, 3_600_000);
    assertThat(check(new SessionFrame.Proof(zeros, proof(device).signature()), HOST, NOW))
        .isEqualTo(Refusal.BAD_SIGNATURE);
    receive(new SessionFrame.Hello(Limits.VERSION));
    receive(byAnother);
    assertEnds(
        rules.proved(Optional.of(Refusal.of(Refusal.BAD_SIGNATURE, "proof")), HEARTBEAT, FIGURES),
        Refusal.BAD_SIGNATURE);
  }

  @Test
  void requests_are_served_and_their_number_is_bounded() {
    open();
    for (long id = 0; id < Limits.REQUESTS; id++) {
      assertThat(receive(new SessionFrame.Lookup(id, List.of())))
          .isEqualTo(new SessionStep.Serve(new SessionFrame.Lookup(id, List.of())));
    }
    assertThat(receive(new SessionFrame.Lookup(99, List.of())))
        .isEqualTo(
            new SessionStep.Send(
                new SessionFrame.Refused(99, Refusal.of(Refusal.OVER_LIMIT, "requests", 32, 33))));
    rules.answered(0);
    assertThat(receive(new SessionFrame.Lookup(0, List.of())))
        .isInstanceOf(SessionStep.Serve.class);
    assertEnds(receive(new SessionFrame.Lookup(0, List.of())), Refusal.OUT_OF_ORDER);
  }

  @Test
  void announced_keys_are_bounded() {
    open();
    List<StorageKey> keys = Collections.nCopies(1_000, new StorageKey(Bytes.wrap(new byte[32])));
    rules.announced(Limits.SESSION_KEYS - 999);
    assertThat(receive(new SessionFrame.Announce(1, keys)))
        .isEqualTo(
            new SessionStep.Send(
                new SessionFrame.Refused(
                    1, Refusal.of(Refusal.OVER_LIMIT, "keys", 100_000, 100_001))));
    rules.announced(-1);
    assertThat(receive(new SessionFrame.Announce(1, keys))).isInstanceOf(SessionStep.Serve.class);
  }

  @Test
  void pings_are_answered_and_streams_relayed() {
    open();
    assertThat(receive(new SessionFrame.Ping(5)))
        .isEqualTo(new SessionStep.Send(new SessionFrame.Pong(5)));
    assertThat(receive(new SessionFrame.Pong(5))).isEqualTo(new SessionStep.Ignore());
    TunnelFrame close = new TunnelFrame.Close(2, 0);
    assertThat(receive(close)).isEqualTo(new SessionStep.Relay(close));
  }

  @Test
  void an_end_from_this_side_is_said_once() {
    open();
    Refusal draining = Refusal.of(Refusal.DRAINING, "");
    assertEnds(rules.end(draining, 5), Refusal.DRAINING);
    assertThat(rules.end(draining, 5)).isEqualTo(new SessionStep.Ignore());
  }

  private void open() {
    receive(new SessionFrame.Hello(Limits.VERSION));
    receive(proof(device));
    rules.proved(Optional.empty(), HEARTBEAT, FIGURES);
  }

  private SessionStep receive(Frame frame) {
    return rules.received(FrameCodec.encode(frame));
  }

  private int check(SessionFrame.Proof proof, String host, long now) {
    return ProofCheck.check(crypto, challenge, host, proof, now).orElseThrow().code();
  }

  private SessionFrame.Proof proof(Crypto.SigningKey signer) {
    return new SessionFrame.Proof(
        certificate(vault, device),
        signer.sign(Domain.SESSION_PROOF, challenge.signed(Limits.VERSION, HOST)));
  }

  private static DeviceCertificate certificate(Crypto.SigningKey vault, Crypto.SigningKey device) {
    return DeviceCertificate.issue(vault, PeerId.of(device.publicKey()), NOW - 1_000, 3_600_000);
  }

  private Crypto.SigningKey key(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return crypto.signingKey(Bytes.wrap(seed));
  }

  private static SessionFrame.GoAway end(SessionStep step) {
    assertThat(step).isInstanceOf(SessionStep.End.class);
    return ((SessionStep.End) step).goAway();
  }

  private static void assertEnds(SessionStep step, int code) {
    assertThat(end(step).reason().code()).isEqualTo(code);
  }
}
