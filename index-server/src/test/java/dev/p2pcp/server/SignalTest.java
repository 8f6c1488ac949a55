package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.index.Mailboxes;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.IceServer;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What agents tell each other through the server, which neither reads nor multiplies it. */
class SignalTest {
  @Test
  void a_signal_waits_until_its_receiver_pulls_it_and_rings_once() {
    try (TestServer server = TestServer.start();
        RawAgent from = RawAgent.login(server.port());
        RawAgent to = RawAgent.login(server.port())) {
      assertThat(from.ask(signal(1, to, "one"))).isEqualTo(new SessionFrame.Done(1));
      assertThat(from.ask(signal(2, to, "two"))).isEqualTo(new SessionFrame.Done(2));
      assertThat(to.await(SessionFrame.Ringing.class)).isNotNull();

      List<Frame> seen = new ArrayList<>();
      to.send(new SessionFrame.Pull(7));
      to.await(frame -> seen.add(frame) && frame instanceof SessionFrame.Answer);

      assertThat(seen)
          .containsExactly(
              new SessionFrame.Signals(7, false, List.of(note(from, "one"), note(from, "two"))));
    }
  }

  @Test
  void a_signal_to_nobody_is_refused() {
    try (TestServer server = TestServer.start();
        RawAgent from = RawAgent.login(server.port());
        RawAgent gone = RawAgent.login(server.port())) {
      gone.close();
      Await.until("it is gone", () -> code(from.ask(signal(1, gone, "x"))) == Refusal.UNKNOWN_PEER);
    }
  }

  @Test
  void a_signal_reaches_an_agent_of_another_member() {
    try (TestCluster cluster = TestCluster.start(2);
        RawAgent from = RawAgent.login(cluster.member(0).port());
        RawAgent to = RawAgent.login(cluster.member(1).port())) {
      Await.until("it is known", () -> from.ask(signal(1, to, "far")) instanceof SessionFrame.Done);
      to.await(SessionFrame.Ringing.class);
      assertThat(((SessionFrame.Signals) to.ask(new SessionFrame.Pull(3))).notes())
          .contains(note(from, "far"));
    }
  }

  @Test
  void who_signals_too_much_is_told_to_wait_and_so_is_who_aims_at_one() {
    try (TestServer server =
            TestServer.start("--p2pcp.rates.signals=1", "--p2pcp.rates.signals-to=2");
        RawAgent first = RawAgent.login(server.port());
        RawAgent second = RawAgent.login(server.port());
        RawAgent third = RawAgent.login(server.port());
        RawAgent target = RawAgent.login(server.port())) {
      assertThat(sentUntilBusy(first, target)).isEqualTo(10);
      assertThat(sentUntilBusy(second, target)).isEqualTo(10);
      // The bucket of the target is empty now, not that of the third.
      assertThat(sentUntilBusy(third, target)).isLessThan(5);
    }
  }

  @Test
  void servers_for_direct_links_are_told_with_credentials_of_ones_own() {
    try (TestServer server =
            TestServer.start(
                "--p2pcp.ice.stun=stun:turn.example:3478",
                "--p2pcp.ice.turn=turn:turn.example:3478?transport=udp,turn:turn.example:3478?transport=tcp",
                "--p2pcp.ice.secret=known to the turn server",
                "--p2pcp.ice.lifetime=10m");
        RawAgent one = RawAgent.login(server.port());
        RawAgent other = RawAgent.login(server.port())) {
      SessionFrame.IceServers told = (SessionFrame.IceServers) one.ask(new SessionFrame.Ice(1));
      assertThat(told.lifetime()).isEqualTo(600_000);
      assertThat(told.servers()).hasSize(2);
      assertThat(told.servers().getFirst())
          .isEqualTo(new IceServer(List.of("stun:turn.example:3478"), "", ""));
      IceServer turn = told.servers().getLast();
      assertThat(turn.urls()).hasSize(2);
      long until = Long.parseLong(turn.username().substring(0, turn.username().indexOf(':')));
      assertThat(until * 1000 - System.currentTimeMillis()).isBetween(590_000L, 601_000L);
      assertThat(turn.username()).doesNotContain(one.peer().toString());
      SessionFrame.IceServers others = (SessionFrame.IceServers) other.ask(new SessionFrame.Ice(1));
      assertThat(others.servers().getLast().username().split(":")[1])
          .isNotEqualTo(turn.username().split(":")[1]);
    }
  }

  private static int sentUntilBusy(RawAgent from, RawAgent to) {
    int sent = 0;
    while (sent <= Mailboxes.ROOM && from.ask(signal(sent, to, "x")) instanceof SessionFrame.Done) {
      sent++;
    }
    return sent;
  }

  private static int code(SessionFrame.Answer answer) {
    return answer instanceof SessionFrame.Refused refused ? refused.refusal().code() : 0;
  }

  private static SessionFrame.Signal signal(long id, RawAgent to, String text) {
    return new SessionFrame.Signal(id, to.peer(), Bytes.utf8(text));
  }

  private static SessionFrame.Signals.Note note(RawAgent from, String text) {
    return new SessionFrame.Signals.Note(from.peer(), Bytes.utf8(text));
  }
}
