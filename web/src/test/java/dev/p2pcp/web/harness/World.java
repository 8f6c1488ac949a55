package dev.p2pcp.web.harness;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Everything that the tests of one class share: one browser program, one index server, and the
 * people of the running test, whose browsers are closed after it. What pages complained about, and
 * a picture of each, is kept in {@code target/e2e} when a test fails.
 */
public final class World
    implements BeforeAllCallback, AfterTestExecutionCallback, AfterEachCallback, AfterAllCallback {
  private static final Path PICTURES = Path.of("target", "e2e");

  private final List<BrowserContext> profiles = new ArrayList<>();
  private final List<Browser> browsers = new ArrayList<>();
  private final List<Path> directories = new ArrayList<>();
  private final List<Site> sites = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private @Nullable Chromium chromium;
  private @Nullable Browser browser;
  private @Nullable Site site;

  @Override
  public void beforeAll(ExtensionContext context) {
    PlaywrightAssertions.setDefaultAssertionTimeout(Person.PATIENCE_MILLIS);
    chromium = new Chromium();
    browser = chromium.launch();
    site = Site.start();
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isEmpty()) {
      return;
    }
    complaints.forEach(System.err::println);
    int number = 0;
    for (BrowserContext profile : profiles) {
      for (Page page : profile.pages()) {
        Path file = PICTURES.resolve(context.getDisplayName() + "-" + number++ + ".png");
        page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
      }
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    profiles.forEach(BrowserContext::close);
    profiles.clear();
    browsers.forEach(Browser::close);
    browsers.clear();
    sites.forEach(Site::close);
    sites.clear();
    for (Path directory : directories) {
      delete(directory);
    }
    directories.clear();
    complaints.clear();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    try (Chromium last = Objects.requireNonNull(chromium)) {
      Objects.requireNonNull(site).close();
    }
  }

  /** The index server that all tests of the class share. */
  public Site site() {
    return Objects.requireNonNull(site);
  }

  /** Another index server on that port, for the running test. */
  public Site site(int port, String... options) {
    Site another = Site.start(port, options);
    sites.add(another);
    return another;
  }

  /** An index server that leaves out a tenth of what it knows, for the running test. */
  public Site lyingSite() {
    Site another = Site.start(LyingServer.class.getName(), 0);
    sites.add(another);
    return another;
  }

  /** A fresh browser profile. */
  public BrowserContext profile() {
    return profile(new Browser.NewContextOptions());
  }

  /** A fresh browser profile with that screen, language or colours. */
  public BrowserContext profile(Browser.NewContextOptions options) {
    return opened(Objects.requireNonNull(browser).newContext(options));
  }

  /** A browser with its profile in that directory. */
  public BrowserContext profile(Path directory) {
    return opened(Objects.requireNonNull(chromium).launch(directory));
  }

  /** A tab of a fresh profile in a browser of that house, with an agent of a site there. */
  public Person visitorIn(Streets streets, int house, Site on) {
    Browser there = Objects.requireNonNull(chromium).launch(streets, house);
    browsers.add(there);
    return Person.withAgent(opened(there.newContext()), on.originAt(Streets.HOST), List.of());
  }

  /** A directory for a profile, deleted after the test. */
  public Path directory() throws IOException {
    Path directory = Files.createTempDirectory("p2pcp-profile");
    directories.add(directory);
    return directory;
  }

  /** A tab of a fresh profile with an agent that has no identity yet. */
  public Person visitor() {
    return visitor(profile());
  }

  /** A tab of that profile with an agent, in whatever state the profile is. */
  public Person visitor(BrowserContext profile) {
    return Person.withAgent(profile, site().origin(), List.of());
  }

  /** A tab of that profile with an agent, on another site. */
  public Person visitor(BrowserContext profile, Site on) {
    return Person.withAgent(profile, on.origin(), List.of());
  }

  /** A tab of a fresh profile whose agent knows those index servers. */
  public Person visitorKnowing(String page, String... indexServers) {
    return Person.withAgent(profile(), page, List.of(indexServers));
  }

  /** A tab of a fresh profile on the site. */
  public Person onSite(String path) {
    return onSite(profile(), path);
  }

  /** A tab of that profile on the site. */
  public Person onSite(BrowserContext profile, String path) {
    return Person.onSite(profile, site().origin() + path);
  }

  /** A tab of that profile on another site. */
  public Person onSite(BrowserContext profile, Site on, String path) {
    return Person.onSite(profile, on.origin() + path);
  }

  /** Somebody new with an identity, connected and lending. */
  public Person newcomer() {
    Person person = visitor();
    person.begin();
    return person.connected();
  }

  /** So many people who are there to keep copies. */
  public List<Person> holders(int count) {
    return Stream.generate(this::newcomer).limit(count).toList();
  }

  /** Closes a browser, as when a person goes away. */
  public void leaves(Person person) {
    BrowserContext profile = person.page().context();
    profiles.remove(profile);
    profile.close();
  }

  public static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private BrowserContext opened(BrowserContext profile) {
    profiles.add(profile);
    profile.addInitScript(script());
    profile.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.type() + ": " + message.text() + " at " + message.location());
          }
        });
    profile.onWebError(error -> complaints.add("uncaught: " + error.error()));
    return profile;
  }

  private static String script() {
    try (InputStream in = World.class.getResourceAsStream("page.js")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
