package dev.p2pcp.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.Site;
import dev.p2pcp.web.harness.World;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people do on the site, from the first tap on. */
class JourneyTest {
  @RegisterExtension static final World world = new World();

  private static final String PASSPHRASE = "four words of mine";
  private static final Pattern WORD_NUMBER = Pattern.compile("Word (\\d+)");

  @Test
  void a_first_visitor_has_a_note_with_three_copies_after_one_tap_and_typing() {
    world.holders(2);
    Page page = begin();

    page.getByRole(AriaRole.LINK, link("Write your first note")).first().click();
    assertThat(editor(page)).isFocused();
    page.keyboard().type("# Shopping\n\nBread, **butter**");

    assertThat(page.getByTestId("note-state")).containsText("Saved · 3 copies, 3 online now");
    assertThat(page.getByRole(AriaRole.HEADING, heading("Shopping"))).isVisible();
    page.getByRole(AriaRole.BUTTON, button("Preview")).click();
    assertThat(page.getByTestId("preview").locator("strong")).hasText("butter");
    page.getByRole(AriaRole.LINK, link("Home")).click();
    assertThat(page.getByTestId("items").getByRole(AriaRole.LISTITEM))
        .containsText(new String[] {"Shopping"});
    assertThat(page.getByTestId("card-use")).containsText("2 blocks × 3 copies = room for 6.");
  }

  @Test
  void who_begins_is_on_all_index_servers_that_the_operator_knows() {
    Site other = world.site();
    Site site = world.site(Site.freePort(), "--p2pcp.known-servers=" + other.origin());
    Page page = world.profile().newPage();
    page.navigate(site.origin());
    page.getByRole(AriaRole.BUTTON, button("Begin")).click();

    var servers = page.getByTestId("servers").getByRole(AriaRole.LISTITEM);
    assertThat(servers).hasCount(2);
    assertThat(servers.first()).containsText(host(site));
    assertThat(servers.last()).containsText(host(other));
    assertThat(servers.getByText("connected", inside())).hasCount(2);
  }

  @Test
  void the_reminder_stays_until_the_words_are_confirmed_and_they_log_in_elsewhere() {
    world.holders(2);
    Page page = begin();
    note(page, "Seen again by the words");
    page.getByTestId("reminder").getByText("Save them", inside()).click();
    page.getByRole(AriaRole.BUTTON, button("Show the words")).click();
    assertThat(page.getByTestId("words").getByRole(AriaRole.LISTITEM)).hasCount(24);
    List<String> words = page.getByTestId("words").locator("li span").allTextContents();
    page.getByRole(AriaRole.BUTTON, button("I have saved them")).click();
    answer(page, words);

    assertThat(page.getByRole(AriaRole.HEADING, heading("Your words are saved"))).isVisible();
    assertThat(page.getByTestId("reminder")).hasCount(0);

    Page elsewhere = world.onSite("/login").page();
    for (int i = 0; i < words.size(); i++) {
      elsewhere.getByLabel("Word " + (i + 1), exactly()).fill(words.get(i));
    }
    elsewhere.getByRole(AriaRole.BUTTON, button("Log in")).click();
    assertThat(elsewhere.getByTestId("items")).containsText("Seen again by the words");
  }

  @Test
  void a_wrong_word_in_the_quiz_is_not_taken_for_saved() {
    Page page = begin();
    page.getByTestId("reminder").getByText("Save them", inside()).click();
    page.getByRole(AriaRole.BUTTON, button("Show the words")).click();
    page.getByRole(AriaRole.BUTTON, button("I have saved them")).click();
    for (Locator field : quiz(page).all()) {
      field.fill("wrong");
    }
    page.getByRole(AriaRole.BUTTON, button("Check")).click();

    assertThat(page.getByRole(AriaRole.ALERT).filter(text("At least one of them is different")))
        .isVisible();
    assertThat(page.getByRole(AriaRole.HEADING, heading("Your words are saved"))).hasCount(0);
  }

  @Test
  void a_passphrase_locks_the_browser_and_opens_it_again() {
    Page page = begin();
    note(page, "Behind the lock");
    String address = page.url();
    page.getByRole(AriaRole.LINK, link("Settings")).click();
    page.getByRole(AriaRole.BUTTON, button("Set a passphrase")).click();
    page.getByLabel("Passphrase", exactly()).fill(PASSPHRASE);
    page.getByLabel("Once more").fill(PASSPHRASE);
    page.getByRole(AriaRole.BUTTON, button("Set passphrase")).click();
    page.getByRole(AriaRole.BUTTON, button("Lock now")).click();

    assertThat(page.getByRole(AriaRole.HEADING, heading("Welcome back"))).isVisible();
    page.navigate(address);
    assertThat(page.getByRole(AriaRole.HEADING, heading("Welcome back"))).isVisible();
    page.getByLabel("Your passphrase").fill("not this one");
    page.getByRole(AriaRole.BUTTON, button("Unlock")).click();
    assertThat(page.getByText("That is not your passphrase.")).isVisible();
    page.getByLabel("Your passphrase").fill(PASSPHRASE);
    page.getByRole(AriaRole.BUTTON, button("Unlock")).click();
    assertThat(editor(page)).hasValue("Behind the lock");
  }

