package dev.p2pcp.web.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An index server with the site, in a process of its own so that killing it is real. Everything
 * that it prints is in {@code target/e2e}.
 */
public final class Site implements AutoCloseable {
  private static final String READY = "p2pcp is ready at ";
  private static final int START_SECONDS = 90;
  private static final int STOP_SECONDS = 30;
  private static final Path LOGS = Path.of("target", "e2e");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final String origin;

  private Site(Process process, String origin) {
    this.process = process;
    this.origin = origin;
  }

  /** Starts a server on any free port. Returns when it is ready. */
  static Site start() {
    return start(0);
  }

  /** Starts a server on that port of loopback. Returns when it is ready. */
  static Site start(int port, String... options) {
    return start("dev.p2pcp.server.IndexServer", port, options);
  }

  /** Starts the server that this class is, as {@link #start(int, String...)}. */
  static Site start(String main, int port, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            main,
            "--server.port=" + port));
    command.addAll(List.of(options));
    try {
      Files.createDirectories(LOGS);
      Path log = Files.createTempFile(LOGS, "server-", ".log");
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new Site(process, readyAt(process, log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port that is free now. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Origin of a server on that port of loopback. */
  public static String originOf(int port) {
    return "http://127.0.0.1:" + port;
  }

  public String origin() {
    return origin;
  }

  /** The same server by another name. */
  public String originAt(String host) {
    return "http://" + host + origin.substring(origin.lastIndexOf(':'));
  }

  /** A counter that the server tells, such as {@code p2pcp_tunnel_bytes_total}. */
  public double counter(String name) {
    String metrics = new String(get("/actuator/prometheus").body(), StandardCharsets.UTF_8);
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Ends the process as kill -9 does. */
  public void kill() {
    process.destroyForcibly();
    ended();
  }

  /** Asks the process to end, as Ctrl-C does, and waits for it. */
  @Override
  public void close() {
    process.destroy();
    ended();
  }

  /** Asks for a path, as curl does. */
  public HttpResponse<byte[]> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(origin + path)).GET().build());
  }

  /** Sends a request of one's own making. */
  public static HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void ended() {
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the server does not end");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Keeps all output in the log, for as long as the process lives. */
  private static String readyAt(Process process, Path log) {
    CompletableFuture<String> ready = new CompletableFuture<>();
    // A virtual thread would keep its carrier while it waits for output, of which there are few.
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (var lines = process.inputReader();
                  var out = Files.newBufferedWriter(log)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  out.write(line);
                  out.newLine();
                  out.flush();
                  if (line.startsWith(READY)) {
                    ready.complete(line.substring(READY.length()));
                  }
                }
              } catch (IOException e) {
                ready.completeExceptionally(e);
              }
              ready.completeExceptionally(new IOException("the server ended; see " + log));
            });
    try {
      return ready.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException("the server does not start", e);
    }
  }
}
