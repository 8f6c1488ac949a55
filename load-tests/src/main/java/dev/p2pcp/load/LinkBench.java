package dev.p2pcp.load;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Blocks from browser to browser: what is stored by one in another, verified and on its disk, as a
 * share of what a raw data channel with messages of 64 KiB carries between the same two pages in
 * the same run. Then through the index server alone, as a share of what a plain relay of WebSocket
 * messages carries; items of four authors at once against one author's; how soon a block of 64 KiB
 * of another comes, over a link that is there and from nothing; and for how long the receiver's
 * page is kept from anything else. Figures are medians of the rounds.
 */
final class LinkBench implements Bench.Benchmark {
  private static final int ROUNDS = 3;

  /** Blocks of 256 KiB in a round. */
  private static final int BLOCKS = 256;

  private static final int BYTES = BLOCKS * 256 * 1024;
  private static final int SENDERS = 4;
  private static final int TTFB_ROUNDS = 30;
  private static final double PATIENCE_MILLIS = 180_000;
  private static final String EMPTY_PAGE = "/config.json";

  /** Opens an agent with an identity that keeps what it is given. */
  private static final String OPEN =
      """
      async () => {
        const { open } = await import('/agent/agent.js');
        globalThis.agent = await open();
        await agent.identity.create();
        while (!(await agent.status()).servers.some(({ state }) => state === 'connected'))
          await new Promise(resolve => setTimeout(resolve, 20));
        globalThis.noise = size => {
          const bytes = new Uint8Array(size);
          for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, Math.min(size, at + 65536)));
          return bytes;
        };
        return agent.identity.me().did;
      }
      """;

  /** Stores in all copies; milliseconds. */
  private static final String PLACE =
      """
      async ({ path, size }) => {
        const bytes = noise(size);
        const began = performance.now();
        await agent.put(path, bytes, { wait: 'copies' });
        return performance.now() - began;
      }
      """;

  /** Reads a public item of somebody; milliseconds. */
  private static final String READ =
      """
      async ({ path, did }) => {
        const began = performance.now();
        const content = await agent.get(path, { of: did });
        if (!content) throw new Error('not found');
        return performance.now() - began;
      }
      """;

  /** Stores public items that are nowhere else. */
  private static final String PUBLISH =
      """
      async ({ items, size }) => {
        await agent.lend(6000);
        await agent.wantCopies(1);
        for (let i = 0; i < items; i++) await agent.put('/public/' + i, noise(size), { public: true });
      }
      """;

  /** Reads items of several at once; milliseconds. */
  private static final String READ_ALL =
      """
      async ({ authors, path, times }) => {
        const began = performance.now();
        for (let i = 0; i < times; i++) {
          await Promise.all(authors.map(async of => {
            const content = await agent.get(path, { of });
            if (!content) throw new Error('not found');
          }));
        }
        return performance.now() - began;
      }
      """;

  /** How late the page's own turns are, until asked; the 99th percentile in milliseconds. */
  private static final String WATCH =
      """
      () => {
        globalThis.late = [];
        let last = performance.now();
        const port = new MessageChannel();
        port.port1.onmessage = () => {
          const now = performance.now();
          late.push(now - last);
          last = now;
          if (globalThis.late) setTimeout(() => { last = performance.now(); port.port2.postMessage(0); }, 1);
        };
        port.port2.postMessage(0);
      }
      """;

  private static final String WATCHED =
      "() => { const all = late.sort((a, b) => a - b); late = null; return all[Math.floor(all.length * 0.99)] ?? 0; }";

