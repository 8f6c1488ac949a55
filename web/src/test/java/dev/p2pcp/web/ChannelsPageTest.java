package dev.p2pcp.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.Pictures;
import dev.p2pcp.web.harness.Site;
import dev.p2pcp.web.harness.World;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** People talk in a channel, each in a browser of their own. */
class ChannelsPageTest {
  @RegisterExtension static final World world = new World();

  private static final String HOSTILE =
      "**bold** <img src=x onerror=alert(1)> ![far](https://example.org/x.png) <script>alert(2)</script>";

  @Test
  void three_people_talk_answer_and_see_who_is_there() {
    Page ada = begin(world.onSite("/"));
    String link = found(ada, "Lighthouse keepers");
    Page bob = begin(world.onSite("/"));
    Page cat = begin(world.onSite("/"));
    for (Page page : List.of(bob, cat)) {
      page.navigate(link);
      assertThat(page.getByRole(AriaRole.HEADING, named("Lighthouse keepers"))).isVisible();
    }
    say(ada, "Is anybody awake?");
    for (Page page : List.of(bob, cat)) {
      assertThat(messages(page)).hasText(new String[] {"Is anybody awake?"});
    }
    messages(bob).first().hover();
    bob.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Answer ")).click();
    say(bob, "I am\n\n- on the rock");

    assertThat(messages(ada)).hasCount(2);
    assertThat(cat.locator(".message-quote")).containsText("Is anybody awake?");
    assertThat(messages(cat).last().locator("li")).hasText("on the rock");
    assertThat(ada.getByTestId("present")).hasText("3");
    assertThat(ada.getByTestId("waiting")).hasCount(0);
    assertThat(ada.getByTestId("notice")).hasCount(0);
  }

  @Test
  void talk_goes_on_without_index_server_and_who_comes_late_reads_it_all() {
    int port = Site.freePort();
    Site site = world.site(port);
    Person one = world.onSite(world.profile(), site, "/");
    Page ada = begin(one);
    String link = found(ada, "rock");
    Page bob = begin(world.onSite(world.profile(), site, "/"));
    bob.navigate(link);
    say(ada, "before");
    assertThat(messages(bob)).hasCount(1);
    one.withSitesAgent().until("(await agent.status()).links.direct > 0");
    site.kill();
    assertThat(ada.getByTestId("notice")).containsText("from browser to browser");

    say(bob, "is the server gone?");
    assertThat(messages(ada).last()).hasText("is the server gone?");
    say(ada, "yes, and we are still here");
    assertThat(messages(bob).last()).hasText("yes, and we are still here");

    Site again = world.site(port);
    Page cat = begin(world.onSite(world.profile(), again, "/"));
    cat.navigate(link);
    assertThat(messages(cat))
        .hasText(new String[] {"before", "is the server gone?", "yes, and we are still here"});
  }

  @Test
  void what_was_written_alone_is_sent_when_somebody_comes() {
    Person author = world.onSite(world.profile(), "/");
    Page ada = begin(author);
    String link = found(ada, "alone");
    assertThat(ada.getByTestId("notice")).containsText("as soon as somebody comes");
    say(ada, "to whom it may concern");
    assertThat(ada.getByTestId("waiting")).isVisible();
    ada.locator(".compose textarea").fill("half a tho");
    author.withSitesAgent();
    author.until("(await agent.channel.list())[0].draft === 'half a tho'");
    ada.reload();
    assertThat(messages(ada)).hasText(new String[] {"to whom it may concern"});
    assertThat(ada.locator(".compose textarea")).hasValue("half a tho");

    Page bob = begin(world.onSite("/"));
    bob.navigate(link);

    assertThat(messages(bob)).hasText(new String[] {"to whom it may concern"});
    assertThat(ada.getByTestId("waiting")).hasCount(0);
  }

  @Test
  void moderators_ban_and_anybody_mutes() {
    Page ada = begin(world.onSite("/"));
    String link = found(ada, "calm");
    Page bob = begin(world.onSite("/"));
    Page cat = begin(world.onSite("/"));
    bob.navigate(link);
    cat.navigate(link);
    say(bob, "I can help");
    assertThat(messages(ada)).hasCount(1);
    menu(ada, "I can help", "Make moderator");
    assertThat(bob.locator(".message-badge")).hasText("moderator");
    say(cat, "buy now");
    menu(bob, "buy now", "Ban");
    bob.getByRole(AriaRole.BUTTON, named("Ban")).click();
    assertThat(cat.getByText("You were banned here")).isVisible();
    say(ada, "thank you");
    menu(bob, "thank you", "Mute");
    assertThat(messages(bob)).hasText(new String[] {"I can help", "buy now"});
    bob.getByRole(AriaRole.BUTTON, named("Undo")).click();
    assertThat(messages(bob).last()).hasText("thank you");
    ada.locator(".channel-people summary").click();
    ada.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Let in")).click();
    assertThat(cat.locator(".compose textarea")).isVisible();
    say(cat, "sorry");
    assertThat(messages(ada).last()).hasText("sorry");
  }

