package dev.p2pcp.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What agents see of a server that is full, or that is asked to stop. */
class DrainingTest {
  /** Agents that connect at once. */
  private static final int CROWD = 8;

  /** Between two connections of one, in nanoseconds. */
  private static final long PAUSE = 10_000_000;

  private static final String UPGRADE =
      "GET /agent HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
          + "Sec-WebSocket-Protocol: "
          + Transport.SUBPROTOCOL
          + "\r\n\r\n";

  private static final String SWITCHED = "HTTP/1.1 101";

  /** Time for a server with nothing under way to be gone. */
  private static final Duration STOPPED = Duration.ofSeconds(20);

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
  void agents_that_go_on_coming_do_not_hold_a_server() throws Exception {
    TestServer server = TestServer.start("--p2pcp.drain=100ms", "--p2pcp.rates.logins=100000");
    int port = server.port();
    AtomicInteger came = new AtomicInteger();
    AtomicBoolean enough = new AtomicBoolean();
    try (ExecutorService crowd = Executors.newFixedThreadPool(CROWD)) {
      try {
        for (int i = 0; i < CROWD; i++) {
          crowd.execute(() -> come(port, came, enough));
        }
        Await.until("they come", () -> came.get() > CROWD);
        Thread stopping = Thread.ofVirtual().start(server::close);
        assertThat(stopping.join(STOPPED)).as("the server is gone").isTrue();
      } finally {
        enough.set(true);
      }
    }
  }

  /** Connects over and over, and answers nothing, not even a close. */
  private static void come(int port, AtomicInteger came, AtomicBoolean enough) {
    Deque<Socket> open = new ArrayDeque<>();
    while (!enough.get()) {
      LockSupport.parkNanos(PAUSE);
      try {
        Socket socket = new Socket("127.0.0.1", port);
        open.add(socket);
        socket.getOutputStream().write(UPGRADE.getBytes(US_ASCII));
        byte[] status = socket.getInputStream().readNBytes(SWITCHED.length());
        if (SWITCHED.equals(new String(status, US_ASCII))) {
          came.incrementAndGet();
        }
        if (open.size() > CROWD) {
          open.remove().close();
        }
      } catch (IOException e) {
        // The server is gone.
        continue;
      }
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
