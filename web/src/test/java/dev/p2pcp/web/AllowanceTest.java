package dev.p2pcp.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.Refused;
import dev.p2pcp.web.harness.Told;
import dev.p2pcp.web.harness.World;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The bargain: own blocks times copies never exceed what one lends. */
class AllowanceTest {
  @RegisterExtension static final World world = new World();

  @BeforeEach
  void two_people_with_room() {
    world.holders(2);
  }

  @Test
  void thirty_lent_slots_carry_ten_blocks_in_three_copies_and_three_more_carry_another() {
    Person person = world.newcomer();
    person.lend(30);
    // The tenth block is the catalogue, by which the 24 words find the other nine.
    for (int i = 1; i <= 9; i++) {
      person.put("/notes/" + i, "note " + i);
    }
    person.allPlaced(9);
    assertThat(person.status().account()).isEqualTo(new Told.Account(10, 3, 30, 30));

    Refused refused =
        catchThrowableOfType(Refused.class, () -> person.put("/notes/10", "one too many"));

    assertThat(refused.code()).isEqualTo("over-allowance");
    assertThat(refused.figure("needed")).isEqualTo(33);
    assertThat(refused.figure("lent")).isEqualTo(30);
    assertThat(refused.figure("more")).isEqualTo(3);
    assertThat(person.list("/notes/")).hasSize(9);
    assertThat(person.get("/notes/10")).isNull();

    person.lend(33);
    person.put("/notes/10", "fits now");
    person.allPlaced(10);
    assertThat(person.status().account()).isEqualTo(new Told.Account(11, 3, 33, 33));
  }

  @Test
  void the_site_says_how_much_is_missing_and_lends_it_in_one_tap() {
    Person person = world.onSite("/");
    Page page = person.page();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Begin")).click();
    assertThat(page.getByTestId("connection")).containsText("Connected");
    person.withSitesAgent().lend(6);
    person.put("/notes/first", "fills what six slots carry");
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Notes")).click();
    page.getByTestId("new-note").click();
    page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Note").setExact(true))
        .fill("No room");

    assertThat(page.getByTestId("shortage"))
        .containsText("This would take room for 9 blocks, and you lend 6.");
    page.getByRole(
            AriaRole.BUTTON,
            new Page.GetByRoleOptions().setName(Pattern.compile("^Lend 3 more .* and save$")))
        .click();

    assertThat(page.getByTestId("note-state")).containsText("Saved · 3 copies");
    assertThat(person.status().account()).isEqualTo(new Told.Account(3, 3, 9, 9));
  }
}
