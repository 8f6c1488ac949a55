package dev.p2pcp.donor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Health and metrics of a donor on this machine only: {@code /health} (200 while an index server is
 * reached, else 503) and {@code /metrics}. It answers GET and nothing else, one request at a time.
 */
final class StatusPort implements AutoCloseable {
  private static final int WAITING = 16;
  private static final int OK = 200;
  private static final int WRONG_METHOD = 405;
  private static final int UNAVAILABLE = 503;

  private final HttpServer server;
  private final ExecutorService thread;

  /** Listens at that port of loopback; 0 for a free one. */
  StatusPort(int port, Supplier<Figures> figures) throws IOException {
    server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), WAITING);
    thread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("status").factory());
    server.setExecutor(thread);
    server.createContext(
        "/health",
        exchange -> {
          Figures now = figures.get();
          int status = now.state() == Figures.State.UP ? OK : UNAVAILABLE;
          answer(exchange, status, "application/json", now.json() + "\n");
        });
    server.createContext(
        "/metrics",
        exchange -> answer(exchange, OK, "text/plain; version=0.0.4", figures.get().metrics()));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(WRONG_METHOD, -1);
        return;
      }
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    thread.shutdown();
  }
}
