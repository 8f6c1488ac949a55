package dev.p2pcp.load;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * The browser's block store against raw IndexedDB: blocks of 256 KiB in transactions of 4 MiB, in a
 * profile on the disk. Ours verifies every block when it is put and when it is got. Rounds
 * alternate; figures are medians.
 */
final class StoreBench implements Bench.Benchmark {
  private static final int ROUNDS = 3;

  /** Blocks of one round: 64 MiB. */
  private static final int BLOCKS = 256;

  private static final double MEGABYTES = BLOCKS * 256 * 1024 / 1e6;

  /** What is measured, by the function of the page that does it. */
  private enum Kind {
    RAW_PUT("raw.put"),
    RAW_GET("raw.get"),
    PUT("ours.put"),
    GET("ours.get");

    final String function;

    Kind(String function) {
      this.function = function;
    }
  }

  private final Map<Kind, double[]> megabytesPerSecond = new EnumMap<>(Kind.class);
  private final double[] cpuSeconds = new double[ROUNDS];

  @Override
  public String run(List<String> arguments) throws IOException {
    Path profile = Files.createTempDirectory("p2pcp-bench");
    try (BenchSite site = new BenchSite();
        Chromium chromium = new Chromium();
        BrowserContext context = chromium.launch(profile)) {
      Page page = context.newPage();
      page.setDefaultTimeout(0);
      page.navigate(site.origin());
      page.evaluate(
          """
                    async count => {
                      window.raw = await import('/raw-store.js');
                      window.ours = await import('/store.js');
                      await ours.prepare(count);
                      window.blocks = ours.blocks();
                      window.keys = ours.keys();
                    }
                    """,
          BLOCKS);
      round(page, 0, "warm-up");
      for (int round = 0; round < ROUNDS; round++) {
        round(page, round, "round " + (round + 1));
      }
    } finally {
      delete(profile);
    }
    return json();
  }

  private void round(Page page, int round, String title) {
    // Who goes first takes turns, as the disk's cache is warmer for the second.
    List<Kind> order =
        round % 2 == 0
            ? List.of(Kind.RAW_PUT, Kind.RAW_GET, Kind.PUT, Kind.GET)
            : List.of(Kind.PUT, Kind.GET, Kind.RAW_PUT, Kind.RAW_GET);
    StringBuilder line = new StringBuilder(title).append(':');
    double cpu = 0;
    for (Kind kind : order) {
      double before = Chromium.cpuSeconds();
      double millis =
          ((Number) page.evaluate("() => " + kind.function + "(window.keys, window.blocks)"))
              .doubleValue();
      double used = Chromium.cpuSeconds() - before;
      if (kind == Kind.PUT || kind == Kind.GET) {
        cpu += used;
      }
      megabytesPerSecond.computeIfAbsent(kind, any -> new double[ROUNDS])[round] =
          MEGABYTES * 1000 / millis;
      line.append(
          String.format(
              Locale.ROOT, " %s %.0f MB/s (%.2f CPU s)", kind, MEGABYTES * 1000 / millis, used));
    }
    cpuSeconds[round] = cpu;
    System.out.println(line);
  }

  private String json() {
    return String.format(
        Locale.ROOT,
        "{\"bench\":\"store\",\"put_ratio\":%.2f,\"get_ratio\":%.2f,\"put_mb_s\":%.0f,\"raw_put_mb_s\":%.0f,"
            + "\"get_mb_s\":%.0f,\"raw_get_mb_s\":%.0f,\"cpu_s_per_gb\":%.2f}",
        median(Kind.PUT) / median(Kind.RAW_PUT),
        median(Kind.GET) / median(Kind.RAW_GET),
        median(Kind.PUT),
        median(Kind.RAW_PUT),
        median(Kind.GET),
        median(Kind.RAW_GET),
        median(cpuSeconds) / (2 * MEGABYTES / 1000));
  }

  private double median(Kind kind) {
    return median(megabytesPerSecond.getOrDefault(kind, new double[ROUNDS]));
  }

  static double median(double[] values) {
    return DoubleStream.of(values).sorted().skip(values.length / 2).findFirst().orElseThrow();
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
