package dev.p2pcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody's URL makes this device ask its own network. */
class FollowedTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/x",
        "http://127.1/x",
        "http://0x7f000001/x",
        "http://2130706433/x",
        "http://0177.0.0.1/x",
        "http://localhost:9000/x",
        "http://nas/x",
        "http://nas.local/x",
        "http://nas.home.arpa/x",
        "http://router.localdomain/x",
        "http://wiki.corp/x",
        "http://wiki.intranet/x",
        "http://wiki.private/x",
        "http://wiki.internal/x",
        "http://nas.lan:9000/x",
        "http://nas.home/x",
        "http://fritz.box/x",
        "http://nas.fritz.box/x",
        "http://10.0.0.1/x",
        "http://172.16.0.1/x",
        "http://192.168.1.1:9000/bucket/x",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/x",
        "http://198.18.0.1/x",
        "http://198.19.255.255/x",
        "http://0.0.0.0/x",
        "http://[::1]/x",
        "http://[::ffff:127.0.0.1]/x",
        "http://[::ffff:7f00:1]/x",
        "http://[fe80::1]/x",
        "http://[fd12::1]/x",
        "http://[2002:7f00:1::]/x",
        "file:///etc/passwd",
        "ftp://store.example/x",
        "data:text/plain,x",
        "javascript:alert(1)",
        "blob:https://store.example/x",
        "https://user:word@store.example/x",
        "https://store.example\\@127.0.0.1/x",
        "https://store.example\t/x",
        "https://store.example/x y",
        "https://store.example/x#y",
        "https://STORE.example/x",
        "https://store.example:443/x",
        "https://store.example",
        "//store.example/x",
        "/x",
        ""
      })
  void is_not_followed(String url) {
    assertThat(Followed.mayBe(url, List.of())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://bucket.store.example/x?X-Amz-Date=1&b=%2F",
        "http://store.example:9000/bucket/x",
        "https://192.0.2.7/x",
        "https://198.17.0.1/x",
        "https://198.20.0.1/x",
        "https://corp.example/x",
        "https://notfritz.box/x",
        "https://[2001:db8::1]:9000/x"
      })
  void is_followed(String url) {
    assertThat(Followed.mayBe(url, List.of())).isTrue();
  }

  @Test
  void what_the_person_allowed_is_followed_and_nothing_beside_it() {
    List<String> allowed = List.of("http://nas.local:9000");
    assertThat(Followed.mayBe("http://nas.local:9000/b/x", allowed)).isTrue();
    assertThat(Followed.mayBe("http://nas.local:9001/b/x", allowed)).isFalse();
    assertThat(Followed.mayBe("http://nas.local/b/x", allowed)).isFalse();
    assertThat(Followed.mayBe("http://nas.local:9000@127.0.0.1/x", allowed)).isFalse();
  }

  @Test
  void what_is_too_long_is_not_followed() {
    assertThat(Followed.mayBe("https://store.example/" + "x".repeat(2_048), List.of())).isFalse();
  }
}
