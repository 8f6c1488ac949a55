package dev.p2pcp.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.Store;
import dev.p2pcp.web.harness.Trap;
import dev.p2pcp.web.harness.World;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody lends a bucket from the browser, and what is in it outlives the browser. */
class LendBucketTest {
  @RegisterExtension static final World world = new World();

  private static Store store;

  @BeforeAll
  static void open() {
    store = Store.start(true);
  }

  @AfterAll
  static void close() {
    store.close();
  }

  private static final String LEND =
      "const state = await agent.bucket.lend(argument); return state.here";

  private static final String READ =
      """
      const read = await agent.get('/profile', { of: argument });
      return read ? new TextDecoder().decode(read.bytes) : 'nobody';
      """;

  @Test
  void public_items_are_read_from_the_bucket_alone_when_all_tabs_are_closed() throws Exception {
    Person ada = world.newcomer();
    List<Person> others = world.holders(2);
    ada.ask(LEND, store.options(), Boolean.class);
    ada.lend(300);
    for (int i = 0; i < 46; i++) {
      ada.put("/notes/" + i, "note " + i);
    }
    byte[] large = new byte[12_800_000];
    // Blocks that are alike would be one.
    new Random(1).nextBytes(large);
    ada.put("/large", large, Map.of("public", true));
    ada.put(
        "/profile", "{\"name\":\"Ada\"}".getBytes(StandardCharsets.UTF_8), Map.of("public", true));
    ada.allPlaced(48);
    assertThat(ada.status().account().blocks()).isGreaterThanOrEqualTo(97);
    ada.until("(await agent.bucket.state()).published >= 51");
    others.get(0).put("/notes/of-another", "kept in the bucket");
    others.get(0).placed("/notes/of-another");
    String did = ada.me().did();
    world.leaves(ada);
    others.forEach(world::leaves);

    Person dora = world.newcomer();
    assertThat(dora.ask(READ, did, String.class)).isEqualTo("nobody");
    dora.ask("return await agent.bucket.allow([argument])", store.origin(), List.class);
    dora.until("(await agent.get('/profile', { of: '%s' }))?.version === 1".formatted(did));
    assertThat(dora.ask(READ, did, String.class)).isEqualTo("{\"name\":\"Ada\"}");
    assertThat(
            dora.ask(
                "return (await agent.get('/large', { of: argument })).bytes.length",
                did,
                Integer.class))
        .isGreaterThan(12_000_000);
    assertThat(
            dora.ask(
                "return String(await agent.get('/notes/1', { of: argument }))", did, String.class))
        .isEqualTo("null");
    for (Path object : store.objects()) {
      assertThat(new String(Files.readAllBytes(object), StandardCharsets.ISO_8859_1))
          .doesNotContain(Store.SECRET);
    }
  }

  @Test
  void the_page_checks_lends_shows_and_ends() {
    Person ada = world.onSite("/");
    Page page = ada.page();
    List<String> told = listen(page);
    page.setViewportSize(1280, 900);
    button(page, "Begin").click();
    assertThat(page.getByTestId("connection")).containsText("Connected");
    page.navigate(world.site().origin() + "/settings");
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Lend a bucket")).click();
    fill(page, store.origin(), "another-secret");
    button(page, "Check it").click();
    assertThat(page.getByTestId("bucket-told"))
        .containsText("The secret key does not fit the access key.");
    picture(page, "bucket-trouble");
    page.getByLabel("Secret key").fill(Store.SECRET);
    button(page, "Check it").click();
    assertThat(page.getByTestId("bucket-told")).containsText("It works");
    page.getByLabel("Requests a month at most").fill("100000");
    page.getByLabel("Room you lend, in blocks").fill("3000");
    button(page, "Lend this bucket").click();
    assertThat(page.getByTestId("bucket-state")).containsText("Lent, and working.");
    ada.withSitesAgent();
    assertThat(ada.status().lending().slots()).isEqualTo(3000);
    ada.put("/profile", "Ada".getBytes(StandardCharsets.UTF_8), Map.of("public", true));
    assertThat(page.getByTestId("bucket-requests")).not().hasText("0");
    assertThat(page.getByTestId("bucket-cost")).containsText("this month");
    page.locator("summary", new Page.LocatorOptions().setHasText("Prices")).click();
    page.getByLabel("$ for a thousand writes").fill("100000");
    page.getByLabel("$ for a thousand writes").blur();
    assertThat(page.getByTestId("bucket-cost")).containsText("$");
    picture(page, "bucket-wide");
    page.setViewportSize(390, 844);
    picture(page, "bucket-phone");
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    picture(page, "bucket-dark");
    button(page, "Stop lending it").click();
    button(page, "Stop lending").click();
    assertThat(page.getByTestId("bucket-state")).hasCount(0);
    assertThat(told).hasSizeGreaterThan(20);
    assertThat(told).noneMatch(one -> one.contains(Store.SECRET));
    assertThat(told)
        .filteredOn(one -> !one.startsWith(store.origin()))
        // A signed URL names the key that signed it.
        .noneMatch(
            one -> one.replace("X-Amz-Credential=" + Store.KEY_ID, "").contains(Store.KEY_ID));
  }