  @Test
  void strangers_text_is_only_shown_and_pictures_come_through_blocks() {
    world.holders(2);
    Page ada = begin(world.onSite("/"));
    String link = found(ada, "pictures");
    Page bob = begin(world.onSite("/"));
    bob.navigate(link);
    bob.onDialog(
        dialog -> {
          throw new AssertionError(dialog.message());
        });
    say(ada, HOSTILE);
    assertThat(messages(bob).locator("strong")).hasText("bold");
    assertThat(messages(bob).locator("img, script")).hasCount(0);
    assertThat(messages(bob).locator("a")).hasText("far");
    ada.locator(".compose input[type=file]")
        .setInputFiles(new FilePayload("noise.png", "image/png", Pictures.noise(3)));
    assertThat(ada.getByTestId("compose-files")).containsText("noise.png");
    ada.locator(".compose textarea").press("Enter");
    Locator picture = bob.locator(".message-picture img");
    assertThat(picture).hasJSProperty("naturalWidth", Pictures.width());
    String address = picture.getAttribute("src");
    say(ada, "is it not loud?");
    assertThat(messages(bob).last()).hasText("is it not loud?");
    assertThat(picture).hasAttribute("src", address);
  }

  @Test
  void a_message_that_cannot_be_read_as_markdown_is_shown_as_text() {
    Page ada = begin(world.onSite("/"));
    found(ada, "deep");
    say(ada, ">".repeat(8_000) + "deep");
    assertThat(messages(ada).last()).containsText("deep");
    for (int i = 0; i < 20; i++) {
      say(ada, "and on " + i);
    }
    assertThat(messages(ada).last()).isInViewport();
  }

  @Test
  void what_is_typed_while_a_message_is_sent_stays_and_what_fails_comes_back() {
    Person person = world.onSite("/");
    Page ada = begin(person);
    found(ada, "slow");
    person.withSitesAgent();
    person.ask(
        """
        const { channel } = agent, { post } = channel;
        channel.post = async (...all) => {
          await new Promise((resolve, reject) => Object.assign(trial, { resolve, reject, waits: all[1] }));
          return post(...all);
        };
        """,
        null);
    say(ada, "first");
    Locator field = ada.locator(".compose textarea");
    field.fill("second");
    person.until("trial.waits === 'first'");
    person.ask("trial.resolve()", null);
    assertThat(messages(ada)).hasText(new String[] {"first"});
    assertThat(field).hasValue("second");
    field.press("Enter");
    assertThat(field).hasValue("");
    field.fill("third");
    person.until("trial.waits === 'second'");
    person.ask("trial.reject(new Error('no room'))", null);
    assertThat(field).hasValue("second\nthird");
    assertThat(messages(ada)).hasText(new String[] {"first"});
  }

  @Test
  void a_room_goes_on_when_the_tab_that_led_is_closed() {
    Person first = world.onSite(world.profile(), "/");
    Page leader = begin(first);
    String link = found(leader, "two tabs");
    Page other = first.anotherTabOnSite(link).page();
    Page bob = begin(world.onSite("/"));
    bob.navigate(link);
    say(bob, "before");
    assertThat(messages(other)).hasText(new String[] {"before"});
    leader.close();
    say(bob, "after");
    assertThat(messages(other)).hasText(new String[] {"before", "after"});
    say(other, "still here");
    assertThat(messages(bob).last()).hasText("still here");
  }

