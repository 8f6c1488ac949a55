package dev.p2pcp.load;

import dev.p2pcp.identity.SeedPhrase;
import dev.p2pcp.jvm.JvmEntropy;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A donor of a disk: how fast its store takes and gives blocks beside a plain file ({@link
 * DonorStoreRounds}), and how soon it is back with many blocks, and how much memory it takes, as a
 * process of its own that is logged in at a real index server.
 */
final class DonorBench implements Bench.Benchmark {
  private static final String JVM = "P2PCP_DONOR_JVM";
  private static final String MAIN = "dev.p2pcp.donor.Main";
  private static final int KEPT = 100_000;
  private static final int ROUNDS = 3;
  private static final int OK = 200;
  private static final double MEGABYTE = 1e6;

  /** After the login receipts are still shown and blocks announced, in milliseconds. */
  private static final long SETTLED = 10_000;

  private static final long DEADLINE_SECONDS = 120;

  @Override
  public String run(List<String> arguments) throws Exception {
    Path root =
        arguments.isEmpty()
            ? Files.createTempDirectory("p2pcp-donor")
            : Files.createDirectories(Path.of(arguments.getFirst()));
    Figures figures = new Figures("donor");
    try {
      new DonorStoreRounds(root.resolve("rounds")).run(figures);
      startAndMemory(root.resolve("kept"), figures);
    } finally {
      delete(root);
    }
    return figures.json();
  }

  private static void startAndMemory(Path folder, Figures figures) throws Exception {
    SeedPhrase phrase = SeedPhrase.generate(new JvmEntropy());
    Files.createDirectories(folder);
    Path file = Files.createFile(folder.resolve("phrase"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(file, phrase.text());
    try (MeasuredProcess server = MeasuredProcess.server(MeasuredProcess.ANY_CORE)) {
      int port = MeasuredProcess.freePort();
      try (MeasuredProcess donor = donate(folder, server.origin(), port)) {
        String _ = donor.line("up: ");
      }
      long began = System.nanoTime();
      DonorFixture.fill(folder, phrase, KEPT);
      System.out.printf(Locale.ROOT, "%d blocks made in %.0f s%n", KEPT, since(began));
      double[] up = new double[ROUNDS];
      double[] announced = new double[ROUNDS];
      double[] resident = new double[ROUNDS];
      for (int round = -1; round < ROUNDS; round++) {
        round(folder, server, port, Math.max(0, round), up, announced, resident);
      }
      figures
          .add("startup_s", StoreBench.median(up), 2)
          .add("announced_s", StoreBench.median(announced), 1)
          .add("rss_mb", StoreBench.median(resident), 0);
    }
  }

  private static void round(
      Path folder,
      MeasuredProcess server,
      int port,
      int round,
      double[] up,
      double[] announced,
      double[] resident)
      throws Exception {
    // What the one before announced goes with its session.
    await("gone", () -> locations(server) < KEPT);
    long began = System.nanoTime();
    try (MeasuredProcess donor = donate(folder, server.origin(), port)) {
      await("up", () -> status("http://127.0.0.1:" + port + "/health") == OK);
      up[round] = since(began);
      await("announced", () -> locations(server) >= KEPT);
      announced[round] = since(began);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SETTLED));
      resident[round] = donor.residentBytes() / MEGABYTE;
      System.out.printf(
          Locale.ROOT,
          "up after %.2f s, all announced after %.1f s, %.0f MB, %.1f CPU s%n",
          up[round],
          announced[round],
          resident[round],
          donor.cpuSeconds());
    }
  }

  private static MeasuredProcess donate(Path folder, String origin, int port) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Arrays.stream(System.getenv().getOrDefault(JVM, "").split(" "))
        .filter(flag -> !flag.isEmpty())
        .forEach(command::add);
    if (!command.contains("-cp")) {
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    }
    command.addAll(List.of(MAIN, "donate", "--dir=" + folder, "--slots=" + KEPT));
    command.addAll(List.of("--server=" + origin, "--status-port=" + port));
    return MeasuredProcess.start(MeasuredProcess.ANY_CORE, command);
  }

  /** Something to wait for. */
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(String what, Condition condition) throws IOException {
    long began = System.nanoTime();
    while (!condition.holds()) {
      if (since(began) > DEADLINE_SECONDS) {
        throw new IOException("in vain: " + what);
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static double since(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private static double locations(MeasuredProcess server) throws IOException {
    URI url = URI.create(server.origin() + "/actuator/prometheus");
    try (InputStream in = url.toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("p2pcp_locations"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }

  private static int status(String url) {
    try {
      return ((HttpURLConnection) URI.create(url).toURL().openConnection()).getResponseCode();
    } catch (IOException e) {
      return 0;
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
