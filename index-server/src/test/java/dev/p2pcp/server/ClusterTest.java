package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.serialization.SerializationService;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.io.IOException;
import java.io.Serializable;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several members are one index server, and strangers are no members. */
class ClusterTest {
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(3);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void what_is_announced_at_one_member_is_found_at_every_other() {
    StorageKey key = new StorageKey(RawAgent.newKey().publicKey().bytes());
    try (RawAgent holder = RawAgent.login(cluster.member(0).port())) {
      holder.ask(new SessionFrame.Announce(1, List.of(key)));
      for (int i = 0; i < 3; i++) {
        try (RawAgent reader = RawAgent.login(cluster.member(i).port())) {
          assertThat(reader.ask(new SessionFrame.Lookup(2, List.of(key))))
              .isEqualTo(new SessionFrame.Found(2, List.of(List.of(holder.peer()))));
        }
      }
    }
  }

  @Test
  void what_is_withdrawn_or_gone_at_one_member_is_so_at_every_other() {
    StorageKey key = new StorageKey(RawAgent.newKey().publicKey().bytes());
    SessionFrame.Found nobody = new SessionFrame.Found(2, List.of(List.of()));
    try (RawAgent reader = RawAgent.login(cluster.member(1).port())) {
      RawAgent holder = RawAgent.login(cluster.member(0).port());
      holder.ask(new SessionFrame.Announce(1, List.of(key)));
      assertThat(reader.ask(new SessionFrame.Lookup(2, List.of(key)))).isNotEqualTo(nobody);
      holder.close();
      Await.until(
          "nobody has it",
          () -> reader.ask(new SessionFrame.Lookup(2, List.of(key))).equals(nobody));
    }
  }

  @Test
  void a_device_that_logs_in_at_another_member_replaces_its_session() {
    var vault = RawAgent.newKey();
    var device = RawAgent.newKey();
    try (RawAgent first = RawAgent.login(cluster.member(0).port(), vault, device)) {
      first.ask(new SessionFrame.Pledge(1, 10, 10, false));
      try (RawAgent second = RawAgent.login(cluster.member(1).port(), vault, device)) {
        assertThat(first.await(SessionFrame.GoAway.class).reason().code())
            .isEqualTo(Refusal.REPLACED);
        first.awaitClosed();
        second.ask(new SessionFrame.Pledge(1, 20, 20, false));
        second.send(new SessionFrame.Ping(7));
        assertThat(second.await(SessionFrame.Pong.class).token()).isEqualTo(7);
        try (RawAgent other = RawAgent.login(cluster.member(2).port(), vault, RawAgent.newKey())) {
          assertThat(other.welcome().allowance().lent()).isEqualTo(20);
        }
      }
    }
  }

  @Test
  void devices_of_an_account_hear_of_its_figures_on_whichever_member_they_are() {
    var vault = RawAgent.newKey();
    try (RawAgent one = RawAgent.login(cluster.member(0).port(), vault, RawAgent.newKey());
        RawAgent two = RawAgent.login(cluster.member(1).port(), vault, RawAgent.newKey())) {
      one.ask(new SessionFrame.Pledge(1, 33, 33, false));
      assertThat(two.await(SessionFrame.Standing.class).allowance().lent()).isEqualTo(33);
    }
  }

  @Test
  void an_agent_that_knows_several_members_is_logged_in_at_one_of_them() throws Exception {
    String here = cluster.member(0).origin();
    String there = cluster.member(1).origin();
    try (LiveAgent agent = LiveAgent.create(here, there)) {
      agent.await("one session", () -> states(agent).equals(List.of("CONNECTED", "WAITING")));
      String before = connected(agent);
      agent.await(
          "another attempt by the other address",
          () ->
              agent.agent().node().status().servers().stream()
                  .anyMatch(server -> server.why().equals("reached at another address")));
      assertThat(connected(agent)).isEqualTo(before);
    }
  }

  private static List<String> states(LiveAgent agent) throws Exception {
    return agent.agent().node().status().servers().stream()
        .map(server -> server.state())
        .sorted()
        .toList();
  }

  private static String connected(LiveAgent agent) throws Exception {
    return agent.agent().node().status().servers().stream()
        .filter(server -> server.state().equals("CONNECTED"))
        .map(server -> server.origin())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void all_members_sign_tickets_with_one_key() {
    try (RawAgent here = RawAgent.login(cluster.member(0).port());
        RawAgent there = RawAgent.login(cluster.member(1).port())) {
      assertThat(here.challenge().server()).isEqualTo(there.challenge().server());
    }
  }

  @Test
  void a_member_without_the_secret_stays_alone() {
    Config config = new Config("stranger");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "none");
    config.getNetworkConfig().setPort(0).getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
    config
        .getNetworkConfig()
        .getJoin()
        .getTcpIpConfig()
        .setEnabled(true)
        .addMember("127.0.0.1:" + cluster.memberPort(0));
    HazelcastInstance stranger = Hazelcast.newHazelcastInstance(config);
    try {
      assertThat(stranger.getCluster().getMembers()).hasSize(1);
      assertThat(stranger.getMap("locations").size()).isZero();
    } finally {
      stranger.shutdown();
    }
    assertThat(membersOf(0)).isEqualTo(3);
  }

  @Test
  void who_knows_the_name_of_the_cluster_but_not_its_secret_is_cut_off() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", cluster.memberPort(0))) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(new byte[32]);
      byte[] proof = socket.getInputStream().readNBytes(64);
      assertThat(proof).hasSize(64);
      // Its own proof does not serve the other way.
      socket.getOutputStream().write(proof, 32, 32);
      assertThat(isCutOff(socket)).isTrue();
    }
  }

  private static boolean isCutOff(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Test
  void no_client_of_the_data_grid_is_served_even_with_the_name_of_the_cluster() {
    HazelcastInstance member = cluster.member(0).part(HazelcastInstance.class);
    ClientConfig config = new ClientConfig();
    config.setProperty("hazelcast.logging.type", "none");
    config.setClusterName(member.getConfig().getClusterName());
    config.getNetworkConfig().addAddress("127.0.0.1:" + cluster.memberPort(0));
    config
        .getConnectionStrategyConfig()
        .getConnectionRetryConfig()
        .setClusterConnectTimeoutMillis(500);
    assertThatThrownBy(() -> HazelcastClient.newHazelcastClient(config))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void what_is_written_by_java_serialisation_is_refused() {
    HazelcastInstance member = cluster.member(0).part(HazelcastInstance.class);
    SerializationService serialisation =
        ((HazelcastInstanceProxy) member).getOriginal().getSerializationService();
    for (Object object : List.of(new Crafted(), new AtomicLong(1))) {
      var written = serialisation.toData(object);
      assertThatThrownBy(() -> serialisation.toObject(written))
          .hasRootCauseInstanceOf(SecurityException.class);
    }
  }

  private static final class Crafted implements Serializable {
    private static final long serialVersionUID = 1;
  }

  private static int membersOf(int index) {
    return cluster.member(index).part(HazelcastInstance.class).getCluster().getMembers().size();
  }
}
