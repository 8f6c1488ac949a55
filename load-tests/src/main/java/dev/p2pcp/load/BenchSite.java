package dev.p2pcp.load;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Serves the modules under {@code bench/} of the class path, and an empty page, on a free port of
 * loopback.
 */
final class BenchSite implements AutoCloseable {
  private static final byte[] PAGE =
      "<!doctype html><meta charset=utf-8><link rel=icon href='data:,'><title>bench</title>"
          .getBytes(StandardCharsets.UTF_8);

  private final HttpServer server;

  BenchSite() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          try (exchange;
              InputStream module = BenchSite.class.getResourceAsStream("/bench" + path)) {
            boolean found = module != null && path.endsWith(".js");
            byte[] body = found ? module.readAllBytes() : PAGE;
            exchange
                .getResponseHeaders()
                .add("Content-Type", found ? "text/javascript" : "text/html");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  String origin() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
