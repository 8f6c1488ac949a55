package dev.p2pcp.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.Site;
import dev.p2pcp.web.harness.Told;
import dev.p2pcp.web.harness.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Index servers keep nothing that matters: kill one, start another, and all is as it was. */
class ServerLossTest {
  @RegisterExtension static final World world = new World();

  private static final int NOTES = 10;
  private static final Duration BACK_WITHIN = Duration.ofSeconds(10);

  /** Who says to have each of the blocks, by what an index server answers. */
  private static final String LOCATIONS =
      """
      const found = {};
      for (const key of argument.keys) {
        const answer = await fetch(`${argument.origin}/blocks/${key}`);
        found[key] = (await answer.json()).peers.sort();
      }
      return found;
      """;

  /** The same, looked at until it is as before. */
  private static final String LOCATIONS_AGAIN =
      """
      return trial.until(async (agent, note) => {
        const found = {};
        for (const key of argument.keys) {
          const answer = await fetch(`${argument.origin}/blocks/${key}`).catch(() => null);
          found[key] = answer ? (await answer.json()).peers.sort() : [];
        }
        note(found);
        return JSON.stringify(found) === argument.before ? true : { not: found };
      }, argument.millis);
      """;

  @Test
  void another_server_answers_as_the_killed_one_did_within_ten_seconds() {
    int second = Site.freePort();
    Site first = world.site(Site.freePort());
    String[] servers = {first.origin(), Site.originOf(second)};
    List<Person> holders = Stream.generate(() -> member(servers)).limit(3).toList();
    Person author = member(servers);
    Person onPhone = world.visitorKnowing(world.site().origin(), servers);
    onPhone.login(author.words());
    List<String> keys = store(author);
    // What the account lends on both devices together, only an index server can know.
    author.until(
        "(await agent.status()).account.lent === 2 * (await agent.status()).lending.slots");
    onPhone.allPlaced(NOTES);
    List<Person> everybody = new ArrayList<>(holders);
    everybody.addAll(List.of(author, onPhone));
    String locations =
        author.ask(
            "return JSON.stringify(await (async () => {" + LOCATIONS + "})())",
            Map.of("keys", keys, "origin", first.origin()),
            String.class);
    assertThat(locations).doesNotContain("[]");
    List<Told.Account> before = accounts(everybody);

    first.kill();
    author.until("(await agent.status()).servers.every(server => server.state !== 'connected')");
    Site fresh = world.site(second);
    long ready = System.nanoTime();
    author.ask(
        LOCATIONS_AGAIN,
        Map.of(
            "keys",
            keys,
            "origin",
            fresh.origin(),
            "before",
            locations,
            "millis",
            BACK_WITHIN.toMillis()));
    assertThat(Duration.ofNanos(System.nanoTime() - ready)).isLessThan(BACK_WITHIN);

    author.until(
        "(await agent.status()).account.lent === 2 * (await agent.status()).lending.slots");
    onPhone.until(
        "(await agent.status()).account.lent === 2 * (await agent.status()).lending.slots");
    assertThat(accounts(everybody)).isEqualTo(before);
    author.put("/notes/after", "written under the fresh server");
    author.placed("/notes/after");
  }

  /** Writes notes and answers with the storage keys of all their blocks. */
  private static List<String> store(Person author) {
    for (int i = 0; i < NOTES; i++) {
      author.put("/notes/" + i, "note " + i);
    }
    author.allPlaced(NOTES);
    return author.list("/notes/").stream().map(Told.Item::storageKey).sorted().toList();
  }

  private static List<Told.Account> accounts(List<Person> people) {
    return people.stream().map(person -> person.status().account()).toList();
  }

  private static Person member(String... servers) {
    Person person = world.visitorKnowing(world.site().origin(), servers);
    person.begin();
    return person.connected();
  }
}