  @Test
  void what_is_unread_is_marked_and_search_finds() {
    Page ada = begin(world.onSite("/"));
    String link = found(ada, "first");
    Page bob = begin(world.onSite("/"));
    bob.navigate(link);
    say(bob, "a seal on the beach");
    assertThat(messages(ada)).hasCount(1);
    ada.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Channels")).first().click();
    assertThat(ada.getByText("You are in 1 channel.")).isVisible();
    say(bob, "and a whale");
    assertThat(ada.getByTestId("unread")).containsText("1");
    ada.getByTestId("channels").getByText("first").click();
    assertThat(messages(ada)).hasCount(2);
    assertThat(ada.getByTestId("unread")).hasCount(0);
    ada.getByLabel("Search in this channel").fill("WHALE");
    assertThat(messages(ada)).hasText(new String[] {"and a whale"});
    ada.getByLabel("Search in this channel").fill("");
    assertThat(messages(ada)).hasCount(2);
    ada.locator(".channel-people summary").click();
    ada.getByRole(AriaRole.BUTTON, named("Leave the channel")).click();
    ada.getByRole(AriaRole.BUTTON, named("Leave")).click();
    assertThat(ada.getByTestId("channels")).hasCount(0);
  }

  @Test
  void a_message_reaches_eight_browsers_in_less_than_a_second() {
    List<Person> people = Stream.generate(world::newcomer).limit(8).toList();
    Person author = people.getFirst();
    String link =
        author.ask("return (await agent.channel.found('eight')).link", null, String.class);
    for (Person person : people) {
      person.ask(
          """
          trial.heard = new Map();
          await agent.channel.open(argument);
          (async () => {
            for await (const { messages } of agent.channel.read(argument, { live: true }))
              for (const { text } of messages) if (!trial.heard.has(text)) trial.heard.set(text, Date.now());
          })();
          """,
          link);
    }
    for (Person person : people) {
      person.until("(await agent.channel.list())[0].neighbours > 0");
    }
    long slowest = 0;
    for (int i = 0; i < 3; i++) {
      String text = "message " + i;
      long sent =
          author.ask(
              "const at = Date.now(); await agent.channel.post(argument[0], argument[1]); return at",
              new String[] {link, text},
              Long.class);
      for (Person person : people) {
        person.until("trial.heard.has('%s')".formatted(text));
        long heard = person.ask("return trial.heard.get(argument)", text, Long.class);
        slowest = Math.max(slowest, heard - sent);
      }
    }
    System.out.println("a message reached eight browsers in " + slowest + " ms");
    assertThat(slowest).isLessThan(1_000);
  }

  /** Counts what goes in and out of the page over any way, but for what keeps links alive. */
  private static final String COUNT =
      """
      trial.frames = 0;
      for (const kind of [WebSocket, RTCDataChannel]) {
        const send = kind.prototype.send;
        kind.prototype.send = function(bytes) {
          if (!this.counted) {
            this.counted = true;
            this.addEventListener('message', () => trial.frames++);
          }
          trial.frames++;
          return send.call(this, bytes);
        };
      }
      """;

  @Test
  void two_hundred_messages_come_in_few_frames() {
    Person author = world.newcomer();
    String link = author.ask("return (await agent.channel.found('many')).link", null, String.class);
    author.ask(
        """
        for (let i = 0; i < 200; i++)
          await agent.channel.post(argument, `message ${i}, of about as many words as people write in one go`);
        """,
        link);
    Person late = world.newcomer();
    late.ask(COUNT, null);
    late.ask("await agent.status()", null);
    int before = late.ask("return trial.frames", null, Integer.class);
    int frames =
        late.ask(
            """
            await agent.channel.open(argument);
            for await (const { messages } of agent.channel.read(argument, { last: 200, live: true }))
              if (messages.length === 200) return trial.frames;
            """,
            link,
            Integer.class);
    System.out.println("200 messages came in " + (frames - before) + " frames of any kind");
    assertThat(frames - before).isLessThanOrEqualTo(60);
  }

  private static Page begin(Person person) {
    Page page = person.page();
    page.getByRole(AriaRole.BUTTON, named("Begin")).click();
    assertThat(page.getByTestId("connection")).containsText("Connected");
    return page;
  }

  /** Founds a channel and answers with the address of its link. */
  private static String found(Page page, String name) {
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Channels")).first().click();
    page.getByLabel("Name or link of a channel").fill(name);
    page.getByRole(AriaRole.BUTTON, named("Open")).click();
    assertThat(page.getByText("Nothing has been said here yet.")).isVisible();
    return page.url();
  }

  private static void say(Page page, String text) {
    Locator field = page.locator(".compose textarea");
    field.fill(text);
    field.press("Enter");
    assertThat(field).hasValue("");
  }

  private static Locator messages(Page page) {
    return page.getByTestId("message").locator(".message-text");
  }

  private static void menu(Page page, String message, String action) {
    Locator one =
        page.getByTestId("message").filter(new Locator.FilterOptions().setHasText(message));
    one.hover();
    one.locator(".message-menu summary").click();
    one.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(action)).click();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }
}
