package dev.p2pcp.load;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What verifying a feed's entries takes in a browser, against the browser's own SHA-256 over the
 * same entries in the same round, one after the other as well.
 */
final class FeedPage {
  private static final int ROUNDS = 5;
  private static final int WARM_UP = 2;

  private static final String HASH =
      """
      async () => {
        const start = performance.now();
        for (const entry of window.entries) await crypto.subtle.digest('SHA-256', entry);
        return performance.now() - start;
      }
      """;

  private FeedPage() {}

  static void run(Figures figures) throws IOException {
    Path profile = Files.createTempDirectory("p2pcp-bench");
    try (BenchSite site = new BenchSite();
        Chromium chromium = new Chromium();
        BrowserContext context = chromium.launch(profile)) {
      Page page = context.newPage();
      page.setDefaultTimeout(0);
      page.navigate(site.origin());
      page.evaluate("async () => { window.feed = await import('/feed.js'); }");
      double[] small = figures(page, 4_000, 1024, 200);
      double[] large = figures(page, 200, 64 * 1024, 3);
      figures
          .add("browser_verify_per_s", small[0], 0)
          .add("browser_verify_ratio_1kib", small[1], 2)
          .add("browser_verify_ratio", large[1], 2)
          .add("browser_sha256_mb_per_s", large[2], 0);
    } finally {
      StoreBench.delete(profile);
    }
  }

  /** Entries verified in a second, that against the browser's hashing, and its megabytes. */
  private static double[] figures(Page page, int count, int length, int part) {
    page.evaluate(
        "async ([count, length, part]) => { await feed.prepare(count, length, part);"
            + " window.entries = feed.entries(); }",
        new int[] {count, length, part});
    double[] rate = new double[ROUNDS];
    double[] ratio = new double[ROUNDS];
    double[] plain = new double[ROUNDS];
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      double raw = ((Number) page.evaluate(HASH)).doubleValue();
      double ours = ((Number) page.evaluate("() => feed.verify()")).doubleValue();
      if (round >= 0) {
        rate[round] = 1000 * count / ours;
        ratio[round] = raw / ours;
        plain[round] = count * (double) length / raw / 1000;
      }
      System.out.printf(
          Locale.ROOT,
          "browser, %d bytes: %.0f/s, %.2f of its SHA-256%n",
          length,
          1000 * count / ours,
          raw / ours);
    }
    return new double[] {
      StoreBench.median(rate), StoreBench.median(ratio), StoreBench.median(plain)
    };
  }
}
