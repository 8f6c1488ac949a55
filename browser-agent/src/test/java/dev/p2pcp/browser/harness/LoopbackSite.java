package dev.p2pcp.browser.harness;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Serves an empty page at {@code /} and named files, on a free port of the loopback interface. */
public final class LoopbackSite implements AutoCloseable {
  private static final String PAGE =
      "<!doctype html><html lang=en><meta charset=utf-8><link rel=icon href='data:,'><title>test</title></html>";

  private final HttpServer server;

  public LoopbackSite(Map<String, Path> files) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/",
        exchange -> {
          Path file = files.get(exchange.getRequestURI().getPath());
          byte[] body =
              file == null ? PAGE.getBytes(StandardCharsets.UTF_8) : Files.readAllBytes(file);
          exchange
              .getResponseHeaders()
              .add("Content-Type", file == null ? "text/html" : "text/javascript");
          exchange.sendResponseHeaders(200, body.length);
          try (exchange) {
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  /** Such as {@code http://localhost:40123}: a secure context. */
  public String origin() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
