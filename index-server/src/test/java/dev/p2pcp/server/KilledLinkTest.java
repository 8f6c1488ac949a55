package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A member is killed with tunnels to its agents open, in real processes, and started again. */
class KilledLinkTest {
  private static final String SECRET = "known to the members of this test only";

  /** Longest time until a stream to a dead member's agent is closed, in nanoseconds. */
  private static final long CLOSED = 5_000_000_000L;

  private final List<Integer> ports = TestCluster.freePorts(2);
  private long stream;

  @Test
  void streams_to_a_killed_member_end_at_once_and_its_agents_are_reached_when_it_is_back()
      throws Exception {
    List<MemberProcess.Starting> starting = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      starting.add(MemberProcess.start(ports, i, SECRET));
    }
    try (MemberProcess first = starting.get(0).ready();
        MemberProcess killed = starting.get(1).ready();
        RawAgent ann = RawAgent.login(first.port());
        RawAgent bob = RawAgent.login(killed.port())) {
      Await.until("the agent over there is known", () -> opens(ann, bob));
      assertThat(bob.await(TunnelFrame.Open.class).peer()).isEqualTo(ann.peer());

      killed.kill();
      long begun = System.nanoTime();
      assertThat(ann.await(TunnelFrame.Close.class))
          .isEqualTo(new TunnelFrame.Close(stream, Refusal.UNKNOWN_PEER));
      assertThat(System.nanoTime() - begun).isLessThan(CLOSED);

      MemberProcess.Starting again = MemberProcess.start(ports, 1, SECRET);
      starting.add(again);
      try (MemberProcess restarted = again.ready();
          RawAgent carol = RawAgent.login(restarted.port())) {
        Await.until("an agent of the new member is known", () -> opens(ann, carol));
        assertThat(carol.await(TunnelFrame.Open.class).peer()).isEqualTo(ann.peer());
      }
    } finally {
      starting.forEach(member -> member.process().destroyForcibly());
    }
  }

  /** Whether a stream was opened and not closed at once. */
  private boolean opens(RawAgent from, RawAgent to) {
    stream += 2;
    from.send(new TunnelFrame.Open(stream, to.peer()));
    from.send(new SessionFrame.Ping(stream));
    SessionFrame.Pong pong = new SessionFrame.Pong(stream);
    return from.await(f -> f instanceof TunnelFrame.Close || f.equals(pong)).equals(pong);
  }
}
