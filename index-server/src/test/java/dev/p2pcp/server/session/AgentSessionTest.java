package dev.p2pcp.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.server.cluster.ClusterSecret;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.SessionFrame;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import reactor.netty.Connection;

/** How a session ends, whatever it is doing. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class AgentSessionTest {
  private static final String HOST = "127.0.0.1";
  private static final Duration WAIT = Duration.ofSeconds(30);

  @Autowired private SessionServices services;
  @Autowired private Sessions sessions;
  @Autowired private ClusterSecret cluster;
  @Autowired private Entropy entropy;
  @Autowired private Crypto crypto;
  @Autowired private Clock clock;

  @Test
  void a_connection_that_ends_while_a_request_is_answered_leaves_nothing_behind() throws Exception {
    Crypto.SigningKey vault = crypto.signingKey(entropy.bytes(32));
    Crypto.SigningKey device = crypto.signingKey(entropy.bytes(32));
    SessionFrame.Challenge challenge =
        new SessionFrame.Challenge(
            entropy.bytes(SessionFrame.NONCE_LENGTH), cluster.tickets().publicKey(), clock.now());
    Remote remote =
        new Remote(Connection.from(new EmbeddedChannel()), InetAddress.getLoopbackAddress(), HOST);
    AgentSession session = new AgentSession(sessions.freeNumber(), remote, challenge, services);
    BlockingQueue<Frame> told = new LinkedBlockingQueue<>();
    session
        .outbound()
        .frames()
        .map(AgentSessionTest::decoded)
        .subscribe(
            frame -> {
              if (frame instanceof SessionFrame.Answer) {
                // Still inside of what serves the request.
                CompletableFuture.runAsync(session::leave).join();
              }
              told.add(frame);
            });
    session.lane().subscribe();

    session.received(FrameCodec.encode(new SessionFrame.Hello(Limits.VERSION))).block(WAIT);
    DeviceCertificate certificate =
        DeviceCertificate.issue(vault, PeerId.of(device.publicKey()), clock.now() - 1, 3_600_000);
    Bytes proof =
        FrameCodec.encode(
            new SessionFrame.Proof(
                certificate,
                device.sign(Domain.SESSION_PROOF, challenge.signed(Limits.VERSION, HOST))));
    session.received(proof).block(WAIT);
    while (!(told.poll(WAIT.toSeconds(), TimeUnit.SECONDS) instanceof SessionFrame.Welcome)) {}
    assertThat(sessions.accounts()).contains(certificate.account());

    session.received(FrameCodec.encode(new SessionFrame.Ice(1))).block(WAIT);
    session.gone().block(WAIT);
    assertThat(sessions.accounts()).doesNotContain(certificate.account());
  }

  private static Frame decoded(Bytes frame) {
    try {
      return FrameCodec.decodeMessage(frame);
    } catch (MalformedFrameException e) {
      throw new IllegalStateException(e);
    }
  }
}
