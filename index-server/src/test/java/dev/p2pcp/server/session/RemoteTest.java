package dev.p2pcp.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.index.Network;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses say who is behind them. */
class RemoteTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.1.1",
        "100.64.0.1",
        "100.127.255.255",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd12:3456::1"
      })
  void addresses_of_this_machine_and_of_private_networks_do_not(String address) {
    assertThat(network(address).isPublic()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"192.0.2.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2001:db8::1"})
  void others_do(String address) {
    assertThat(network(address).isPublic()).isTrue();
  }

  @Test
  void addresses_of_one_prefix_are_of_one_network() {
    assertThat(network("192.0.2.1")).isEqualTo(network("192.0.2.254"));
    assertThat(network("192.0.2.1")).isNotEqualTo(network("192.0.3.1"));
    assertThat(network("2001:db8:1::1")).isEqualTo(network("2001:db8:1:ffff::9"));
    assertThat(network("2001:db8:1::1")).isNotEqualTo(network("2001:db8:2::1"));
  }

  private static Network network(String address) {
    EmbeddedChannel channel = new EmbeddedChannel();
    return new Remote(() -> channel, InetAddress.ofLiteral(address), "host.example").network();
  }
}
