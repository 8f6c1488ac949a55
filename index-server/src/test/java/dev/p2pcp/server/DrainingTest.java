package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import dev.p2pcp.wire.TunnelFrame;
import org.junit.jupiter.api.Test;

/** What agents see of a server that is full, or that is asked to stop. */
class DrainingTest {
  @Test
  void a_stream_under_way_ends_well_before_the_server_goes() throws InterruptedException {
    TestServer server = TestServer.start();
    try (RawAgent caller = RawAgent.login(server.port());
        RawAgent answerer = RawAgent.login(server.port());
        RawAgent idle = RawAgent.login(server.port())) {
      caller.send(new TunnelFrame.Open(2, answerer.peer()));
      TunnelFrame.Open open = answerer.await(TunnelFrame.Open.class);
      caller.send(new TunnelFrame.Data(2, true, Bytes.utf8("there?")));
      answerer.await(TunnelFrame.Data.class);

      Thread stopping = Thread.ofVirtual().start(server::close);
      assertSentAway(idle);
      answerer.send(new TunnelFrame.Data(open.stream(), true, Bytes.utf8("still here")));
      assertThat(caller.await(TunnelFrame.Data.class))
          .isEqualTo(new TunnelFrame.Data(2, true, Bytes.utf8("still here")));
      assertSentAway(caller);
      assertSentAway(answerer);
      stopping.join();
    }
  }

  @Test
  void a_stream_that_does_not_end_holds_a_server_only_so_long() {
    TestServer server = TestServer.start("--p2pcp.drain=200ms");
    try (RawAgent caller = RawAgent.login(server.port());
        RawAgent answerer = RawAgent.login(server.port())) {
      caller.send(new TunnelFrame.Open(2, answerer.peer()));
      answerer.await(TunnelFrame.Open.class);
      server.close();
      assertSentAway(answerer);
    }
  }

  @Test
  void who_comes_while_a_server_goes_is_sent_elsewhere() throws InterruptedException {
    TestServer server = TestServer.start();
    try (RawAgent caller = RawAgent.login(server.port());
        RawAgent answerer = RawAgent.login(server.port());
        RawAgent idle = RawAgent.login(server.port())) {
      caller.send(new TunnelFrame.Open(2, answerer.peer()));
      TunnelFrame.Open open = answerer.await(TunnelFrame.Open.class);
      Thread stopping = Thread.ofVirtual().start(server::close);
      assertSentAway(idle);
      try (RawAgent late = RawAgent.connect(server.port(), RawAgent.newKey(), RawAgent.newKey())) {
        assertSentAway(late);
      }
      answerer.send(new TunnelFrame.Close(open.stream(), 0));
      stopping.join();
    }
  }

  @Test
  void a_full_server_says_when_to_come_back_and_serves_those_that_it_has() {
    try (TestServer full = TestServer.start("--p2pcp.sessions=1");
        RawAgent first = RawAgent.login(full.port());
        RawAgent second = RawAgent.connect(full.port(), RawAgent.newKey(), RawAgent.newKey())) {
      SessionFrame.GoAway away = second.await(SessionFrame.GoAway.class);
      assertThat(away.reason().code()).isEqualTo(Refusal.BUSY);
      assertThat(away.retryAfter()).isPositive();
      second.awaitClosed();
      first.send(new SessionFrame.Ping(7));
      assertThat(first.await(SessionFrame.Pong.class).token()).isEqualTo(7);
    }
  }

  private static void assertSentAway(RawAgent agent) {
    SessionFrame.GoAway away = agent.await(SessionFrame.GoAway.class);
    assertThat(away.reason().code()).isEqualTo(Refusal.DRAINING);
    agent.awaitClosed();
  }
}
