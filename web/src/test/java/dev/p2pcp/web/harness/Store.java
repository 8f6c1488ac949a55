package dev.p2pcp.web.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A real S3 server in a process of its own, on loopback, with one bucket. */
public final class Store implements AutoCloseable {
  public static final String BUCKET = "lent";
  public static final String KEY_ID = "PROBEKEYID";
  public static final String SECRET = "probe-secret-never-to-be-seen";
  private static final Path JAR = Path.of("target", "buckets", "s3proxy.jar").toAbsolutePath();
  private static final long PATIENCE = 120_000_000_000L;

  private final Process process;
  private final Path folder;
  private final String origin;

  private Store(Process process, Path folder, String origin) {
    this.process = process;
    this.folder = folder;
    this.origin = origin;
  }

  /** Starts one; with CORS it lets browsers use it. */
  public static Store start(boolean cors) {
    String origin = Site.originOf(Site.freePort());
    try {
      Path folder = Files.createTempDirectory("p2pcp-store");
      Files.createDirectories(folder.resolve("data").resolve(BUCKET));
      Path settings =
          Files.writeString(
              folder.resolve("s3proxy.conf"),
              String.join(
                  "\n",
                  "s3proxy.endpoint=" + origin,
                  "s3proxy.authorization=aws-v2-or-v4",
                  "s3proxy.identity=" + KEY_ID,
                  "s3proxy.credential=" + SECRET,
                  "s3proxy.cors-allow-all=" + cors,
                  "jclouds.provider=filesystem-nio2",
                  "jclouds.filesystem.basedir=" + folder.resolve("data"),
                  ""));
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-jar",
                  JAR.toString(),
                  "--properties",
                  settings.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      Store store = new Store(process, folder, origin);
      store.awaitReady();
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public String origin() {
    return origin;
  }

  /** What an agent is told of it. */
  public Map<String, Object> options() {
    return Map.of(
        "endpoint",
        origin,
        "region",
        "us-east-1",
        "bucket",
        BUCKET,
        "prefix",
        "p2pcp/",
        "pathStyle",
        true,
        "keyId",
        KEY_ID,
        "secret",
        SECRET);
  }

  /** Files of its objects. */
  public List<Path> objects() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private void awaitReady() throws IOException {
    long began = System.nanoTime();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() - began > PATIENCE) {
        close();
        throw new IOException("the store does not start");
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  private boolean answers() {
    try {
      return ((HttpURLConnection) URI.create(origin).toURL().openConnection()).getResponseCode()
          > 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      boolean _ = process.waitFor(10, TimeUnit.SECONDS);
      World.delete(folder);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
