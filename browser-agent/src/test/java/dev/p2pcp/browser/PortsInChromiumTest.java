package dev.p2pcp.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import dev.p2pcp.browser.cases.PortCases;
import dev.p2pcp.browser.harness.Chromium;
import dev.p2pcp.browser.harness.Compiled;
import dev.p2pcp.browser.harness.LoopbackSite;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The ports of the browser, compiled as the agent is, in a real Chromium. */
class PortsInChromiumTest {
  private static final long SMALL_QUOTA = 3L * 1024 * 1024;

  private static LoopbackSite site;
  private static Chromium chromium;
  private static Browser browser;

  @BeforeAll
  static void start() {
    site = new LoopbackSite(Map.of("/cases.js", Compiled.module(PortCases.class)));
    chromium = new Chromium();
    browser = chromium.launch();
  }

  @AfterAll
  static void stop() {
    chromium.close();
    site.close();
  }

  @TestFactory
  Stream<DynamicTest> behaviour() {
    Page page = open();
    String names = (String) page.evaluate("() => cases.names()");
    return names.lines().map(name -> DynamicTest.dynamicTest(name, () -> pass(page, name)));
  }

  @Test
  void a_batch_that_does_not_fit_is_refused_and_none_is_stored_in_part() {
    Page page = open();
    CDPSession session = page.context().newCDPSession(page);
    JsonObject quota = new JsonObject();
    quota.addProperty("origin", site.origin());
    quota.addProperty("quotaSize", SMALL_QUOTA);
    session.send("Storage.overrideQuotaForOrigin", quota);
    pass(page, "under_a_small_quota");
  }

  @Test
  void a_store_whose_data_the_browser_clears_refuses_what_follows() {
    Page page = open();
    page.evaluate("() => { window.writing = cases.run('while_data_is_cleared'); }");
    page.waitForFunction("() => window.isWriting");
    JsonObject all = new JsonObject();
    all.addProperty("origin", site.origin());
    all.addProperty("storageTypes", "indexeddb");
    page.context().newCDPSession(page).send("Storage.clearDataForOrigin", all);
    assertThat(page.evaluate("() => writing")).isEqualTo("");
  }

  private static void pass(Page page, String name) {
    assertThat(page.evaluate("name => cases.run(name)", name)).isEqualTo("");
  }

  private static Page open() {
    Page page = browser.newContext().newPage();
    page.onConsoleMessage(message -> System.out.println(message.text()));
    page.navigate(site.origin());
    page.evaluate("async () => { window.cases = await import('/cases.js'); }");
    return page;
  }
}
