package dev.p2pcp.web.harness;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A Chromium of this machine, or the one that Playwright brings when there is none. */
final class Chromium implements AutoCloseable {
  private static final List<String> ARGUMENTS =
      List.of("--no-sandbox", "--disable-background-networking");
  private static final List<String> PLACES =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome-stable");

  private final Optional<Path> executable =
      Stream.concat(Stream.ofNullable(System.getenv("P2PCP_CHROMIUM")), PLACES.stream())
          .map(Path::of)
          .filter(Files::isExecutable)
          .findFirst();
  private final Playwright playwright =
      Playwright.create(
          new Playwright.CreateOptions()
              .setEnv(
                  executable.isPresent()
                      ? Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
                      : Map.of()));

  /** A browser whose contexts are profiles that are forgotten when they are closed. */
  Browser launch() {
    BrowserType.LaunchOptions options = new BrowserType.LaunchOptions().setArgs(ARGUMENTS);
    executable.ifPresent(options::setExecutablePath);
    return playwright.chromium().launch(options);
  }

  /**
   * A browser in a house of its own, which takes {@link Streets#HOST} for this machine there. It
   * tells others its true address and not a name for it, as no name is looked up in these streets.
   */
  Browser launch(Streets streets, int house) {
    List<String> arguments = new ArrayList<>(ARGUMENTS);
    arguments.add("--host-resolver-rules=MAP " + Streets.HOST + " " + streets.address());
    arguments.add("--disable-features=WebRtcHideLocalIpsWithMdns");
    String program =
        executable.map(Path::toString).orElseGet(() -> playwright.chromium().executablePath());
    return playwright
        .chromium()
        .launch(
            new BrowserType.LaunchOptions()
                .setArgs(arguments)
                .setExecutablePath(streets.browserIn(house, program)));
  }

  /** A browser with its profile in a directory. */
  BrowserContext launch(Path profile) {
    BrowserType.LaunchPersistentContextOptions options =
        new BrowserType.LaunchPersistentContextOptions().setArgs(ARGUMENTS);
    executable.ifPresent(options::setExecutablePath);
    return playwright.chromium().launchPersistentContext(profile, options);
  }

  @Override
  public void close() {
    playwright.close();
  }
}
