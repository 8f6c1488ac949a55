package dev.p2pcp.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Web;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server of a stranger's, and what it can't do to who asks it. */
class HttpWebTest {
  private final JvmClock clock = new JvmClock();
  private final Web web = new HttpWeb(clock);
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.createContext("/", this::serve);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    switch (exchange.getRequestURI().getPath()) {
      case "/away" -> {
        exchange.getResponseHeaders().add("Location", url("/target"));
        exchange.sendResponseHeaders(302, -1);
      }
      case "/huge" -> {
        exchange.sendResponseHeaders(200, 0);
        byte[] much = new byte[64 * 1024];
        try {
          for (int i = 0; i < 10_000; i++) {
            exchange.getResponseBody().write(much);
          }
        } catch (IOException e) {
          // The reader has gone, as it should.
          exchange.close();
        }
      }
      case "/silent" -> {
        return;
      }
      default -> {
        byte[] body = Bytes.utf8("here").toArray();
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
    }
    exchange.close();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private Web.Answer ask(String path) throws LinkException {
    return web.ask(Web.Request.get(url(path), 1_000, true), Deadline.in(clock, 5_000));
  }

  @Test
  void reads_what_the_person_named() throws LinkException {
    Web.Answer answer = ask("/target");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(Bytes.utf8("here"));
  }

  @Test
  void a_redirect_is_not_followed() {
    assertThatThrownBy(() -> ask("/away")).isInstanceOf(LinkException.class);
    assertThat(asked).hasValue(1);
  }

  @Test
  void a_huge_body_is_not_read() {
    assertThatThrownBy(() -> ask("/huge")).isInstanceOf(LinkException.class);
  }

  @Test
  void silence_ends_at_the_deadline() {
    Web.Request request = Web.Request.get(url("/silent"), 1_000, true);
    assertThatThrownBy(() -> web.ask(request, Deadline.in(clock, 200)))
        .isInstanceOf(LinkException.class);
  }

  @Test
  void an_address_of_this_machine_is_not_asked_unless_the_person_named_it() {
    for (String host : List.of("127.0.0.1", "localhost", "[::1]")) {
      String there = "http://" + host + ":" + server.getAddress().getPort() + "/target";
      assertThatThrownBy(
              () -> web.ask(Web.Request.get(there, 1_000, false), Deadline.in(clock, 5_000)))
          .isInstanceOf(LinkException.class);
    }
    assertThat(asked).hasValue(0);
  }

  @Test
  void files_are_not_read() {
    Web.Request request = Web.Request.get("file:///etc/hostname", 1_000, true);
    assertThatThrownBy(() -> web.ask(request, Deadline.in(clock, 5_000)))
        .isInstanceOf(LinkException.class);
  }
}
