package dev.p2pcp.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.Refused;
import dev.p2pcp.web.harness.Shelf;
import dev.p2pcp.web.harness.Site;
import dev.p2pcp.web.harness.Told;
import dev.p2pcp.web.harness.World;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever fails in the middle of a write: nothing is half there, and it goes on by itself. */
class TroubleTest {
  @RegisterExtension static final World world = new World();

  /** A dozen blocks. */
  private static final int LARGE = 3_000_000;

  /** Room for notes and not for that. */
  private static final int QUOTA = 2_000_000;

  private static final String START_PUT =
      "agent.put(argument.path, trial.bytes(argument.bytes)).catch(() => {});";

  @Test
  void full_storage_refuses_a_write_whole_and_takes_it_when_there_is_room() {
    List<Person> holders = world.holders(2);
    Person person = world.visitor();
    byte[] large = bytes(LARGE);
    try (Quota quota = new Quota(person)) {
      quota.is(QUOTA);
      person.begin();
      person.connected().put("/notes/before", "stored before");

      Refused refused =
          catchThrowableOfType(Refused.class, () -> person.put("/files/large", large));

      assertThat(refused.code()).isEqualTo("storage-full");
      assertNothingOf("/files/large", person);
      assertThat(person.text("/notes/before")).isEqualTo("stored before");
    }

    person.put("/files/large", large);
    person.allPlaced(2);
    assertWholeEverywhere(large, person, holders);
  }

  @Test
  void an_aborted_transaction_leaves_nothing_and_the_next_write_works() {
    List<Person> holders = world.holders(2);
    Person person = world.newcomer();
    byte[] large = bytes(LARGE);
    person.ask(
        """
        const begin = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (stores, mode, ...options) {
          const transaction = begin.call(this, stores, mode, ...options);
          if (mode === 'readwrite' && trial.abortNext) {
            trial.abortNext = false;
            // After the agent has asked for all its changes, and before any of them is committed.
            queueMicrotask(() => transaction.abort());
          }
          return transaction;
        };
        trial.abortNext = true;
        """,
        null);

    Refused refused = catchThrowableOfType(Refused.class, () -> person.put("/files/large", large));

    assertThat(refused.code()).isEqualTo("storage-failed");
    assertThat(person.ask("return trial.abortNext", null, Boolean.class)).isFalse();
    assertNothingOf("/files/large", person);
    person.put("/files/large", large);
    person.allPlaced(1);
    assertWholeEverywhere(large, person, holders);
  }

  @Test
  void a_server_that_is_gone_in_mid_write_shows_as_waiting_and_copies_follow_under_another() {
    int second = Site.freePort();
    Site first = world.site(Site.freePort());
    String[] servers = {first.origin(), Site.originOf(second)};
    List<Person> holders = Stream.generate(() -> member(servers)).limit(2).toList();
    Person person = member(servers);
    byte[] large = bytes(LARGE);
    start(person, "/files/large", large);
    person.until("(await agent.list('/files/')).some(item => item.copies.stored >= 1)");

    first.kill();

    person.until(
        "(await agent.list('/files/')).some(item => item.placement === 'waiting' && item.why === 'offline')");
    assertThat(person.get("/files/large")).isEqualTo(large);
    holders.forEach(TroubleTest::assertNothingBroken);
    world.site(second);
    person.allPlaced(1);
    assertWholeEverywhere(large, person, holders);
  }

  @Test
  void a_tab_that_is_closed_in_mid_write_has_stored_all_or_nothing() {
    List<Person> holders = world.holders(2);
    BrowserContext profile = world.profile();
    Person person = world.visitor(profile);
    person.begin();
    person.connected().put("/notes/before", "stored before");
    byte[] large = bytes(LARGE);
    start(person, "/files/large", large);
    person.close();

    Person again = world.visitor(profile);

    again.connected();
    assertNothingBroken(again);
    byte[] found = again.get("/files/large");
    if (found == null) {
      assertNothingOf("/files/large", again);
      again.put("/files/large", large);
    }
    again.allPlaced(2);
    assertWholeEverywhere(large, again, holders);
    assertThat(again.text("/notes/before")).isEqualTo("stored before");
  }

  @Test
  void a_tab_that_is_closed_while_copies_are_made_goes_on_when_it_is_opened_again() {
    List<Person> holders = world.holders(2);
    BrowserContext profile = world.profile();
    Person person = world.visitor(profile);
    person.begin();
    byte[] large = bytes(LARGE);
    person.connected().put("/files/large", large);
    person.close();

    Person again = world.visitor(profile);

    again.allPlaced(1);
    assertWholeEverywhere(large, again, holders);
  }

  private static void start(Person person, String path, byte[] bytes) {
    person.ask(START_PUT, Map.of("path", path, "bytes", Base64.getEncoder().encodeToString(bytes)));
  }

  /** Neither in the list nor on the shelf is anything of a write that did not happen. */
  private static void assertNothingOf(String path, Person person) {
    assertThat(person.list("/").stream().map(Told.Item::path)).doesNotContain(path);
    assertThat(person.get(path)).isNull();
    assertThat(person.blocks().stream().map(Told.KeptBlock::path)).doesNotContain(path);
    List<String> known = person.blocks().stream().map(Told.KeptBlock::storageKey).toList();
    assertThat(Shelf.of(person).keys()).containsExactlyInAnyOrderElementsOf(known);
    assertNothingBroken(person);
  }

  private static void assertWholeEverywhere(byte[] bytes, Person person, List<Person> holders) {
    assertThat(person.get("/files/large")).isEqualTo(bytes);
    List<Told.BlockUrls> blocks = person.urls("/files/large");
    assertThat(blocks).hasSizeGreaterThan(LARGE / 262_144).allMatch(b -> b.urls().size() == 3);
    assertNothingBroken(person);
    for (Person holder : holders) {
      assertNothingBroken(holder);
      Shelf shelf = Shelf.of(holder);
      assertThat(shelf.keys())
          .containsAll(blocks.stream().map(Told.BlockUrls::storageKey).toList());
    }
  }

  private static void assertNothingBroken(Person person) {
    assertThat(Shelf.of(person).broken()).isEmpty();
  }

  private static Person member(String... servers) {
    Person person = world.visitorKnowing(world.site().origin(), servers);
    person.begin();
    return person.connected();
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  /** What the browser grants the site, taken away until it is closed. */
  private static final class Quota implements AutoCloseable {
    private final CDPSession session;

    Quota(Person person) {
      this.session = person.page().context().newCDPSession(person.page());
    }

    /**
     * Sets it. The browser looks at it from time to time only, so do this before anything is
     * written.
     */
    void is(long bytes) {
      JsonObject quota = origin();
      quota.addProperty("quotaSize", bytes);
      session.send("Storage.overrideQuotaForOrigin", quota);
    }

    @Override
    public void close() {
      session.send("Storage.overrideQuotaForOrigin", origin());
      session.detach();
    }

    private static JsonObject origin() {
      JsonObject origin = new JsonObject();
      origin.addProperty("origin", world.site().origin());
      return origin;
    }
  }
}
