package dev.p2pcp.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.Pictures;
import dev.p2pcp.web.harness.World;
import java.util.Base64;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A public page is there while its author is not. */
class AuthorAwayTest {
  @RegisterExtension static final World world = new World();

  @Test
  void profile_and_picture_are_shown_verified_while_the_author_is_away() {
    world.holders(2);
    byte[] picture = Pictures.noise(2);
    String did = publish(picture);

    Person reader = world.onSite("/u/" + did);
    Page page = reader.page();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Begin")).click();

    assertThat(
            page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Ada Lovelace")))
        .isVisible();
    assertThat(page.getByTestId("verified")).containsText("Verified.");
    assertThat(page.getByTestId("person")).containsText("I count with engines.");
    Locator portrait = page.getByAltText("Picture of Ada Lovelace");
    assertThat(portrait).isVisible();
    assertThat(portrait).hasJSProperty("naturalWidth", Pictures.width());
    String received =
        reader
            .withSitesAgent()
            .ask(
                "return (await agent.get('/profile/picture', { of: argument })).bytes",
                did,
                String.class);
    assertThat(Base64.getDecoder().decode(received)).isEqualTo(picture);
  }

  @Test
  void a_link_that_nobody_keeps_says_so() {
    String did = world.newcomer().me().did();
    Person reader = world.onSite("/");
    Page page = reader.page();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Begin")).click();
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("People")).click();
    page.getByLabel("Link or key of a person").fill(did);
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Open page")).click();

    assertThat(page.getByText("Nobody who is online has this page now")).isVisible();
  }

  /** Somebody publishes through the site, sees that three copies exist, and goes away. */
  private static String publish(byte[] picture) {
    Person author = world.onSite("/profile");
    Page page = author.page();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Begin")).click();
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Profile")).first().click();
    page.getByLabel("Name").fill("Ada Lovelace");
    page.getByLabel("About you").fill("I count with engines.");
    page.getByLabel("Picture").setInputFiles(new FilePayload("ada.png", "image/png", picture));
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Publish")).click();
    assertThat(page.getByTestId("profile-state"))
        .hasText(Pattern.compile("Published · 3 copies, 3 online now"));
    author.withSitesAgent().allPlaced(2);
    String did = author.me().did();
    world.leaves(author);
    return did;
  }
}
