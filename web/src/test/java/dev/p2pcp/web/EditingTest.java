package dev.p2pcp.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.Told;
import dev.p2pcp.web.harness.World;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One person in several tabs and on several devices loses nothing. */
class EditingTest {
  @RegisterExtension static final World world = new World();

  private static final int EACH = 8;

  @BeforeEach
  void two_people_with_room() {
    world.holders(2);
  }

  @Test
  void two_tabs_of_one_profile_edit_different_notes() {
    Person left = world.newcomer();
    Person right = left.anotherTab(world.site().origin());

    editAtOnce(left, right);

    assertBothHaveAll(left, right);
  }

  @Test
  void two_browsers_of_one_account_edit_different_notes() {
    Person laptop = world.newcomer();
    Person phone = world.visitor();
    phone.login(laptop.words());
    phone.connected();

    editAtOnce(laptop, phone);

    assertBothHaveAll(laptop, phone);
  }

  @Test
  void the_later_edit_of_one_note_wins_in_both_browsers_and_the_other_is_offered() {
    Person laptop = world.newcomer();
    Person phone = world.visitor();
    phone.login(laptop.words());
    Told.Item item = laptop.put("/notes/same", "as it was");
    phone.until("(await agent.list('/notes/same')).length === 1");

    put(laptop, item.version(), "from the laptop");
    put(phone, item.version(), "from the phone");

    for (Person each : List.of(laptop, phone)) {
      each.until(textOf("/notes/same") + " === 'from the phone'");
    }
    List<String> offered =
        Stream.of(laptop, phone).flatMap(EditingTest::offers).distinct().toList();
    assertThat(offered).containsExactly("from the laptop");
  }

  @Test
  void the_later_edit_of_one_note_wins_in_both_tabs_and_the_other_is_offered() {
    Person left = world.newcomer();
    Person right = left.anotherTab(world.site().origin());
    Told.Item item = left.put("/notes/same", "as it was");

    put(left, item.version(), "from the left");
    put(right, item.version(), "from the right");

    for (Person each : List.of(left, right)) {
      assertThat(each.text("/notes/same")).isEqualTo("from the right");
      assertThat(offers(each)).containsExactly("from the left");
    }
    left.ask("await agent.dismissConflict(argument)", left.conflicts().getFirst().id());
    assertThat(right.conflicts()).isEmpty();
  }

  @Test
  void the_site_offers_what_was_written_elsewhere_and_can_keep_both() {
    Person person = world.onSite("/notes");
    Page page = person.page();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Begin")).click();
    assertThat(page.getByTestId("connection")).containsText("Connected");
    Person elsewhere = person.anotherTab(world.site().origin());
    Told.Item item = elsewhere.put("/notes/same", "as it was");
    page.navigate(world.site().origin() + "/notes/same");
    var text =
        page.getByRole(
            AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Note").setExact(true));
    assertThat(text).hasValue("as it was");

    text.fill("written here");
    put(elsewhere, item.version(), "written elsewhere");

    assertThat(page.getByTestId("conflict")).containsText("Nothing is lost: choose what stays.");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Keep both")).click();
    assertThat(page.getByTestId("conflict")).hasCount(0);
    assertThat(page.getByTestId("notes").getByRole(AriaRole.LISTITEM)).hasCount(2);
    assertThat(elsewhere.list("/notes/").stream().map(note -> elsewhere.text(note.path())))
        .containsExactlyInAnyOrder("written here", "written elsewhere");
  }

  /** Both write their notes without waiting for the other. */
  private static void editAtOnce(Person one, Person other) {
    for (int i = 0; i < EACH; i++) {
      one.ask(START_PUT, Map.of("path", "/notes/one-" + i, "text", "one " + i));
      other.ask(START_PUT, Map.of("path", "/notes/other-" + i, "text", "other " + i));
    }
    one.ask("await Promise.all(trial.puts)", null);
    other.ask("await Promise.all(trial.puts)", null);
  }

  private static final String START_PUT =
      """
      (trial.puts ??= []).push(agent.put(argument.path, new TextEncoder().encode(argument.text)));
      """;

  private static void assertBothHaveAll(Person one, Person other) {
    for (Person each : List.of(one, other)) {
      each.allPlaced(2 * EACH);
      for (int i = 0; i < EACH; i++) {
        assertThat(each.text("/notes/one-" + i)).isEqualTo("one " + i);
        assertThat(each.text("/notes/other-" + i)).isEqualTo("other " + i);
      }
      assertThat(each.conflicts()).isEmpty();
    }
  }

  private static void put(Person person, long base, String text) {
    person.put("/notes/same", text.getBytes(StandardCharsets.UTF_8), Map.of("base", base));
  }

  private static String textOf(String path) {
    return "new TextDecoder().decode((await agent.get('" + path + "'))?.bytes)";
  }

  private static Stream<String> offers(Person person) {
    return person.conflicts().stream()
        .map(conflict -> new String(conflict.decoded(), StandardCharsets.UTF_8));
  }
}
