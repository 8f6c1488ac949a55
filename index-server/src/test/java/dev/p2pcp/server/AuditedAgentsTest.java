package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.testing.Seeded;
import dev.p2pcp.trust.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * Real agents that are asked by the server, through their own connections, to show what they keep.
 */
class AuditedAgentsTest {
  @Test
  void agents_that_keep_a_block_for_another_pass_their_first_audit_soon_after_the_login()
      throws Exception {
    try (TestServer server = TestServer.start();
        LiveAgent one = LiveAgent.create(server.origin());
        LiveAgent two = LiveAgent.create(server.origin());
        LiveAgent ada = LiveAgent.create(server.origin())) {
      ada.put("/note", new Seeded(1).bytes(300_000), false);
      MeterRegistry meters = server.part(MeterRegistry.class);
      Await.until("two have passed", () -> count(meters, Verdict.PASSED) >= 2);
      assertThat(count(meters, Verdict.WRONG) + count(meters, Verdict.REFUSED)).isZero();
      assertThat(one.agent().node().status().lending().slots()).isPositive();
      assertThat(two.agent().node().status().lending().slots()).isPositive();
    }
  }

  private static double count(MeterRegistry meters, Verdict verdict) {
    return meters
        .get("p2pcp.audits")
        .tag("verdict", verdict.name().toLowerCase(Locale.ROOT))
        .counter()
        .count();
  }
}
