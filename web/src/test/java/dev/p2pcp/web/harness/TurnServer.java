package dev.p2pcp.web.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A coturn of one's own, as docs/operations.md sets it up. */
public final class TurnServer implements AutoCloseable {
  private static final Path LOGS = Path.of("target", "e2e");
  private static final int STOP_SECONDS = 10;
  private static final String SECRET = "known to both servers of the test";

  private final Process process;
  private final String address;
  private final int port;

  private TurnServer(Process process, String address, int port) {
    this.process = process;
    this.address = address;
    this.port = port;
  }

  /** Where coturn is installed here, if it is. */
  public static Optional<Path> program() {
    return Stream.of("/usr/bin/turnserver", "/usr/local/bin/turnserver")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** One that listens at that address of this machine. */
  public static TurnServer start(String address) {
    int port = Site.freePort();
    try {
      Files.createDirectories(LOGS);
      Path log = Files.createTempFile(LOGS, "turn-", ".log");
      Process process =
          new ProcessBuilder(
                  List.of(
                      program().orElseThrow().toString(),
                      "-n",
                      "--listening-ip=" + address,
                      "--relay-ip=" + address,
                      "--listening-port=" + port,
                      "--min-port=42000",
                      "--max-port=42999",
                      "--use-auth-secret",
                      "--static-auth-secret=" + SECRET,
                      "--realm=p2pcp.test",
                      "--fingerprint",
                      "--no-tls",
                      "--no-dtls",
                      "--no-cli",
                      "--no-multicast-peers",
                      "--pidfile=" + log.resolveSibling(log.getFileName() + ".pid"),
                      "--userdb=" + log.resolveSibling(log.getFileName() + ".db"),
                      "--log-file=stdout"))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new TurnServer(process, address, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How an index server is told of it. */
  public String[] settings() {
    String at = address + ":" + port;
    return new String[] {
      "--p2pcp.ice.stun=stun:" + at,
      "--p2pcp.ice.turn=turn:" + at + "?transport=udp,turn:" + at + "?transport=tcp",
      "--p2pcp.ice.secret=" + SECRET
    };
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
