package dev.p2pcp.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.Site;
import dev.p2pcp.web.harness.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Index servers of different operators: one may die at any time, or lie. */
class SeveralOperatorsTest {
  @RegisterExtension static final World world = new World();

  private static final int ITEMS = 25;
  private static final int ITEM_BYTES = 4 << 20;
  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  /** Writes items one after the other; each says what came of it. */
  private static final String UPLOAD =
      """
      trial.written = 0;
      trial.hashes = {};
      trial.upload = (async () => {
        for (let i = 0; i < argument.items; i++) {
          const bytes = new Uint8Array(argument.bytes);
          for (let at = 0; at < bytes.length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
          const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex();
          await agent.put(`/files/${i}`, bytes);
          trial.hashes[i] = hash;
          trial.written++;
        }
      })();
      """;

  /** How many different agents are known to have each block of an item; the fewest. */
  private static final String FEWEST =
      """
      let fewest = 99;
      for (let i = 0; i < argument; i++) {
        for (const { urls } of await agent.urls(`/files/${i}`)) {
          const peers = new Set(urls.map(url => new URL(url).pathname.split('/')[2]));
          fewest = Math.min(fewest, peers.size);
        }
      }
      return fewest;
      """;

  @Test
  void an_upload_of_a_hundred_megabytes_outlives_both_servers_in_turn() {
    int[] ports = {Site.freePort(), Site.freePort()};
    Site[] sites = {world.site(ports[0]), world.site(ports[1])};
    String[] servers = {sites[0].origin(), sites[1].origin()};
    List<Person> people = Stream.generate(() -> member(servers)).limit(4).toList();
    Person author = people.get(0);
    author.lend(1_600);
    author.ask(UPLOAD, Map.of("items", ITEMS, "bytes", ITEM_BYTES));

    int kills = 0;
    for (int done = 2; done <= ITEMS - 4; done += 5) {
      author.until("(await agent.status()).items.done >= " + done);
      int victim = kills++ % 2;
      sites[victim].kill();
      author.until("(await agent.status()).items.done >= " + (done + 2));
      sites[victim] = world.site(ports[victim]);
      people.forEach(
          person ->
              person.until(
                  "(await agent.status()).servers.every(server => server.state === 'connected')"));
    }
    author.ask("await trial.upload", null);
    author.allPlaced(ITEMS);

    assertThat(kills).isEqualTo(4);
    assertThat(author.ask(FEWEST, ITEMS, Integer.class)).isGreaterThanOrEqualTo(3);
    Person elsewhere = world.visitorKnowing(world.site().origin(), servers);
    elsewhere.login(author.words());
    elsewhere.until("(await agent.status()).items.total === " + ITEMS);
    assertThat(
            elsewhere.ask(
                """
                const { bytes } = await agent.get('/files/7');
                return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex();
                """,
                null,
                String.class))
        .isEqualTo(author.ask("return trial.hashes[7]", null, String.class));
  }

  @Test
  void a_server_that_leaves_out_a_tenth_is_reported_on_the_home_page_within_a_minute() {
    Site liar = world.lyingSite();
    Site honest = world.site();
    for (int i = 0; i < 3; i++) {
      member(honest.origin(), liar.origin());
    }
    Person reader = beginner(honest, liar);
    Page page = reader.page();
    reader.put("/notes/one", "kept by others");
    assertThat(page.getByTestId("servers").getByRole(AriaRole.LISTITEM)).hasCount(2);

    assertThat(page.getByTestId("doubt"))
        .containsText(
            Pattern.compile("Leaves out about \\d+ % of what it should tell"),
            new LocatorAssertions.ContainsTextOptions().setTimeout(A_MINUTE.toMillis()));
    assertThat(page.getByTestId("doubt")).hasCount(1);
    assertThat(
            reader.ask(
                "return (await agent.status()).servers.find(s => s.omits > 0).origin",
                null,
                String.class))
        .isEqualTo(liar.origin());
  }

  @Test
  void a_server_that_is_away_is_a_note_on_the_home_page_and_nothing_else() {
    Site second = world.site(Site.freePort());
    Site first = world.site();
    for (int i = 0; i < 2; i++) {
      member(first.origin(), second.origin());
    }
    Person reader = beginner(first, second);
    Page page = reader.page();
    second.kill();

    assertThat(page.getByTestId("servers")).containsText("not there since");
    assertThat(page.getByText("Everything works meanwhile")).isVisible();
    reader.put("/notes/one", "written meanwhile");
    reader.placed("/notes/one");
  }

  @Test
  void a_server_that_an_operator_recommends_is_offered_and_stands_in_only_when_all_are_away() {
    int port = Site.freePort();
    Site other = world.site(Site.freePort());
    Site first =
        world.site(
            port,
            "--p2pcp.public-origin=" + Site.originOf(port),
            "--p2pcp.known-servers=" + other.origin());
    Person person = member(first.origin());
    person.until(
        "(await agent.status()).knownServers.some(one => one.origin === '%s' && one.operator === '%s')"
            .formatted(other.origin(), first.origin()));
    assertThat(person.status().servers()).hasSize(1);
    first.kill();
    person.until(
        "(await agent.status()).servers.some(one => one.standIn && one.state === 'connected')");
    assertThat(person.status().servers()).hasSize(2);
  }

  /** Somebody new on the home page, who lives on both. */
  private static Person beginner(Site first, Site second) {
    Person reader = world.onSite(world.profile(), first, "/");
    reader.page().getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Begin")).click();
    reader.withSitesAgent().connected();
    reader.ask("await agent.useIndexServers(argument)", List.of(first.origin(), second.origin()));
    reader.until(
        "(await agent.status()).servers.filter(s => s.state === 'connected').length === 2");
    return reader;
  }

  private static Person member(String... servers) {
    Person person = world.visitorKnowing(world.site().origin(), servers);
    person.begin();
    return person.connected();
  }
}
