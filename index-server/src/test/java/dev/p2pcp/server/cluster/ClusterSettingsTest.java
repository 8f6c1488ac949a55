package dev.p2pcp.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an operator can set wrong is said at the start; what members derive is the same. */
class ClusterSettingsTest {
  private static final String SECRET = "thirty-two characters or more of it";
  private static final List<String> MEMBERS = List.of("10.0.0.1:5701", "10.0.0.2:5701");

  @Test
  void members_without_a_secret_are_refused() {
    assertThatThrownBy(() -> settings(MEMBERS, "", 5701, ""))
        .hasMessageStartingWith("p2pcp.cluster.secret");
  }

  @Test
  void a_short_secret_is_refused() {
    assertThatThrownBy(() -> settings(MEMBERS, "", 5701, "short"))
        .hasMessageStartingWith("p2pcp.cluster.secret");
  }

  @Test
  void a_list_and_a_name_together_are_refused() {
    assertThatThrownBy(() -> settings(MEMBERS, "p2pcp.default.svc", 5701, SECRET))
        .hasMessageStartingWith("p2pcp.cluster.members");
  }

  @Test
  void a_member_that_nobody_can_find_is_refused() {
    assertThatThrownBy(() -> settings(MEMBERS, "", 0, SECRET))
        .hasMessageStartingWith("p2pcp.cluster.port");
  }

  @Test
  void the_secret_is_not_told() {
    assertThat(settings(MEMBERS, "", 5701, SECRET).toString()).doesNotContain(SECRET);
  }

  @Test
  void the_same_secret_gives_the_same_keys_and_no_secret_others_each_time() {
    ClusterSecret one = secret(SECRET);
    ClusterSecret two = secret(SECRET);
    assertThat(one.tickets().publicKey()).isEqualTo(two.tickets().publicKey());
    assertThat(one.bytes()).isEqualTo(two.bytes()).isNotEqualTo(one.derive("another"));
    assertThat(one.clusterName(1)).isEqualTo(two.clusterName(1)).doesNotContain(SECRET);
    assertThat(secret("").bytes()).isNotEqualTo(secret("").bytes());
  }

  @Test
  void members_of_two_versions_with_one_secret_are_two_clusters() {
    ClusterSecret one = secret(SECRET);
    assertThat(one.clusterName(1)).isNotEqualTo(one.clusterName(2));
    assertThat(one.memberKey(1)).isEqualTo(secret(SECRET).memberKey(1));
    assertThat(one.memberKey(1)).isNotEqualTo(one.memberKey(2));
  }

  private static ClusterSecret secret(String text) {
    return new ClusterSecret(settings(List.of(), "", 0, text), new JvmEntropy(), new JvmCrypto());
  }

  private static ClusterSettings settings(
      List<String> members, String dns, int port, String secret) {
    return new ClusterSettings(members, dns, "127.0.0.1", port, Duration.ofSeconds(5), secret);
  }
}
