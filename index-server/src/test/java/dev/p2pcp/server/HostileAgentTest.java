package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import dev.p2pcp.wire.TunnelFrame;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.Search;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What goes wrong on purpose: garbage, too much, too late, too slow. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    // One address makes all the sessions of a flood.
    properties = "p2pcp.rates.logins=100000")
@ExtendWith(OutputCaptureExtension.class)
class HostileAgentTest {
  private static final String MARK = "payload-that-nobody-may-log";

  @LocalServerPort private int port;

  @Autowired private MeterRegistry meters;

  @Test
  void a_hundred_thousand_garbage_frames_end_sessions_leave_no_trace_and_no_memory(
      CapturedOutput output) {
    Random random = new Random(8);
    flood(random, 50, 200);
    long before = usedAfterCollection();
    double refusedBefore = refused();
    int sent = flood(random, 400, 250);
    long growth = usedAfterCollection() - before;
    assertThat(sent).isEqualTo(100_000);
    assertThat(refused() - refusedBefore).as("one refusal for each session").isEqualTo(400);
    assertThat(growth).as("bytes more than before").isLessThan(12 * 1024 * 1024);
    assertThat(output.getAll()).doesNotContain(MARK).doesNotContain("Exception");
    try (RawAgent agent = RawAgent.login(port)) {
      agent.send(new SessionFrame.Ping(1));
      assertThat(agent.await(SessionFrame.Pong.class).token()).isEqualTo(1);
    }
  }

  private double refused() {
    return Search.in(meters).name("p2pcp.refused").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  /** Sessions that each get so many messages, whether or not anybody still listens. */
  private int flood(Random random, int sessions, int messages) {
    int sent = 0;
    for (int i = 0; i < sessions; i++) {
      try (RawAgent agent =
          i % 10 == 0
              ? RawAgent.login(port)
              : RawAgent.connect(port, RawAgent.newKey(), RawAgent.newKey())) {
        for (int j = 0; j < messages; j++) {
          agent.trySend(garbage(random));
          sent++;
        }
        agent.awaitClosed();
      }
    }
    return sent;
  }

  private static Bytes garbage(Random random) {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    return Bytes.concat(Bytes.wrap(bytes), Bytes.utf8(MARK));
  }

  @Test
  void a_message_over_the_limit_closes_the_connection() {
    try (RawAgent agent = RawAgent.login(port)) {
      agent.trySend(Bytes.wrap(new byte[Limits.MESSAGE + 1]));
      // With the rest of the message unread the system may reset the connection before 1009 is
      // read.
      assertThat(agent.awaitClosed()).isIn(1009, RawAgent.LOST);
    }
  }

  @Test
  void a_text_message_closes_the_connection_with_1003() {
    try (RawAgent agent = RawAgent.login(port)) {
      agent.sendText("hello");
      assertThat(agent.await(SessionFrame.GoAway.class).reason().code())
          .isEqualTo(Refusal.MALFORMED);
      assertThat(agent.awaitClosed()).isEqualTo(1003);
    }
  }

  @Test
  void a_request_before_the_login_ends_the_session() {
    try (RawAgent agent = RawAgent.connect(port, RawAgent.newKey(), RawAgent.newKey())) {
      agent.send(new SessionFrame.Pledge(1, 5, 5, false));
      assertThat(agent.await(SessionFrame.GoAway.class).reason().code())
          .isEqualTo(Refusal.OUT_OF_ORDER);
      assertThat(agent.awaitClosed()).isEqualTo(1000);
    }
  }

  @Test
  void who_does_not_log_in_and_who_falls_silent_is_sent_away() {
    try (TestServer impatient = TestServer.start("--p2pcp.handshake=1s", "--p2pcp.heartbeat=1s");
        RawAgent idle = RawAgent.connect(impatient.port(), RawAgent.newKey(), RawAgent.newKey());
        RawAgent silent = RawAgent.login(impatient.port())) {
      assertThat(silent.await(SessionFrame.Ping.class)).isNotNull();
      assertThat(idle.await(SessionFrame.GoAway.class).reason().code()).isEqualTo(Refusal.TOO_SLOW);
      assertThat(silent.await(SessionFrame.GoAway.class).reason().code())
          .isEqualTo(Refusal.TOO_SLOW);
    }
  }

  @Test
  void who_reads_nothing_slows_only_its_sender_and_is_dropped() throws InterruptedException {
    try (TestServer server = TestServer.start("--p2pcp.stall=3s");
        RawAgent deaf = RawAgent.login(server.port());
        RawAgent sender = RawAgent.login(server.port());
        RawAgent other = RawAgent.login(server.port())) {
      deaf.stopReading();
      Bytes piece = Bytes.wrap(new byte[Limits.DATA]);
      Thread sending =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (long stream = 0; stream < 2L * Limits.STREAMS; stream += 2) {
                      sender.send(new TunnelFrame.Open(stream, deaf.peer()));
                      sender.send(new TunnelFrame.Data(stream, false, piece));
                      sender.send(new TunnelFrame.Data(stream, false, piece));
                    }
                    sender.send(new SessionFrame.Ping(77));
                  });
      for (long token = 0; token < 100; token++) {
        other.send(new SessionFrame.Ping(token));
        assertThat(other.await(SessionFrame.Pong.class).token()).isEqualTo(token);
      }
      assertThat(sender.await(TunnelFrame.Close.class).code()).isEqualTo(Refusal.UNKNOWN_PEER);
      assertThat(sender.await(SessionFrame.Pong.class).token()).isEqualTo(77);
      sending.join();
    }
  }

  private static long usedAfterCollection() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
