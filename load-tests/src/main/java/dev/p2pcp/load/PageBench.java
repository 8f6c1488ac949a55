package dev.p2pcp.load;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.LoadState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A first visit: what it fetches, compressed as it travels; how long until the page can be used;
 * and how long until a first note is stored in three copies, two other people being online. Times
 * are the page's own, from the beginning of the navigation, medians of fresh profiles.
 */
final class PageBench implements Bench.Benchmark {
  private static final int ROUNDS = 5;
  private static final int HOLDERS = 2;
  private static final double PATIENCE_MILLIS = 60_000;
  private static final String AGENT = "/agent/agent.js";

  /**
   * Does what a person does as soon as the page lets them, and notes when. Typing takes no time
   * here; the editor's own wait for the end of typing counts.
   */
  private static final String VISITOR =
      """
      globalThis.visit = { began: 0, noted: 0, tap: false };
      const steps = [
        () => {
          const begin = document.querySelector('.start-actions button:not([disabled])');
          if (!begin) return false;
          visit.began ||= performance.now();
          if (visit.tap) begin.click();
          return visit.tap;
        },
        () => {
          const first = document.querySelector('main a.button[href^="/notes/"]');
          first?.click();
          return first;
        },
        () => {
          const text = document.querySelector('p2p-note-editor textarea:not([readonly])');
          if (!text) return false;
          text.value = 'My first note';
          text.dispatchEvent(new Event('input', { bubbles: true }));
          return true;
        },
        () => {
          const state = document.querySelector('[data-testid=note-state]')?.textContent ?? '';
          if (state.includes('Saved') && state.includes('3 copies')) visit.noted ||= performance.now();
          return visit.noted > 0;
        },
      ];
      function look() {
        while (steps.length > 0 && steps[0]()) steps.shift();
        if (steps.length === 0) watch.disconnect();
      }
      const watch = new MutationObserver(look);
      watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      """;

  private static final String TAPPING = "globalThis.visit.tap = true;";

  @Override
  public String run(List<String> arguments) throws IOException {
    try (MeasuredProcess site = MeasuredProcess.server(MeasuredProcess.ANY_CORE);
        Chromium chromium = new Chromium();
        Browser browser = chromium.launch()) {
      Bytes bytes = fetched(browser, site.origin());
      double[] interactive = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        interactive[round] = interactive(browser, site.origin());
      }
      List<BrowserContext> holders = new ArrayList<>();
      for (int i = 0; i < HOLDERS; i++) {
        holders.add(holder(browser, site.origin()));
      }
      double[] firstNote = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        firstNote[round] = firstNote(browser, site.origin());
        System.out.printf(
            Locale.ROOT,
            "round %d: interactive %.0f ms, first note %.0f ms%n",
            round + 1,
            interactive[round],
            firstNote[round]);
      }
      holders.forEach(BrowserContext::close);
      return String.format(
          Locale.ROOT,
          "{\"bench\":\"page\",\"agent_gz_bytes\":%d,\"first_load_gz_bytes\":%d,"
              + "\"requests\":%d,\"interactive_ms\":%.0f,\"first_note_ms\":%.0f}",
          bytes.agent(),
          bytes.all(),
          bytes.requests(),
          StoreBench.median(interactive),
          StoreBench.median(firstNote));
    }
  }

  /** Bodies of responses as they travelled. */
  private record Bytes(long agent, long all, int requests) {}

  private static Bytes fetched(Browser browser, String origin) {
    try (BrowserContext context = browser.newContext()) {
      Page page = context.newPage();
      List<Request> requests = new ArrayList<>();
      page.onRequestFinished(requests::add);
      page.navigate(origin);
      page.waitForSelector(".start-actions button:not([disabled])");
      page.waitForLoadState(LoadState.NETWORKIDLE);
      long agent = 0;
      long all = 0;
      for (Request request : List.copyOf(requests)) {
        long size = request.sizes().responseBodySize;
        System.out.printf("%8d %s%n", size, request.url());
        all += size;
        agent += request.url().contains(AGENT) ? size : 0;
      }
      if (agent == 0) {
        throw new IllegalStateException("the first visit did not fetch the agent");
      }
      return new Bytes(agent, all, requests.size());
    }
  }

  private static double interactive(Browser browser, String origin) {
    try (BrowserContext context = browser.newContext()) {
      return time(visit(context, origin, false), "began");
    }
  }

  private static double firstNote(Browser browser, String origin) {
    try (BrowserContext context = browser.newContext()) {
      return time(visit(context, origin, true), "noted");
    }
  }

  /** Somebody who stays, connected and lending. */
  private static BrowserContext holder(Browser browser, String origin) {
    BrowserContext context = browser.newContext();
    Page page = context.newPage();
    page.setDefaultTimeout(PATIENCE_MILLIS);
    page.navigate(origin);
    page.click(".start-actions button:not([disabled])");
    page.waitForSelector("[data-testid=connection].up");
    return context;
  }

  private static Page visit(BrowserContext context, String origin, boolean tapping) {
    context.addInitScript(tapping ? VISITOR + TAPPING : VISITOR);
    Page page = context.newPage();
    page.navigate(origin);
    return page;
  }

  private static double time(Page page, String moment) {
    return ((Number)
            page.waitForFunction(
                    "moment => globalThis.visit[moment]",
                    moment,
                    new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MILLIS))
                .jsonValue())
        .doubleValue();
  }
}
