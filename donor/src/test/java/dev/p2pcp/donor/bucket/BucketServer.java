package dev.p2pcp.donor.bucket;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A real S3 server in a process of its own, on a free port of loopback, with one bucket. */
public final class BucketServer implements AutoCloseable {
  static final String BUCKET = "donated";
  public static final BucketKey KEY = new BucketKey("PROBEKEYID", "probe-secret-never-to-be-seen");
  private static final Path JARS = Path.of("target", "buckets").toAbsolutePath();
  private static final long PATIENCE = 120_000_000_000L;

  private final Process process;
  private final URI endpoint;

  private BucketServer(Process process, URI endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /** Which server. */
  public enum Kind {
    S3PROXY,
    S3MOCK
  }

  /** Starts it with its data in that folder. */
  public static BucketServer start(Kind kind, Path folder) throws IOException {
    int port = freePort();
    URI endpoint = URI.create("http://127.0.0.1:" + port);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar"));
    Files.createDirectories(folder.resolve("data"));
    switch (kind) {
      case S3PROXY -> {
        command.addAll(List.of(JARS.resolve("s3proxy.jar").toString(), "--properties"));
        command.add(properties(folder, endpoint).toString());
      }
      case S3MOCK ->
          command.addAll(
              List.of(
                  JARS.resolve("s3mock.jar").toString(),
                  "--server.port=0",
                  "--http.port=" + port,
                  "--server.address=127.0.0.1",
                  "--com.adobe.testing.s3mock.store.root=" + folder.resolve("data"),
                  "--com.adobe.testing.s3mock.store.retain-files-on-exit=true"));
    }
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    BucketServer server = new BucketServer(process, endpoint);
    server.awaitReady(folder.resolve("log"));
    server.create();
    return server;
  }

  private static Path properties(Path folder, URI endpoint) throws IOException {
    return Files.writeString(
        folder.resolve("s3proxy.conf"),
        String.join(
            "\n",
            "s3proxy.endpoint=" + endpoint,
            "s3proxy.authorization=aws-v2-or-v4",
            "s3proxy.identity=" + KEY.id(),
            "s3proxy.credential=" + KEY.secret(),
            "jclouds.provider=filesystem-nio2",
            "jclouds.filesystem.basedir=" + folder.resolve("data"),
            ""));
  }

  /** The bucket below that prefix. */
  public BucketAddress address(String prefix) {
    return BucketAddress.parse(
            "s3://" + BUCKET + "/" + prefix, Optional.of(endpoint), "us-east-1", true)
        .orElseThrow();
  }

  /** Where it listens. */
  public URI endpoint() {
    return endpoint;
  }

  Bucket bucket(String prefix) {
    return new Bucket(address(prefix), KEY);
  }

  /** Removes all that is in the bucket, behind its owner's back. */
  public void empty() {
    try (S3Client client = client()) {
      client
          .listObjectsV2Paginator(request -> request.bucket(BUCKET))
          .contents()
          .forEach(
              object -> client.deleteObject(request -> request.bucket(BUCKET).key(object.key())));
    }
  }

  private void create() {
    try (S3Client client = client()) {
      client.createBucket(request -> request.bucket(BUCKET));
    }
  }

  private S3Client client() {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY.id(), KEY.secret())))
        .build();
  }

  private void awaitReady(Path log) throws IOException {
    long began = System.nanoTime();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() - began > PATIENCE) {
        close();
        throw new IOException("the bucket does not start: " + Files.readString(log));
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  private boolean answers() {
    try {
      return ((HttpURLConnection) endpoint.toURL().openConnection()).getResponseCode() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      boolean _ = process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
