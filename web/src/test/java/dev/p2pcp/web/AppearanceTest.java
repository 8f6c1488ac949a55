package dev.p2pcp.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.ReducedMotion;
import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.World;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every page is usable by everybody: on a phone, in the dark, with a screen reader. */
class AppearanceTest {
  @RegisterExtension static final World world = new World();

  private static final Set<String> TOO_BAD = Set.of("serious", "critical");
  private static final int PHONE_WIDTH = 360;

  /** Channels of a background that counts as dark, at most, and of a light one, at least. */
  private static final int DARK = 60;

  private static final int LIGHT = 195;

  @Test
  void axe_finds_nothing_serious_on_any_page_in_light() {
    visitAll(new Browser.NewContextOptions(), AppearanceTest::assertAccessible);
  }

  @Test
  void axe_finds_nothing_serious_on_any_page_in_the_dark_and_the_dark_is_dark() {
    visitAll(
        new Browser.NewContextOptions().setColorScheme(ColorScheme.DARK),
        page -> {
          assertThat(background(page)).allMatch(channel -> channel <= DARK);
          assertAccessible(page);
        });
  }

  @Test
  void no_page_scrolls_sideways_on_a_phone() {
    visitAll(
        new Browser.NewContextOptions().setViewportSize(PHONE_WIDTH, 740),
        page -> {
          assertThat(background(page)).allMatch(channel -> channel >= LIGHT);
          assertThat((int) page.evaluate("document.documentElement.scrollWidth"))
              .as(page.url())
              .isLessThanOrEqualTo(PHONE_WIDTH);
        });
  }

  /** What is to hold on a page. */
  private interface Check {
    void on(Page page);
  }

  private static void visitAll(Browser.NewContextOptions look, Check check) {
    // Colours on their way to others are nobody's choice.
    look.setReducedMotion(ReducedMotion.REDUCE);
    Person person = world.onSite(world.profile(look), "/");
    Page page = person.page();
    assertThat(page.getByRole(AriaRole.BUTTON, named("Begin"))).isEnabled();
    check.on(page);
    visit(page, "/login", "Come back with your 24 words", check);
    page.navigate(world.site().origin() + "/");
    page.getByRole(AriaRole.BUTTON, named("Begin")).click();
    assertThat(page.getByTestId("connection")).containsText("Connected");
    person.withSitesAgent();
    String did = person.me().did();
    person.put("/notes/0123456789", "# A note\n\nwith a [link](https://example.org) and `code`");
    visit(page, "/", "Home", check);
    visit(page, "/notes", "Notes", check);
    visit(page, "/notes/0123456789", "A note", check);
    visit(page, "/files", "Files", check);
    visitFiles(page, check);
    visitChannels(page, check);
    visit(page, "/profile", "Profile", check);
    visit(page, "/people", "People", check);
    visit(page, "/u/" + did, "Your page is empty", check);
    visit(page, "/blocks", "Blocks", check);
    visit(page, "/settings", "Settings", check);
    visit(page, "/settings/bucket", "Lend a bucket", check);
    visit(page, "/words", "Your 24 words", check);
    visit(page, "/nowhere", null, check);
  }

  /** With a file, and with the file open. */
  private static void visitFiles(Page page, Check check) {
    String name = "a name that is so long that no phone has room for it on one line.txt";
    page.locator("#pick-files")
        .setInputFiles(new FilePayload(name, "text/plain", "text".getBytes(UTF_8)));
    page.getByTestId("files").getByTitle(name).click();
    assertThat(page.locator(".file-text")).hasText("text");
    check.on(page);
    page.keyboard().press("Escape");
    assertThat(page.getByTestId("file-view")).hasCount(0);
    check.on(page);
  }

  /** Without a channel, with one that is empty, and with what people say. */
  private static void visitChannels(Page page, Check check) {
    visit(page, "/channels", "Channels", check);
    page.getByLabel("Name or link of a channel").fill("A name that is rather long for a phone");
    page.getByRole(AriaRole.BUTTON, named("Open")).click();
    assertThat(page.getByText("Nothing has been said here yet.")).isVisible();
    check.on(page);
    for (String text :
        List.of(
            "# Hello\n\n`code` and a [link](https://example.org), and a word that does not end: "
                + "x".repeat(200),
            "> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |")) {
      page.locator(".compose textarea").fill(text);
      page.locator(".compose textarea").press("Enter");
      assertThat(page.locator(".compose textarea")).hasValue("");
    }
    assertThat(page.getByTestId("message")).hasCount(2);
    check.on(page);
    page.locator(".channel-people summary").click();
    check.on(page);
  }

  private static void visit(Page page, String path, @Nullable String title, Check check) {
    page.navigate(world.site().origin() + path);
    if (title != null) {
      assertThat(page.getByRole(AriaRole.HEADING, named(title)).first()).isVisible();
    }
    assertThat(page.locator("[aria-busy=true]")).hasCount(0);
    check.on(page);
  }

  private static void assertAccessible(Page page) {
    List<String> found =
        new AxeBuilder(page)
            .analyze().getViolations().stream()
                .filter(rule -> TOO_BAD.contains(rule.getImpact()))
                .map(rule -> rule.getId() + ": " + rule.getHelp() + " " + rule.getNodes())
                .toList();
    assertThat(found).as(page.url()).isEmpty();
  }

  /** Red, green and blue behind everything. */
  private static List<Integer> background(Page page) {
    String colour =
        (String)
            page.evaluate(
                """
                () => {
                  const of = element => getComputedStyle(element).backgroundColor;
                  return [document.body, document.documentElement].map(of).find(c => c !== 'rgba(0, 0, 0, 0)');
                }
                """);
    return Stream.of(colour.replaceAll("[^0-9,]", "").split(","))
        .limit(3)
        .map(Integer::valueOf)
        .toList();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }
}
