package dev.p2pcp.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.Videos;
import dev.p2pcp.web.harness.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A large video that somebody shared is watched at once, by whoever has the link. */
class SharedVideoTest {
  @RegisterExtension static final World world = new World();

  private static final long SIZE = 300L << 20;

  /** Twice what is aimed at, which a machine reaches that does nothing else. */
  private static final int AT_ONCE_MILLIS = 4_000;

  /** Plays whatever becomes ready, and notes when. */
  private static final String PLAY =
      """
      const once = (type, then) => document.addEventListener(type, then, { capture: true, once: true });
      once('loadedmetadata', ({ target }) => { target.muted = true; target.play(); });
      once('playing', () => { trial.playingAt = performance.now(); });
      """;

  /** Seeks to the last second and tells how long it took. */
  private static final String SEEK =
      """
      const video = document.querySelector('video');
      const begun = performance.now();
      await new Promise((resolve, reject) => {
        video.addEventListener('seeked', resolve, { once: true });
        video.addEventListener('error', () => reject(video.error), { once: true });
        video.currentTime = video.duration - 1;
      });
      return performance.now() - begun;
      """;

  private static final String PLAYING =
      """
      while (!trial.playingAt) await new Promise(resolve => setTimeout(resolve, 10));
      return trial.playingAt;
      """;

  private static final String ENDED =
      """
      const video = document.querySelector('video');
      if (!video.ended) await new Promise(resolve => video.addEventListener('ended', resolve));
      """;

  @TempDir Path directory;

  @Test
  void it_plays_at_once_without_identity_and_seeks_to_the_end_as_fast() throws IOException {
    Person author = world.onSite(world.profile(world.directory()), "/");
    Page page = author.page();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Begin")).click();
    assertThat(page.getByTestId("connection")).containsText("Connected");
    author.withSitesAgent();
    author.ask("await agent.wantCopies(1); await agent.lend(1300);", null);
    Path video = directory.resolve("holiday.webm");
    Videos.write(video, SIZE, author);
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Files")).first().click();
    page.locator("#pick-files").setInputFiles(video);
    assertThat(page.getByTestId("file")).containsText("just now");
    String link = author.ask("return agent.files.share('/files/holiday.webm')", null, String.class);

    BrowserContext profile = world.profile();
    profile.addInitScript(PLAY);
    Person guest = world.onSite(profile, "/f#" + link);

    double playing = guest.ask(PLAYING, null, Double.class);
    double sought = guest.ask(SEEK, null, Double.class);
    System.out.printf("plays after %.0f ms, seeks in %.0f ms%n", playing, sought);
    assertThat(Files.size(video)).isGreaterThan(SIZE);
    assertThat(playing).isLessThan(AT_ONCE_MILLIS);
    assertThat(sought).isLessThan(AT_ONCE_MILLIS);
    assertThat(guest.ask("return agent === null || agent.state()", null, String.class))
        .isIn("true", "new");
    guest.ask(ENDED, null);
  }
}
