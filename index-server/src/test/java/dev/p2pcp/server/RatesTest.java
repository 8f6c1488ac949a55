package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who asks for too much is told to wait; the others notice nothing. */
class RatesTest {
  private static final int BURST = 10;

  @Test
  void a_session_that_asks_too_often_is_told_when_to_ask_again() {
    try (TestServer server = TestServer.start("--p2pcp.rates.requests=1");
        RawAgent greedy = RawAgent.login(server.port());
        RawAgent other = RawAgent.login(server.port())) {
      for (int i = 0; i < BURST; i++) {
        assertThat(greedy.ask(lookup(1))).isInstanceOf(SessionFrame.Found.class);
      }
      assertBusy(greedy.ask(lookup(1)));
      assertThat(other.ask(lookup(1))).isInstanceOf(SessionFrame.Found.class);
    }
  }

  @Test
  void what_nobody_has_costs_as_much_as_what_somebody_has() {
    try (TestServer server = TestServer.start("--p2pcp.rates.looked-up=2");
        RawAgent agent = RawAgent.login(server.port())) {
      assertThat(agent.ask(lookup(20))).isInstanceOf(SessionFrame.Found.class);
      assertBusy(agent.ask(lookup(20)));
    }
  }

  @Test
  void a_whole_inventory_may_be_announced_at_once_and_no_more() {
    try (TestServer server = TestServer.start("--p2pcp.rates.announced=1");
        RawAgent agent = RawAgent.login(server.port())) {
      List<StorageKey> keys = keys(Limits.ANNOUNCE_KEYS);
      int taken = 0;
      // The same keys again, so that the bound on what a session announces is not met first.
      SessionFrame.Answer answer = agent.ask(new SessionFrame.Announce(1, keys));
      while (answer instanceof SessionFrame.Done && taken <= Limits.SESSION_KEYS) {
        taken += keys.size();
        answer = agent.ask(new SessionFrame.Announce(1, keys));
      }
      assertBusy(answer);
      assertThat(taken).isGreaterThan(Limits.SESSION_KEYS - Limits.ANNOUNCE_KEYS);
    }
  }

  @Test
  void sessions_of_one_account_share_what_four_may() {
    Crypto.SigningKey vault = RawAgent.newKey();
    try (TestServer server = TestServer.start("--p2pcp.rates.looked-up=2")) {
      List<SessionFrame.Answer> answers = new ArrayList<>();
      List<RawAgent> devices = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        RawAgent device = RawAgent.login(server.port(), vault, RawAgent.newKey());
        devices.add(device);
        answers.add(device.ask(lookup(20)));
      }
      assertThat(answers.subList(0, 4)).hasOnlyElementsOfType(SessionFrame.Found.class);
      assertBusy(answers.getLast());
      devices.forEach(RawAgent::close);
    }
  }

  @Test
  void logins_of_one_address_are_bounded() {
    try (TestServer server = TestServer.start("--p2pcp.rates.logins=1")) {
      for (int i = 0; i < BURST; i++) {
        RawAgent.login(server.port()).close();
      }
      try (RawAgent late = RawAgent.connect(server.port(), RawAgent.newKey(), RawAgent.newKey())) {
        SessionFrame.GoAway away = late.await(SessionFrame.GoAway.class);
        assertThat(away.reason().code()).isEqualTo(Refusal.BUSY);
        assertThat(away.retryAfter()).isPositive();
      }
    }
  }

  @Test
  void streams_are_opened_no_faster_than_allowed() {
    try (TestServer server = TestServer.start("--p2pcp.rates.streams=1");
        RawAgent caller = RawAgent.login(server.port());
        RawAgent answerer = RawAgent.login(server.port())) {
      for (int i = 0; i <= BURST; i++) {
        caller.send(new TunnelFrame.Open(2L * i, answerer.peer()));
      }
      assertThat(caller.await(TunnelFrame.Close.class))
          .isEqualTo(new TunnelFrame.Close(2L * BURST, Refusal.BUSY));
    }
  }

  @Test
  void bytes_beyond_the_rate_arrive_later() {
    try (TestServer server = TestServer.start("--p2pcp.rates.tunnel-bytes=100000");
        RawAgent caller = RawAgent.login(server.port());
        RawAgent answerer = RawAgent.login(server.port())) {
      long began = System.nanoTime();
      caller.send(new TunnelFrame.Open(2, answerer.peer()));
      caller.send(new TunnelFrame.Data(2, false, Bytes.wrap(new byte[Limits.DATA])));
      caller.send(new TunnelFrame.Data(2, false, Bytes.wrap(new byte[Limits.DATA])));
      caller.send(new TunnelFrame.Data(2, true, Bytes.utf8("last")));
      answerer.await(frame -> frame instanceof TunnelFrame.Data data && data.last());
      double over = 2.0 * Limits.DATA - 100_000;
      assertThat((System.nanoTime() - began) / 1e9).isGreaterThan(over / 100_000);
    }
  }

  private static void assertBusy(SessionFrame.Answer answer) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            SessionFrame.Refused.class,
            refused -> {
              assertThat(refused.refusal().code()).isEqualTo(Refusal.BUSY);
              assertThat(refused.refusal().figures().getFirst()).isPositive();
            });
  }

  private static SessionFrame.Lookup lookup(int count) {
    return new SessionFrame.Lookup(1, keys(count));
  }

  private static List<StorageKey> keys(int count) {
    List<StorageKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] bytes = new byte[StorageKey.LENGTH];
      bytes[0] = (byte) i;
      bytes[1] = (byte) (i >> Byte.SIZE);
      keys.add(new StorageKey(Bytes.wrap(bytes)));
    }
    return keys;
  }
}