  @Override
  public String run(List<String> arguments) throws IOException {
    Figures figures = new Figures("link");
    try (MeasuredProcess site = MeasuredProcess.server(MeasuredProcess.ANY_CORE);
        Chromium chromium = new Chromium();
        Browser browser = chromium.launch()) {
      Page sender = page(browser, site.origin());
      Page receiver = page(browser, site.origin());
      RawPages raws = new RawPages(sender, receiver, BYTES, ROUNDS);
      double raw = raws.channel();
      double relay = raws.relay();
      sender.evaluate(OPEN);
      receiver.evaluate(OPEN);
      for (Page page : List.of(sender, receiver)) {
        page.evaluate("async () => { await agent.lend(6000); }");
      }
      sender.evaluate("async () => { await agent.wantCopies(2); }");
      double[] linked = new double[ROUNDS];
      double[] late = new double[ROUNDS];
      place(sender, "/warm-up");
      for (int round = 0; round < ROUNDS; round++) {
        receiver.evaluate(WATCH);
        linked[round] = place(sender, "/linked/" + round);
        late[round] = number(receiver.evaluate(WATCHED));
      }
      String links =
          (String) receiver.evaluate("async () => JSON.stringify((await agent.status()).links)");
      System.out.println("links of the receiver: " + links);
      figures
          .add("webrtc_ratio", StoreBench.median(linked) / raw, 2)
          .add("webrtc_mb_s", StoreBench.median(linked), 1)
          .add("raw_mb_s", raw, 1)
          .add("main_thread_block_p99_ms", StoreBench.median(late), 1);
      fanIn(browser, site.origin(), receiver, figures);
      firstBytes(browser, site.origin(), receiver, figures);
      // Relays only, and there are none: what is left is the tunnel.
      sender.evaluate("async () => { await agent.useRelaysOnly(true); }");
      double[] tunnelled = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        tunnelled[round] = place(sender, "/tunnelled/" + round);
      }
      figures
          .add("tunnel_ratio", StoreBench.median(tunnelled) / relay, 2)
          .add("tunnel_mb_s", StoreBench.median(tunnelled), 1)
          .add("relay_mb_s", relay, 1);
    }
    return figures.json();
  }

  /** Megabytes a second into the other's store. */
  private static double place(Page sender, String path) {
    double millis = number(sender.evaluate(PLACE, Map.of("path", path, "size", BYTES)));
    double rate = BYTES / 1e3 / millis;
    System.out.printf(Locale.ROOT, "%s: %.1f MB/s%n", path, rate);
    return rate;
  }

  /** Items of others, from one author and from several at once, over channels. */
  private static void fanIn(Browser browser, String origin, Page reader, Figures figures) {
    List<String> authors = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      Page author = page(browser, origin);
      authors.add((String) author.evaluate(OPEN));
      author.evaluate(PUBLISH, Map.of("items", ROUNDS + 2, "size", BYTES / SENDERS));
    }
    for (String did : authors) {
      // Until there is a channel to each.
      readAll(reader, List.of(did), "/public/0", 2);
    }
    double[] one = new double[ROUNDS];
    double[] several = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      one[round] = readAll(reader, authors.subList(0, 1), "/public/" + (round + 2), 1);
      several[round] = readAll(reader, authors, "/public/" + (round + 2), 1);
    }
    figures
        .add("fanin_ratio", StoreBench.median(several) / StoreBench.median(one), 2)
        .add("read_mb_s", StoreBench.median(one), 1);
  }

  /** Megabytes a second of an item of each of these. */
  private static double readAll(Page reader, List<String> authors, String path, int times) {
    double millis =
        number(reader.evaluate(READ_ALL, Map.of("authors", authors, "path", path, "times", times)));
    double rate = (double) times * authors.size() * (BYTES / SENDERS) / 1e3 / millis;
    System.out.printf(Locale.ROOT, "%s of %d: %.1f MB/s%n", path, authors.size(), rate);
    return rate;
  }

  private static void firstBytes(Browser browser, String origin, Page holder, Figures figures) {
    String did = (String) holder.evaluate("() => agent.identity.me().did");
    holder.evaluate("async () => { await agent.wantCopies(1); }");
    for (int i = 0; i < TTFB_ROUNDS + 8; i++) {
      holder.evaluate(
          "async i => { await agent.put('/small/' + i, noise(60000), { public: true }); }", i);
    }
    double[] cold = new double[5];
    List<Double> warm = new ArrayList<>();
    for (int round = 0; round < cold.length; round++) {
      Page reader = page(browser, origin);
      reader.evaluate(OPEN);
      cold[round] = read(reader, "/small/" + round, did);
      if (round == 0) {
        for (int i = 0; i < 40 && direct(reader) == 0; i++) {
          read(reader, "/small/" + i % 8, did);
          reader.waitForTimeout(100);
        }
        for (int i = 0; i < TTFB_ROUNDS; i++) {
          warm.add(read(reader, "/small/" + (8 + i), did));
        }
      }
      reader.context().close();
    }
    figures
        .add("read_64k_warm_ms", StoreBench.median(array(warm)), 1)
        .add("read_64k_cold_ms", StoreBench.median(cold), 1);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double direct(Page page) {
    return number(page.evaluate("async () => (await agent.status()).links.direct"));
  }

  private static double read(Page reader, String path, String did) {
    return number(reader.evaluate(READ, Map.of("path", path, "did", did)));
  }

  private static Page page(Browser browser, String origin) {
    BrowserContext context = browser.newContext(new Browser.NewContextOptions().setBypassCSP(true));
    Page page = context.newPage();
    page.setDefaultTimeout(PATIENCE_MILLIS);
    page.navigate(origin + EMPTY_PAGE);
    return page;
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }
}
