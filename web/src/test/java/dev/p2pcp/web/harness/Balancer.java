package dev.p2pcp.web.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** An HAProxy before the members of a cluster, as {@code deploy/haproxy.cfg} sets it up. */
public final class Balancer implements AutoCloseable {
  private static final Path LOGS = Path.of("target", "e2e");
  private static final Path CONFIGURATION = Path.of("..", "deploy", "haproxy.cfg");
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int STOP_SECONDS = 10;

  private final Process process;
  private final int port;

  private Balancer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Where HAProxy is installed here, if it is. */
  public static Optional<Path> program() {
    return Stream.of("/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/usr/bin/haproxy")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** One before the members at these ports of loopback. Returns when it answers. */
  public static Balancer start(List<Integer> members) {
    int port = Site.freePort();
    try {
      Files.createDirectories(LOGS);
      Path log = Files.createTempFile(LOGS, "balancer-", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(program().orElseThrow().toString(), "-db", "-f", "" + CONFIGURATION)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().put("P2PCP_BIND", "127.0.0.1:" + port);
      builder.environment().put("P2PCP_STATS", "127.0.0.1:" + Site.freePort());
      for (int i = 0; i < members.size(); i++) {
        builder.environment().put("P2PCP_MEMBER_" + (i + 1), "127.0.0.1:" + members.get(i));
      }
      Process process = builder.start();
      awaitAnswer(process, port, log);
      return new Balancer(process, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitAnswer(Process process, int port, Path log) throws IOException {
    long until = System.nanoTime() + START_NANOS;
    while (process.isAlive() && System.nanoTime() < until) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
    process.destroyForcibly();
    throw new AssertionError("HAProxy did not start:\n" + Files.readString(log));
  }

  public String origin() {
    return Site.originOf(port);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
