package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Login, requests and streams over real connections. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class SessionTest {
  @LocalServerPort private int port;

  @Test
  void an_agent_logs_in_announces_and_is_found_until_it_leaves() {
    StorageKey key = new StorageKey(RawAgent.newKey().publicKey().bytes());
    try (RawAgent holder = RawAgent.login(port);
        RawAgent reader = RawAgent.login(port)) {
      assertThat(holder.ask(new SessionFrame.Announce(1, List.of(key))))
          .isEqualTo(new SessionFrame.Done(1));
      assertThat(reader.ask(new SessionFrame.Lookup(2, List.of(key))))
          .isEqualTo(new SessionFrame.Found(2, List.of(List.of(holder.peer()))));
      assertThat(holder.ask(new SessionFrame.Withdraw(3, List.of(key))))
          .isEqualTo(new SessionFrame.Done(3));
      assertThat(reader.ask(new SessionFrame.Lookup(4, List.of(key))))
          .isEqualTo(new SessionFrame.Found(4, List.of(List.of())));
    }
  }

  @Test
  void a_proof_by_another_key_is_refused() {
    try (RawAgent agent = RawAgent.connect(port, RawAgent.newKey(), RawAgent.newKey())) {
      agent.send(new SessionFrame.Hello(Limits.VERSION));
      SessionFrame.Challenge challenge = agent.await(SessionFrame.Challenge.class);
      DeviceCertificate certificate = agent.certificate();
      agent.send(
          new SessionFrame.Proof(
              certificate,
              RawAgent.newKey()
                  .sign(Domain.SESSION_PROOF, challenge.signed(Limits.VERSION, "127.0.0.1"))));
      assertThat(agent.await(SessionFrame.GoAway.class).reason().code())
          .isEqualTo(Refusal.BAD_SIGNATURE);
      agent.awaitClosed();
    }
  }

  @Test
  void the_same_device_logging_in_again_replaces_its_session() {
    var vault = RawAgent.newKey();
    var device = RawAgent.newKey();
    try (RawAgent first = RawAgent.login(port, vault, device);
        RawAgent second = RawAgent.login(port, vault, device)) {
      assertThat(first.await(SessionFrame.GoAway.class).reason().code())
          .isEqualTo(Refusal.REPLACED);
      first.awaitClosed();
      second.send(new SessionFrame.Ping(7));
      assertThat(second.await(SessionFrame.Pong.class).token()).isEqualTo(7);
    }
  }

  @Test
  void a_server_that_stops_sends_its_agents_elsewhere() {
    TestServer stopping = TestServer.start();
    try (RawAgent agent = RawAgent.login(stopping.port())) {
      stopping.close();
      assertThat(agent.await(SessionFrame.GoAway.class).reason().code())
          .isEqualTo(Refusal.DRAINING);
      agent.awaitClosed();
    }
  }

  @Test
  void what_an_agent_announced_lent_and_opened_goes_with_it() {
    StorageKey key = new StorageKey(RawAgent.newKey().publicKey().bytes());
    try (RawAgent reader = RawAgent.login(port)) {
      RawAgent holder = RawAgent.login(port);
      holder.ask(new SessionFrame.Announce(1, List.of(key)));
      reader.send(new TunnelFrame.Open(2, holder.peer()));
      holder.await(TunnelFrame.Open.class);
      holder.close();
      assertThat(reader.await(TunnelFrame.Close.class))
          .isEqualTo(new TunnelFrame.Close(2, Refusal.UNKNOWN_PEER));
      SessionFrame.Found nobody = new SessionFrame.Found(3, List.of(List.of()));
      SessionFrame.Answer answer = reader.ask(new SessionFrame.Lookup(3, List.of(key)));
      for (int i = 0; i < 1_000 && !answer.equals(nobody); i++) {
        answer = reader.ask(new SessionFrame.Lookup(3, List.of(key)));
      }
      assertThat(answer).isEqualTo(nobody);
    }
  }

  @Test
  void two_agents_talk_through_a_stream() {
    try (RawAgent caller = RawAgent.login(port);
        RawAgent answerer = RawAgent.login(port)) {
      caller.send(new TunnelFrame.Open(2, answerer.peer()));
      TunnelFrame.Open open = answerer.await(TunnelFrame.Open.class);
      assertThat(open.peer()).isEqualTo(caller.peer());
      assertThat(open.stream() % 2).isEqualTo(1);
      caller.send(new TunnelFrame.Data(2, true, Bytes.utf8("there?")));
      assertThat(answerer.await(TunnelFrame.Data.class))
          .isEqualTo(new TunnelFrame.Data(open.stream(), true, Bytes.utf8("there?")));
      answerer.send(new TunnelFrame.Data(open.stream(), true, Bytes.utf8("here")));
      assertThat(caller.await(TunnelFrame.Data.class))
          .isEqualTo(new TunnelFrame.Data(2, true, Bytes.utf8("here")));
    }
  }
}