  @Test
  void a_deleted_note_comes_back_by_undo() {
    Page page = begin();
    note(page, "Not to be lost");
    page.getByRole(AriaRole.BUTTON, button("Delete note")).click();
    assertThat(page.getByTestId("toast")).containsText("Note deleted.");
    assertThat(page.getByText("No notes yet.")).isVisible();

    page.getByRole(AriaRole.BUTTON, button("Undo")).click();

    assertThat(editor(page)).hasValue("Not to be lost");
    assertThat(page.getByTestId("notes").getByRole(AriaRole.LISTITEM)).hasCount(1);
  }

  @Test
  void everything_can_be_done_by_keyboard() {
    Page page = world.onSite("/").page();
    Locator begin = page.getByRole(AriaRole.BUTTON, button("Begin"));
    assertThat(begin).isEnabled();
    tabTo(page, begin);
    page.keyboard().press("Enter");
    Locator notes = page.getByRole(AriaRole.LINK, link("Notes"));
    assertThat(notes).isVisible();
    tabTo(page, notes);
    page.keyboard().press("Enter");
    assertThat(page.getByRole(AriaRole.HEADING, heading("Notes"))).isVisible();
    page.keyboard().press("Alt+n");
    assertThat(editor(page)).isFocused();
    page.keyboard().type("By keyboard alone");
    assertThat(page.getByTestId("note-state")).containsText("Saved");
    page.keyboard().press("Escape");
    page.keyboard().press("Control+k");
    assertThat(page.getByLabel("Search notes")).isFocused();
    page.keyboard().type("alone");
    page.keyboard().press("Enter");
    assertThat(editor(page)).hasValue("By keyboard alone");
  }

  @Test
  void a_browser_that_lacks_something_is_told_what() {
    var profile = world.profile();
    profile.addInitScript("delete globalThis.indexedDB; delete Window.prototype.indexedDB;");
    Page page = world.onSite(profile, "/").page();

    assertThat(page.getByRole(AriaRole.HEADING).first())
        .not()
        .hasText("A place of your own, kept by people");
    assertThat(page.locator("main"))
        .containsText(Pattern.compile("storage|private", Pattern.CASE_INSENSITIVE));
  }

  private static Page begin() {
    Person person = world.onSite("/");
    Page page = person.page();
    page.getByRole(AriaRole.BUTTON, button("Begin")).click();
    assertThat(page.getByTestId("connection")).containsText("Connected");
    return page;
  }

  private static void note(Page page, String text) {
    page.getByRole(AriaRole.LINK, link("Notes")).click();
    page.getByTestId("new-note").click();
    editor(page).fill(text);
    assertThat(page.getByTestId("note-state")).containsText("Saved");
    assertThat(page.getByTestId("notes").getByRole(AriaRole.LISTITEM)).hasCount(1);
  }

  private static Locator editor(Page page) {
    return page.locator("p2p-note-editor textarea");
  }

  private static Locator quiz(Page page) {
    Locator fields = page.locator(".quiz input");
    assertThat(fields).hasCount(3);
    return fields;
  }

  private static void answer(Page page, List<String> words) {
    quiz(page);
    for (Locator label : page.locator(".quiz label").all()) {
      Matcher number = WORD_NUMBER.matcher(label.textContent());
      assertThat(number.find()).isTrue();
      label.locator("input").fill(words.get(Integer.parseInt(number.group(1)) - 1));
    }
    page.getByRole(AriaRole.BUTTON, button("Check")).click();
  }

  /** Presses Tab until the element has the focus, as somebody without a mouse would. */
  private static void tabTo(Page page, Locator wanted) {
    for (int presses = 0; presses < 40; presses++) {
      page.keyboard().press("Tab");
      if ((boolean) wanted.evaluate("element => element === document.activeElement")) {
        return;
      }
    }
    throw new AssertionError("not reached by Tab: " + wanted);
  }

  private static Page.GetByRoleOptions button(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  private static Page.GetByRoleOptions link(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  private static String host(Site site) {
    return site.origin().substring("http://".length());
  }

  private static Locator.GetByTextOptions inside() {
    return new Locator.GetByTextOptions().setExact(true);
  }

  private static Page.GetByRoleOptions heading(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  private static Page.GetByLabelOptions exactly() {
    return new Page.GetByLabelOptions().setExact(true);
  }

  private static Locator.FilterOptions text(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }
}
