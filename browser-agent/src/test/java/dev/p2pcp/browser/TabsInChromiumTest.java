package dev.p2pcp.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.p2pcp.browser.cases.TabExports;
import dev.p2pcp.browser.harness.Chromium;
import dev.p2pcp.browser.harness.Compiled;
import dev.p2pcp.browser.harness.LoopbackSite;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tabs of one profile share one agent, in a real Chromium. */
class TabsInChromiumTest {
  /** Makes of an outcome what JSON can carry. */
  private static final String REFUSAL =
      "error => ({error: error instanceof Error, code: error.code, figures: error.figures})";

  private static LoopbackSite site;
  private static Chromium chromium;
  private static com.microsoft.playwright.Browser browser;

  private BrowserContext profile;
  private Page leader;
  private Page follower;

  @BeforeAll
  static void start() {
    site = new LoopbackSite(Map.of("/agent.js", Compiled.module(TabExports.class)));
    chromium = new Chromium();
    browser = chromium.launch();
  }

  @AfterAll
  static void stop() {
    chromium.close();
    site.close();
  }

  @BeforeEach
  void openTwoTabs() {
    profile = browser.newContext();
    leader = open();
    follower = open();
  }

  @AfterEach
  void closeProfile() {
    profile.close();
  }

  @Test
  void a_following_tab_reads_what_the_leading_one_wrote_and_the_other_way_round() {
    leader.evaluate("() => agent.identity.create()");
    leader.evaluate("() => agent.put('/a', new Uint8Array([1, 2, 255]))");
    assertThat(follower.evaluate("async () => [...await agent.get('/a')]"))
        .isEqualTo(List.of(1, 2, 255));
    follower.evaluate("() => agent.put('/b', new Uint8Array([4]))");
    assertThat(leader.evaluate("async () => [...await agent.get('/b')]")).isEqualTo(List.of(4));
    assertThat(follower.evaluate("() => agent.get('/none')")).isNull();
  }

  @Test
  void state_and_identity_are_the_same_in_both_tabs_as_soon_as_a_call_is_answered() {
    assertThat(follower.evaluate("() => [agent.state(), agent.identity.me()]"))
        .isEqualTo(java.util.Arrays.asList("new", null));
    assertThat(
            follower.evaluate(
                "async () => { await agent.identity.create(); return [agent.state(), agent.identity.me().did]; }"))
        .isEqualTo(List.of("open", "did:key:z"));
    assertThat(leader.evaluate("() => [agent.state(), agent.identity.me().did]"))
        .isEqualTo(List.of("open", "did:key:z"));
    assertThat(follower.evaluate("() => agent.identity.complete('lo')"))
        .isEqualTo(List.of("london"));
  }

  @Test
  void events_reach_listeners_in_all_tabs_until_they_are_taken_off() {
    String listen =
        "() => { window.heard = []; window.off = agent.on('item', item => heard.push(item.path)); }";
    leader.evaluate(listen);
    follower.evaluate(listen);
    follower.evaluate("() => agent.identity.create()");
    follower.evaluate("() => agent.put('/a', new Uint8Array(1))");
    assertThat(follower.evaluate("() => heard")).isEqualTo(List.of("/a"));
    assertThat(leader.evaluate("() => heard")).isEqualTo(List.of("/a"));
    follower.evaluate("() => off()");
    follower.evaluate("() => agent.put('/b', new Uint8Array(1))");
    assertThat(follower.evaluate("() => heard")).isEqualTo(List.of("/a"));
  }

  @Test
  void a_refusal_is_an_error_with_code_and_figures_in_both_tabs() {
    Map<String, Object> expected =
        Map.of(
            "error",
            true,
            "code",
            "in-use",
            "figures",
            Map.of("lent", 3, "positions", List.of(1, 2)));
    assertThat(leader.evaluate("() => agent.lend(1).catch(" + REFUSAL + ")")).isEqualTo(expected);
    assertThat(follower.evaluate("() => agent.lend(1).catch(" + REFUSAL + ")")).isEqualTo(expected);
    assertThat(follower.evaluate("() => agent.put(() => 1).catch(error => error.code)"))
        .isEqualTo("bad-argument");
  }

  @Test
  void progress_and_abort_cross_the_tabs() {
    follower.evaluate("() => agent.identity.create()");
    assertThat(
            follower.evaluate(
                """
                        async () => {
                          const seen = [];
                          await agent.put('/a', new Uint8Array(9), {onProgress: p => seen.push([p.doneBytes, p.totalBytes])});
                          return seen;
                        }
                        """))
        .isEqualTo(List.of(List.of(1, 9), List.of(9, 9)));
    assertThat(
            follower.evaluate(
                """
                        async () => {
                          const stopped = new Promise(resolve => agent.on('status', resolve));
                          const stop = new AbortController();
                          const call = agent.status({signal: stop.signal}).catch(error => error.code);
                          // What is aborted before it has left never reaches the leader.
                          await agent.get('/a');
                          stop.abort();
                          return [await call, await stopped];
                        }
                        """))
        .isEqualTo(List.of("aborted", "aborted"));
  }

  @Test
  void when_the_leader_goes_the_follower_leads_with_its_keys_and_reads_go_on() {
    leader.evaluate("() => agent.identity.create()");
    leader.evaluate("() => agent.put('/a', new Uint8Array([7]))");
    // Both calls hang in the leader, at a lock that the leader itself holds.
    leader.evaluate(
        "() => new Promise(held => navigator.locks.request('test-hold',"
            + " () => { held(); return new Promise(() => {}); }))");
    follower.evaluate(
        "() => { window.read = agent.list(); window.change = agent.identity.confirm([]); }");
    leader.close();
    assertThat(follower.evaluate("() => read")).isEqualTo("free");
    assertThat(follower.evaluate("() => change.catch(error => error.code)")).isEqualTo("closed");
    assertThat(follower.evaluate("() => agent.state()")).isEqualTo("open");
    assertThat(follower.evaluate("async () => [...await agent.get('/a')]")).isEqualTo(List.of(7));
    Page third = open();
    assertThat(third.evaluate("async () => [...await agent.get('/a')]")).isEqualTo(List.of(7));
  }

  @Test
  void with_three_tabs_the_remaining_follower_finds_the_new_leader() {
    Page third = open();
    leader.evaluate("() => agent.identity.create()");
    third.evaluate("() => agent.put('/a', new Uint8Array([7]))");
    leader.evaluate("() => agent.close()");
    assertThat(third.evaluate("async () => [...await agent.get('/a')]")).isEqualTo(List.of(7));
    assertThat(follower.evaluate("async () => [...await agent.get('/a')]")).isEqualTo(List.of(7));
    assertThat(leader.evaluate("() => agent.get('/a').catch(error => error.code)"))
        .isEqualTo("closed");
  }

  @Test
  void a_leader_that_does_not_answer_is_deposed() {
    BrowserContext other = browser.newContext();
    Page hung = other.newPage();
    hung.navigate(site.origin());
    hung.evaluate(
        "() => new Promise(held => navigator.locks.request('p2pcp-agent',"
            + " () => { held(); return new Promise(() => {}); }))");
    Page page = other.newPage();
    page.navigate(site.origin());
    assertThat(page.evaluate("async () => (await (await import('/agent.js')).open({})).state()"))
        .isEqualTo("new");
    other.close();
  }

  private Page open() {
    Page page = profile.newPage();
    page.onConsoleMessage(message -> System.out.println(message.text()));
    page.navigate(site.origin());
    page.evaluate("async () => { window.agent = await (await import('/agent.js')).open({}); }");
    return page;
  }
}
