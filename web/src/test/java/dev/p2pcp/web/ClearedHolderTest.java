package dev.p2pcp.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.Site;
import dev.p2pcp.web.harness.Told;
import dev.p2pcp.web.harness.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The storage of somebody who keeps a copy is cleared under the open page. */
class ClearedHolderTest {
  private static final String NOTE = "/notes/dear";
  private static final Duration SOON = Duration.ofMinutes(1);

  @RegisterExtension static final World world = new World();

  @Test
  void the_loss_is_known_within_a_minute_repaired_and_shown_to_the_owner() {
    // A server that has just started repairs nothing for a while, since most are only not back yet.
    Site site = world.site(0, "--p2pcp.calm=0s");
    List<Person> holders = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      holders.add(newcomer(site));
    }
    Person owner = world.onSite(world.profile(), site, "/");
    Page page = owner.page();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Begin")).click();
    owner.withSitesAgent().connected();
    String key = owner.put(NOTE, "kept by two others").storageKey();
    owner.placed(NOTE);
    assertThat(page.getByTestId("item-copies")).containsText("3 copies, 3 online now");
    List<Person> keepers = holders.stream().filter(holder -> keeps(holder, key)).toList();
    assertThat(keepers).hasSize(2);
    Person cleared = keepers.getFirst();
    Person spare = holders.stream().filter(holder -> !keepers.contains(holder)).findFirst().get();

    long began = System.nanoTime();
    clear(cleared, site);
    cleared.until("agent.state() === 'lost'");
    spare.until("(await agent.blocks()).some(block => block.storageKey === '%s')".formatted(key));
    Told.Item repaired =
        owner.until(
            "(await agent.list('%s')).map(i => i.placement === 'done' && i.copies.stored === 3 && i.copies.online === 3 ? i : { not: i })[0]"
                .formatted(NOTE),
            Told.Item.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
    assertThat(repaired.storageKey()).isEqualTo(key);
    assertThat(page.getByTestId("item-copies")).containsText("3 copies, 3 online now");
  }

  @Test
  void who_lost_the_storage_is_told_so_and_comes_back_by_the_words() {
    world.holders(2);
    Person person = world.onSite("/");
    Page page = person.page();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Begin")).click();
    person.withSitesAgent().connected();
    String words = person.words();
    person.put(NOTE, "still there");
    person.placed(NOTE);

    clear(person, world.site());
    assertThat(page.getByTestId("lost")).containsText("Your data is not lost");
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Log in with your 24 words"))
        .click();
    page.getByLabel("Paste all 24 words").or(page.getByLabel("Word 1", exact())).first().waitFor();
    person.withSitesAgent().login(words);
    person.connected();
    person.until("(await agent.get('%s')) !== null".formatted(NOTE));
    assertThat(person.text(NOTE)).isEqualTo("still there");
  }

  private static Page.GetByLabelOptions exact() {
    return new Page.GetByLabelOptions().setExact(true);
  }

  private static Person newcomer(Site site) {
    Person person = world.visitor(world.profile(), site);
    person.begin();
    return person.connected();
  }

  private static boolean keeps(Person person, String key) {
    return person.blocks().stream().anyMatch(block -> block.storageKey().equals(key));
  }

  private static void clear(Person person, Site site) {
    CDPSession browser = person.page().context().newCDPSession(person.page());
    JsonObject what = new JsonObject();
    what.addProperty("origin", site.origin());
    what.addProperty("storageTypes", "all");
    browser.send("Storage.clearDataForOrigin", what);
    browser.detach();
  }
}