  /** All that goes out from that page: addresses, bodies, messages to index servers. */
  private static List<String> listen(Page page) {
    List<String> told = new CopyOnWriteArrayList<>();
    page.onRequest(
        request -> {
          byte[] body = request.postDataBuffer();
          String text = body == null ? "" : new String(body, StandardCharsets.ISO_8859_1);
          told.add(request.url() + " " + text);
        });
    page.onWebSocket(
        socket ->
            socket.onFrameSent(
                frame -> {
                  byte[] binary = frame.binary();
                  told.add(
                      binary == null
                          ? String.valueOf(frame.text())
                          : new String(binary, StandardCharsets.ISO_8859_1));
                }));
    return told;
  }

  @Test
  void a_store_that_lets_no_browser_in_is_told_from_one_that_is_away() {
    try (Store closed = Store.start(false)) {
      Page page = world.profile(new Browser.NewContextOptions()).newPage();
      page.navigate(world.site().origin() + "/");
      button(page, "Begin").click();
      assertThat(page.getByTestId("connection")).containsText("Connected");
      page.navigate(world.site().origin() + "/settings/bucket");
      fill(page, closed.origin(), Store.SECRET);
      button(page, "Check it").click();
      assertThat(page.getByTestId("cors-rule")).containsText("AllowedOrigins");
      picture(page, "bucket-cors");
      page.getByLabel("Endpoint").fill("http://127.0.0.1:9");
      button(page, "Check it").click();
      assertThat(page.getByTestId("bucket-told")).containsText("The endpoint can’t be reached.");
    }
  }

  @Test
  void a_reader_follows_no_redirect_reads_no_huge_body_and_asks_no_local_machine() {
    try (Trap trap = new Trap()) {
      Person ada = world.newcomer();
      ada.ask(LEND, trap.options(), Boolean.class);
      ada.put("/profile", "Ada".getBytes(StandardCharsets.UTF_8), Map.of("public", true));
      ada.until("(await agent.bucket.state()).published > 0");
      String did = ada.me().did();
      world.leaves(ada);

      int before = trap.reads();
      Person careful = world.newcomer();
      assertThat(careful.ask(READ, did, String.class)).isEqualTo("nobody");
      assertThat(trap.reads()).isEqualTo(before);

      trap.be(Trap.Mood.REDIRECT);
      assertThat(allowing(trap).ask(READ, did, String.class)).isEqualTo("nobody");
      assertThat(trap.reads()).isGreaterThan(before);
      assertThat(trap.lured()).isZero();

      trap.be(Trap.Mood.HUGE);
      assertThat(allowing(trap).ask(READ, did, String.class)).isEqualTo("nobody");
      assertThat(trap.sent()).isLessThan(900);

      trap.be(Trap.Mood.HONEST);
      assertThat(allowing(trap).ask(READ, did, String.class)).isEqualTo("Ada");
    }
  }

  private static Person allowing(Trap trap) {
    Person reader = world.newcomer();
    reader.ask("return await agent.bucket.allow([argument])", trap.origin(), List.class);
    return reader;
  }

  private static com.microsoft.playwright.Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static void fill(Page page, String endpoint, String secret) {
    page.getByLabel("Endpoint").fill(endpoint);
    page.getByLabel("Bucket", new Page.GetByLabelOptions().setExact(true)).fill(Store.BUCKET);
    page.getByLabel("Access key").fill(Store.KEY_ID);
    page.getByLabel("Secret key").fill(secret);
  }

  private static void picture(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setFullPage(true)
            .setPath(Path.of("target", "e2e", name + ".png")));
  }
}
