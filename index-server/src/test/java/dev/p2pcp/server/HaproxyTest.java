package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.p2pcp.transport.Transport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the proxy that we ship lets through. */
class HaproxyTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int STOP_SECONDS = 10;

  private static final List<Integer> PORTS = TestCluster.freePorts(2);
  private static TestServer server;
  private static Process proxy;

  @BeforeAll
  static void start() throws IOException {
    Optional<Path> program =
        Stream.of("/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/usr/bin/haproxy")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(program.isPresent(), "HAProxy is not installed");
    server =
        TestServer.start(
            "--server.forward-headers-strategy=framework", "--p2pcp.sessions-per-address=1");
    ProcessBuilder builder =
        new ProcessBuilder(program.orElseThrow().toString(), "-db", "-f", "../deploy/haproxy.cfg")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("P2PCP_BIND", "127.0.0.1:" + PORTS.getFirst());
    builder.environment().put("P2PCP_STATS", "127.0.0.1:" + PORTS.getLast());
    builder.environment().put("P2PCP_MEMBER_1", "127.0.0.1:" + server.port());
    proxy = builder.start();
    awaitHealth();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (proxy != null) {
      proxy.destroy();
      if (!proxy.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        proxy.destroyForcibly();
      }
    }
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/actuator/prometheus",
        "/%61ctuator/prometheus",
        "/actuator%2Fprometheus",
        "/%61ctuator",
        "/actuator;v=1/prometheus"
      })
  void figures_are_for_nobody_outside_however_their_path_is_written(String path) {
    assertThat(status(path)).isEqualTo(404);
  }

  @Test
  void health_is_for_everybody() {
    awaitHealth();
  }

  @Test
  void who_says_that_he_asks_from_elsewhere_is_not_believed() {
    awaitHealth();
    WebSocket first = connect("X-Forwarded-For", "192.0.2.1");
    try {
      for (String header : List.of("X-Forwarded-For", "Forwarded")) {
        assertThat(refusal(header, "for=192.0.2.2")).as(header).isEqualTo(503);
      }
    } finally {
      first.abort();
    }
  }

  /** On a machine with much to do, the proxy may take the member for gone now and then. */
  private static void awaitHealth() {
    Await.until("the proxy reaches the member", () -> status("/actuator/health/readiness") == 200);
  }

  private static int status(String path) {
    URI uri = URI.create("http://127.0.0.1:" + PORTS.getFirst() + path);
    return HTTP.sendAsync(
            HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
        .handle((response, failed) -> failed == null ? response.statusCode() : 0)
        .join();
  }

  private static int refusal(String header, String value) {
    try {
      connect(header, value).abort();
      return 101;
    } catch (CompletionException e) {
      return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
    }
  }

  private static WebSocket connect(String header, String value) {
    return HTTP.newWebSocketBuilder()
        .header(header, value)
        .subprotocols(Transport.SUBPROTOCOL)
        .buildAsync(
            URI.create("ws://127.0.0.1:" + PORTS.getFirst() + "/agent"),
            new WebSocket.Listener() {})
        .join();
  }
}
