package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.transport.Transport;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Who may connect an agent at all. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "p2pcp.allowed-origins=https://friend.example")
class AdmissionTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @LocalServerPort private int port;

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:4711", "http://127.0.0.1", "https://friend.example"})
  void pages_of_this_machine_and_of_allowed_origins_may_connect(String origin) {
    WebSocket socket = connect(origin, Transport.SUBPROTOCOL);
    assertThat(socket.getSubprotocol()).isEqualTo(Transport.SUBPROTOCOL);
    socket.abort();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://evil.example", "null", "https://friend.example.evil.example", "file://"})
  void pages_of_other_origins_may_not(String origin) {
    assertRefused(origin, Transport.SUBPROTOCOL, 403);
  }

  @Test
  void another_subprotocol_is_not_spoken() {
    assertRefused("http://localhost", "p2pcp.v9", 400);
  }

  @Test
  void plain_http_is_told_to_upgrade() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/agent")).build();
    HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(426);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Test
  void connections_of_one_address_are_bounded() {
    try (TestServer small = TestServer.start("--p2pcp.sessions-per-address=2");
        RawAgent first = RawAgent.login(small.port());
        RawAgent second = RawAgent.login(small.port())) {
      assertThatThrownBy(() -> RawAgent.login(small.port()))
          .isInstanceOf(CompletionException.class)
          .satisfies(refused -> assertThat(status(refused)).isEqualTo(503));
      assertThat(first.peer()).isNotEqualTo(second.peer());
    }
  }

  @Test
  void behind_a_proxy_the_forwarded_address_counts() {
    try (TestServer proxied =
        TestServer.start(
            "--p2pcp.sessions-per-address=1", "--server.forward-headers-strategy=framework")) {
      URI agent = URI.create("ws://127.0.0.1:" + proxied.port() + "/agent");
      WebSocket first = forwarded(agent, "192.0.2.1");
      assertThatThrownBy(() -> forwarded(agent, "192.0.2.1"))
          .satisfies(refused -> assertThat(status(refused)).isEqualTo(503));
      assertThatThrownBy(() -> forwarded(agent, "not an address"))
          .satisfies(refused -> assertThat(status(refused)).isEqualTo(400));
      WebSocket second = forwarded(agent, "2001:db8::1");
      first.abort();
      second.abort();
    }
  }

  @Test
  void what_a_client_says_about_himself_through_a_proxy_does_not_count() {
    try (TestServer proxied =
        TestServer.start(
            "--p2pcp.sessions-per-address=1", "--server.forward-headers-strategy=framework")) {
      URI agent = URI.create("ws://127.0.0.1:" + proxied.port() + "/agent");
      WebSocket first = forwarded(agent, "192.0.2.1", "Forwarded", "for=198.51.100.1");
      assertThatThrownBy(
              () -> forwarded(agent, "192.0.2.1", "Forwarded", "for=198.51.100.2;host=evil"))
          .satisfies(refused -> assertThat(status(refused)).isEqualTo(503));
      WebSocket second = forwarded(agent, "192.0.2.2", "X-Forwarded-Prefix", "/elsewhere");
      first.abort();
      second.abort();
    }
  }

  @Test
  void all_addresses_of_one_ipv6_subscriber_count_as_one() {
    try (TestServer proxied =
        TestServer.start(
            "--p2pcp.sessions-per-address=1", "--server.forward-headers-strategy=framework")) {
      URI agent = URI.create("ws://127.0.0.1:" + proxied.port() + "/agent");
      WebSocket first = forwarded(agent, "2001:db8::1");
      assertThatThrownBy(() -> forwarded(agent, "2001:db8::ffff:0:0:1"))
          .satisfies(refused -> assertThat(status(refused)).isEqualTo(503));
      WebSocket second = forwarded(agent, "2001:db8:0:1::1");
      first.abort();
      second.abort();
    }
  }

  private static WebSocket forwarded(URI agent, String address, String... more) {
    WebSocket.Builder builder = HTTP.newWebSocketBuilder().header("X-Forwarded-For", address);
    for (int i = 0; i < more.length; i += 2) {
      builder.header(more[i], more[i + 1]);
    }
    return builder
        .subprotocols(Transport.SUBPROTOCOL)
        .buildAsync(agent, new WebSocket.Listener() {})
        .join();
  }

  private void assertRefused(String origin, String protocol, int status) {
    assertThatThrownBy(() -> connect(origin, protocol))
        .isInstanceOf(CompletionException.class)
        .satisfies(refused -> assertThat(status(refused)).isEqualTo(status));
  }

  private static int status(Throwable refused) {
    return ((WebSocketHandshakeException) refused.getCause()).getResponse().statusCode();
  }

  private WebSocket connect(String origin, String protocol) {
    return HTTP.newWebSocketBuilder()
        .header("Origin", origin)
        .subprotocols(protocol)
        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/agent"), new WebSocket.Listener() {})
        .join();
  }
}
