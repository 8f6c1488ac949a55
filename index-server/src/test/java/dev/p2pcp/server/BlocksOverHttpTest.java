package dev.p2pcp.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.index.ProofCheck;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Reaching into an agent by URL. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
class BlocksOverHttpTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @LocalServerPort private int port;

  @Test
  void a_url_returns_the_exact_bytes_out_of_an_agent() throws Exception {
    byte[] payload = new byte[Block.Content.MAX_PAYLOAD];
    new Random(1).nextBytes(payload);
    Block.Content block = Block.Content.of(Bytes.wrap(payload));
    StorageKey key = StorageKey.ofContent(RawAgent.CRYPTO, block.encoded());
    try (RawAgent holder = RawAgent.login(port)) {
      holder.ask(new SessionFrame.Announce(1, List.of(key)));
      String url = "http://127.0.0.1:" + port + "/peers/" + holder.peer() + "/blocks/" + key;
      HttpResponse<String> locations = get("/blocks/" + key, HttpResponse.BodyHandlers.ofString());
      assertThat(locations.body())
          .isEqualTo(
              "{\"storageKey\":\"%s\",\"urls\":[\"%s\"],\"peers\":[\"%s\"]}"
                  .formatted(key, url, holder.peer()));
      CompletableFuture<HttpResponse<byte[]>> response =
          HTTP.sendAsync(
              HttpRequest.newBuilder(URI.create(url)).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      RawAgent.Asked asked = holder.awaitRequest();
      assertThat(asked.request()).isEqualTo(new PeerFrame.Get(key));
      assertThat(asked.from()).isEqualTo(ProofCheck.SERVER);
      holder.reply(asked, new PeerFrame.BlockReply(block.encoded()));
      assertThat(response.join().body()).isEqualTo(block.encoded().toArray());
      assertThat(header(response.join(), "Content-Type")).isEqualTo("application/octet-stream");
      assertThat(header(response.join(), "Cache-Control")).contains("immutable");
      assertThat(header(response.join(), "X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(header(response.join(), "Content-Disposition")).startsWith("attachment");
      assertThat(header(response.join(), "Content-Security-Policy")).contains("sandbox");
    }
  }

  @Test
  void bytes_that_are_not_what_the_key_names_are_never_cached() throws Exception {
    Block.Content block = Block.Content.of(Bytes.utf8("something else"));
    try (RawAgent holder = RawAgent.login(port)) {
      CompletableFuture<HttpResponse<byte[]>> response =
          HTTP.sendAsync(
              request(holder, anyKey()).build(), HttpResponse.BodyHandlers.ofByteArray());
      holder.reply(holder.awaitRequest(), new PeerFrame.BlockReply(block.encoded()));
      assertThat(header(response.join(), "Cache-Control")).isEqualTo("no-store");
    }
  }

  @Test
  void a_put_hands_over_a_new_version_and_the_holders_refusal_comes_back_as_a_problem()
      throws Exception {
    StorageKey key = anyKey();
    try (RawAgent holder = RawAgent.login(port)) {
      assertThat(put(holder, key, new PeerFrame.Ok()).statusCode()).isEqualTo(204);
      HttpResponse<String> stale =
          put(holder, key, new PeerFrame.Denied(Refusal.of(Refusal.STALE_VERSION, "version", 7)));
      assertThat(stale.statusCode()).isEqualTo(409);
      assertThat(header(stale, "Content-Type")).isEqualTo("application/problem+json");
      assertThat(stale.body()).contains("\"code\":\"stale-version\"").contains("\"figures\":[7]");
      assertThat(denied(holder, key, Refusal.TICKET_REQUIRED)).isEqualTo(403);
      assertThat(denied(holder, key, Refusal.BAD_SIGNATURE)).isEqualTo(403);
      assertThat(denied(holder, key, Refusal.FULL)).isEqualTo(507);
      assertThat(denied(holder, key, 999)).isEqualTo(502);
    }
  }

  @Test
  void a_put_over_the_limit_is_refused_before_any_agent_sees_it() throws Exception {
    try (RawAgent holder = RawAgent.login(port)) {
      HttpRequest request =
          request(holder, anyKey())
              .PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[Block.MAX_LENGTH + 1]))
              .header("Content-Type", "application/octet-stream")
              .build();
      HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
    }
  }

  @Test
  void an_agent_that_goes_or_closes_is_said_to_be_gone() throws Exception {
    StorageKey key = anyKey();
    RawAgent holder = RawAgent.login(port);
    CompletableFuture<HttpResponse<String>> response =
        HTTP.sendAsync(request(holder, key).build(), HttpResponse.BodyHandlers.ofString());
    holder.awaitRequest();
    holder.close();
    assertThat(response.join().statusCode()).isEqualTo(404);
    assertThat(response.join().body()).contains("unknown-peer");
  }

  @Test
  void an_agent_that_does_not_answer_is_given_up() throws Exception {
    try (TestServer server = TestServer.start("--p2pcp.tunnel-deadline=1s");
        RawAgent holder = RawAgent.login(server.port())) {
      URI uri =
          URI.create(
              "http://127.0.0.1:%d/peers/%s/blocks/%s"
                  .formatted(server.port(), holder.peer(), anyKey()));
      HttpResponse<String> response =
          HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(504);
      assertThat(response.body()).contains("too-slow");
    }
  }

  @Test
  void a_body_that_does_not_come_is_given_up() throws Exception {
    try (TestServer server = TestServer.start("--p2pcp.tunnel-deadline=1s");
        Socket socket = new Socket("127.0.0.1", server.port())) {
      assertThat(answer(socket, "/peers/" + anyKey() + "/blocks/" + anyKey()))
          .startsWith("HTTP/1.1 504");
    }
  }

  /** The first line that answers a PUT whose body does not come. */
  private static String answer(Socket socket, String path) throws IOException {
    String head =
        "PUT %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n";
    socket.getOutputStream().write(head.formatted(path).getBytes(US_ASCII));
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
  }

  @Test
  void a_put_for_which_there_is_no_room_is_refused_before_its_body_comes() throws Exception {
    try (TestServer server = TestServer.start("--p2pcp.tunnel-requests=1");
        RawAgent holder = RawAgent.login(server.port());
        Socket socket = new Socket("127.0.0.1", server.port())) {
      String path = "/peers/" + holder.peer() + "/blocks/" + anyKey();
      CompletableFuture<HttpResponse<String>> first =
          HTTP.sendAsync(
              HttpRequest.newBuilder(URI.create(server.origin() + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      RawAgent.Asked asked = holder.awaitRequest();
      socket.setSoTimeout(10_000);
      assertThat(answer(socket, path)).startsWith("HTTP/1.1 503");
      holder.reply(asked, new PeerFrame.Denied(Refusal.of(Refusal.NOT_FOUND, "")));
      assertThat(first.join().statusCode()).isEqualTo(404);
    }
  }

  @Test
  void members_that_do_not_answer_make_a_lookup_busy_and_no_key_gets_into_the_log(
      CapturedOutput output) throws Exception {
    try (TestServer server = TestServer.start()) {
      server.part(HazelcastInstance.class).getLifecycleService().terminate();
      StorageKey key = anyKey();
      HttpResponse<String> response =
          HTTP.send(
              HttpRequest.newBuilder(URI.create(server.origin() + "/blocks/" + key)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).contains("\"code\":\"busy\"");
      assertThat(output.getAll()).doesNotContain(key.toString());
    }
  }

  @Test
  void what_is_no_storage_key_is_malformed() throws Exception {
    HttpResponse<String> response = get("/blocks/short", HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(response.body()).contains("\"code\":\"malformed\"");
  }

  @Test
  void pages_of_other_sites_may_read_and_write() throws Exception {
    HttpRequest read =
        HttpRequest.newBuilder(uri("/blocks/" + anyKey()))
            .header("Origin", "https://elsewhere.example")
            .build();
    assertThat(
            header(
                HTTP.send(read, HttpResponse.BodyHandlers.discarding()),
                "Access-Control-Allow-Origin"))
        .isEqualTo("*");
    HttpRequest preflight =
        HttpRequest.newBuilder(uri("/peers/" + anyKey() + "/blocks/" + anyKey()))
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .header("Origin", "https://elsewhere.example")
            .header("Access-Control-Request-Method", "PUT")
            .header("Access-Control-Request-Headers", "content-type")
            .build();
    HttpResponse<Void> allowed = HTTP.send(preflight, HttpResponse.BodyHandlers.discarding());
    assertThat(allowed.statusCode()).isEqualTo(200);
    assertThat(header(allowed, "Access-Control-Allow-Methods")).contains("PUT");
  }

  @Test
  void the_server_tells_of_itself_and_its_interface() throws Exception {
    assertThat(get("/config.json", HttpResponse.BodyHandlers.ofString()).body())
        .isEqualTo("{\"indexServers\":[\"http://127.0.0.1:" + port + "\"]}");
    assertThat(get("/actuator/health", HttpResponse.BodyHandlers.ofString()).body()).contains("UP");
    assertThat(get("/actuator/prometheus", HttpResponse.BodyHandlers.ofString()).body())
        .contains("p2pcp_sessions", "p2pcp_tunnel_bytes_total", "p2pcp_event_loop_lag_seconds");
    assertThat(get("/v3/api-docs", HttpResponse.BodyHandlers.ofString()).body())
        .contains(
            "/blocks/{storageKey}", "/peers/{peerId}/blocks/{storageKey}", "p2pcp index server");
  }

  private int denied(RawAgent holder, StorageKey key, int code) throws MalformedFrameException {
    return put(holder, key, new PeerFrame.Denied(Refusal.of(code, ""))).statusCode();
  }

  private HttpResponse<String> put(RawAgent holder, StorageKey key, PeerFrame.Reply reply)
      throws MalformedFrameException {
    byte[] body = new byte[200_000];
    HttpRequest request =
        request(holder, key)
            .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
            .header("Content-Type", "application/octet-stream")
            .build();
    CompletableFuture<HttpResponse<String>> response =
        HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    RawAgent.Asked asked = holder.awaitRequest();
    assertThat(asked.request()).isEqualTo(new PeerFrame.Update(key, Bytes.wrap(body)));
    holder.reply(asked, reply);
    return response.join();
  }

  private <T> HttpResponse<T> get(String path, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    return HTTP.send(HttpRequest.newBuilder(uri(path)).build(), handler);
  }

  private HttpRequest.Builder request(RawAgent holder, StorageKey key) {
    return HttpRequest.newBuilder(uri("/peers/" + holder.peer() + "/blocks/" + key));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static StorageKey anyKey() {
    return new StorageKey(RawAgent.newKey().publicKey().bytes());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
