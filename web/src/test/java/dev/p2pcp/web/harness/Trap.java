package dev.p2pcp.web.harness;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that takes what it is given and may answer readers with something else. */
public final class Trap implements AutoCloseable {
  /** What readers get. */
  public enum Mood {
    HONEST,
    REDIRECT,
    HUGE
  }

  private static final int CHUNK = 64 * 1024;
  private static final int CHUNKS = 1_000;

  private final HttpServer server;
  private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger lured = new AtomicInteger();
  private final AtomicInteger sent = new AtomicInteger();
  private volatile Mood mood = Mood.HONEST;

  public Trap() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::serve);
    server.start();
  }

  public String origin() {
    return Site.originOf(server.getAddress().getPort());
  }

  public void be(Mood now) {
    mood = now;
  }

  /** Objects that readers asked for. */
  public int reads() {
    return reads.get();
  }

  /** How many followed a redirect. */
  public int lured() {
    return lured.get();
  }

  /** Chunks of 64 KiB of a huge body that were taken. */
  public int sent() {
    return sent.get();
  }

  /** As {@link Store#options}. */
  public Map<String, Object> options() {
    return Map.of(
        "endpoint",
        origin(),
        "region",
        "us-east-1",
        "bucket",
        "trap",
        "pathStyle",
        true,
        "keyId",
        "ID",
        "secret",
        "SECRET");
  }

  private void serve(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.add("Access-Control-Allow-Origin", "*");
    headers.add("Access-Control-Allow-Headers", "*");
    headers.add("Access-Control-Allow-Methods", "GET, HEAD, PUT, DELETE");
    String path = exchange.getRequestURI().getPath();
    boolean list = String.valueOf(exchange.getRequestURI().getQuery()).contains("list-type");
    switch (exchange.getRequestMethod()) {
      case "PUT" -> {
        objects.put(path, exchange.getRequestBody().readAllBytes());
        answer(exchange, 200, new byte[0]);
      }
      case "DELETE" -> {
        objects.remove(path);
        answer(exchange, 200, new byte[0]);
      }
      case "GET" -> {
        if (list) {
          StringBuilder names = new StringBuilder();
          objects.keySet().forEach(name -> names.append("<Key>").append(name).append("</Key>"));
          answer(exchange, 200, names.toString().getBytes(StandardCharsets.UTF_8));
        } else {
          read(exchange, path);
        }
      }
      default -> answer(exchange, 200, new byte[0]);
    }
  }

  private void read(HttpExchange exchange, String path) throws IOException {
    if (path.startsWith("/lured")) {
      lured.incrementAndGet();
      answer(exchange, 200, objects.getOrDefault(path.substring(6), new byte[0]));
      return;
    }
    reads.incrementAndGet();
    switch (mood) {
      case REDIRECT -> {
        exchange.getResponseHeaders().add("Location", "/lured" + path);
        answer(exchange, 302, new byte[0]);
      }
      case HUGE -> {
        exchange.sendResponseHeaders(200, 0);
        try (var out = exchange.getResponseBody()) {
          for (int i = 0; i < CHUNKS; i++) {
            out.write(new byte[CHUNK]);
            sent.incrementAndGet();
          }
        }
      }
      default -> {
        byte[] object = objects.get(path);
        answer(exchange, object == null ? 404 : 200, object == null ? new byte[0] : object);
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
