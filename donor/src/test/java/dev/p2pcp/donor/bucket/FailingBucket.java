package dev.p2pcp.donor.bucket;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A server that answers every request with one error, as stores do it. */
final class FailingBucket implements AutoCloseable {
  private final HttpServer server;

  FailingBucket(int status, String code, String message) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String body =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>"
            + code
            + "</Code><Message>"
            + message
            + "</Message></Error>";
    server.createContext("/", exchange -> answer(exchange, status, body));
    server.start();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      var _ = exchange.getRequestBody().readAllBytes();
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/xml");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  BucketAddress address() {
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return BucketAddress.parse("s3://donated/x", Optional.of(endpoint), "us-east-1", true)
        .orElseThrow();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
