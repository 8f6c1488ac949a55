package dev.p2pcp.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Losing the browser loses nothing: the 24 words bring everything back. */
class ComingBackTest {
  @RegisterExtension static final World world = new World();

  private static final int NOTES = 40;
  private static final int LONGEST_NOTE = 6_000;
  private static final int PICTURE_BYTES = 500 * 1024;
  private static final String PICTURE = "/profile/picture";

  @Test
  void words_bring_back_every_byte_after_the_profile_is_deleted() throws IOException {
    world.holders(4);
    Path directory = world.directory();
    BrowserContext profile = world.profile(directory);
    Person before = world.visitor(profile);
    String account = before.begin().account();
    String words = before.words();
    before.connected();
    Map<String, byte[]> stored = store(before);
    before.allPlaced(stored.size());
    world.leaves(before);
    World.delete(directory);

    Person after = world.visitor();
    assertThat(after.login(words).account()).isEqualTo(account);

    after.until("(await agent.list('')).length === " + stored.size());
    stored.forEach((path, bytes) -> assertThat(after.get(path)).as(path).isEqualTo(bytes));
    after.allPlaced(stored.size());
    assertThat(after.status().lending().slots()).isPositive();
    someoneIsKeptFor(after);
  }

  private static Map<String, byte[]> store(Person person) {
    Random random = new Random(40);
    Map<String, byte[]> stored = new LinkedHashMap<>();
    for (int i = 0; i < NOTES; i++) {
      stored.put("/notes/" + i, bytes(random, 1 + random.nextInt(LONGEST_NOTE)));
    }
    stored.forEach(person::put);
    Map<String, byte[]> open = new LinkedHashMap<>();
    open.put(PICTURE, bytes(random, PICTURE_BYTES));
    open.put("/profile", "{\"name\":\"Ada\"}".getBytes(StandardCharsets.UTF_8));
    open.forEach((path, bytes) -> person.put(path, bytes, Map.of("public", true)));
    stored.putAll(open);
    return stored;
  }

  /**
   * Lending again is more than a number: with everybody else gone, a newcomer's note lands here.
   */
  private static void someoneIsKeptFor(Person lender) {
    Person newcomer = world.newcomer();
    newcomer.ask("await agent.wantCopies(6)", null);
    newcomer.put("/notes/first", "kept by all five");
    newcomer.placed("/notes/first");
    assertThat(lender.status().lending().forOthers()).isPositive();
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
