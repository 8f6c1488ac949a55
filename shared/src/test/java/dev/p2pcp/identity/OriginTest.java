package dev.p2pcp.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://p2pcp.example",
        "http://p2pcp.example:8080",
        "https://a-1.b.example:1",
        "http://192.0.2.1",
        "https://[2001:db8::1]:8443"
      })
  void what_the_world_can_reach_is_no_local_origin(String origin) {
    assertThat(Origin.isCanonical(origin)).isTrue();
    assertThat(Origin.isLocal(origin)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:8080",
        "http://router",
        "http://box.local",
        "http://db.internal",
        "http://nas.home",
        "http://me.localhost",
        "http://127.0.0.1:8080",
        "http://10.1.2.3",
        "http://100.64.0.1",
        "http://172.31.0.1",
        "http://192.168.0.1",
        "http://169.254.169.254",
        "http://0.0.0.0",
        "http://224.0.0.1",
        "http://255.255.255.255",
        "http://[::1]",
        "http://[fd00::1]",
        "http://[fe80::1]",
        "http://[::ffff:7f00:1]"
      })
  void machines_at_home_are_local(String origin) {
    assertThat(Origin.isCanonical(origin)).isTrue();
    assertThat(Origin.isLocal(origin)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://",
        "ftp://a.example",
        "https://a.example/",
        "https://a.example:",
        "https://a.example:0",
        "https://a.example:443",
        "http://a.example:80",
        "https://a.example:99999",
        "https://a..example",
        "https://a.example.",
        "https://A.example",
        "https://a_b.example",
        "https://me@a.example",
        "https://127.1",
        "https://2130706433",
        "https://0x7f000001",
        "https://1.2.3.256",
        "https://1.2.3.04",
        "https://[]",
        "https://[::1",
        "https://[::g]",
        "https://a.example]",
        "https://a b.example"
      })
  void other_forms_are_none(String origin) {
    assertThat(Origin.isCanonical(origin)).isFalse();
  }
}
