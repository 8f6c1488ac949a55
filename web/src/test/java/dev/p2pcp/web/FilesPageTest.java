package dev.p2pcp.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.FilePayload;
import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.Pictures;
import dev.p2pcp.web.harness.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Files of people: put in, kept in copies, looked at, shared and taken out again. */
class FilesPageTest {
  @RegisterExtension static final World world = new World();

  private static final String HOSTILE = "..<img src=x onerror=alert(1)>.html";
  private static final int CHUNK = 262_111;

  /** An empty page. */
  private static final String PAPER =
      """
      %PDF-1.1
      1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
      2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 300 144]>>endobj
      3 0 obj<</Type/Page/Parent 2 0 R>>endobj
      trailer<</Root 1 0 R>>
      """;

  @TempDir Path directory;

  @Test
  void files_go_in_have_copies_are_shown_and_come_out_as_they_were() throws IOException {
    world.holders(2);
    Page page = begin(world.onSite("/"));
    byte[] picture = Pictures.noise(3);
    byte[] chunk = bytes(5, CHUNK + 1);
    pick(
        page,
        payload("nothing.bin", "", new byte[0]),
        payload("one.txt", "text/plain", "1".getBytes(StandardCharsets.UTF_8)),
        payload("noise.png", "image/png", picture),
        payload("more.bin", "application/octet-stream", chunk));

    assertThat(page.getByTestId("file")).hasCount(4);
    assertThat(page.getByTestId("item-copies"))
        .containsText(new Pattern[] {copies(), copies(), copies(), copies()});
    open(page, "one.txt");
    assertThat(page.locator(".file-text")).hasText("1");
    close(page);
    open(page, "noise.png");
    assertThat(page.locator(".file-picture")).hasJSProperty("naturalWidth", Pictures.width());
    assertThat(saved(page)).isEqualTo(picture);
    close(page);
    open(page, "more.bin");
    assertThat(saved(page)).isEqualTo(chunk);
    close(page);
    open(page, "nothing.bin");
    assertThat(saved(page)).isEmpty();
  }

  @Test
  void a_hostile_name_and_type_are_only_saved_never_run() {
    Person person = world.onSite("/");
    Page page = begin(person);
    page.onDialog(
        dialog -> {
          throw new AssertionError(dialog.message());
        });
    pick(
        page,
        payload(HOSTILE, "text/html", "<script>alert(2)</script>".getBytes(StandardCharsets.UTF_8)),
        payload(
            "picture.svg",
            "image/svg+xml",
            "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(3)</script></svg>"
                .getBytes(StandardCharsets.UTF_8)));
    assertThat(page.getByTestId("file")).hasCount(2);
    assertThat(page.getByTestId("files")).containsText("onerror");
    open(page, HOSTILE);
    assertThat(page.locator(".file-text")).hasText("<script>alert(2)</script>");

    for (String path : new String[] {"/files/" + HOSTILE, "/files/picture.svg"}) {
      Map<?, ?> answer =
          person
              .withSitesAgent()
              .ask(
                  """
                  const urls = await import('p2pcp/file-urls');
                  await urls.canStream();
                  const address = urls.addressOf(argument, await agent.files.stat(argument));
                  const answer = await fetch(address);
                  return Object.fromEntries(answer.headers);
                  """,
                  path,
                  Map.class);
      assertThat(answer.get("content-type")).isEqualTo("application/octet-stream");
      assertThat(answer.get("x-content-type-options")).isEqualTo("nosniff");
      assertThat(String.valueOf(answer.get("content-disposition"))).startsWith("attachment");
      assertThat(String.valueOf(answer.get("content-security-policy"))).contains("sandbox");
    }
  }

  @Test
  void ranges_are_answered_as_http_wants_it() {
    Person person = world.onSite("/");
    Page page = begin(person);
    pick(page, payload("a.webm", "video/webm", bytes(8, 3 * CHUNK)));
    assertThat(page.getByTestId("file")).hasCount(1);
    String[] answers =
        person
            .withSitesAgent()
            .ask(
                """
                const urls = await import('p2pcp/file-urls');
                await urls.canStream();
                const address = urls.addressOf('/files/a.webm', await agent.files.stat('/files/a.webm'));
                const told = [];
                for (const Range of [null, 'bytes=10-19', 'bytes=786330-', 'bytes=-5', 'bytes=786333-']) {
                  const answer = await fetch(address, { headers: Range ? { Range } : {} });
                  const length = (await answer.arrayBuffer()).byteLength;
                  told.push([answer.status, length, answer.headers.get('content-range')].join(' '));
                }
                urls.release(address);
                told.push(String((await fetch(address)).status));
                return told;
                """,
                null,
                String[].class);
    assertThat(answers)
        .containsExactly(
            "200 786333 ",
            "206 10 bytes 10-19/786333",
            "206 3 bytes 786330-786332/786333",
            "206 5 bytes 786328-786332/786333",
            "416 0 bytes */786333",
            "404");
  }

  @Test
  void an_upload_goes_on_after_a_reload_with_the_same_file() throws IOException {
    Path file = file("large.bin", 120_000_000);
    Person person = world.onSite(world.profile(world.directory()), "/");
    Page page = begin(person);
    person.withSitesAgent();
    person.ask("await agent.wantCopies(1); await agent.lend(700);", null);
    page.locator("#pick-files").setInputFiles(file);
    assertThat(page.getByTestId("upload")).containsText("left");
    page.reload();

    assertThat(page.getByTestId("upload")).containsText("Choose the same file again");
    page.locator("#pick-files").setInputFiles(file);

    assertThat(page.getByTestId("file")).containsText("large.bin");
    assertThat(page.getByTestId("upload")).hasCount(0);
    person.withSitesAgent();
    String digest =
        person.ask(
            """
            const bytes = await new Response(agent.files.read('/files/large.bin')).arrayBuffer();
            return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex();
            """,
            null,
            String.class);
    assertThat(digest).isEqualTo(sha256(file));
    assertThat(person.status().account().blocks()).isEqualTo(458 + 3);
  }

  @Test
  void too_little_room_is_said_with_figures_and_lent_in_one_tap() throws IOException {
    Person person = world.onSite("/");
    Page page = begin(person);
    person.withSitesAgent().lend(60);
    person.until("(await agent.status()).account.lent === 60");
    page.locator("#pick-files").setInputFiles(file("a.bin", 8_000_000));

    assertThat(page.getByTestId("shortage")).containsText("you lend 60.");
    page.getByRole(
            AriaRole.BUTTON,
            new Page.GetByRoleOptions().setName(Pattern.compile("^Lend 42 more .* and go on$")))
        .click();
    assertThat(page.getByTestId("file")).containsText("a.bin");
  }

  @Test
  void a_folder_keeps_its_paths_and_a_deletion_can_be_undone() throws IOException {
    Path folder = Files.createDirectories(directory.resolve("trip/day one"));
    Files.writeString(folder.resolve("a.txt"), "a");
    Files.writeString(folder.resolveSibling("b.txt"), "b");
    Page page = begin(world.onSite("/"));
    page.locator("#pick-folder").setInputFiles(directory.resolve("trip"));

    assertThat(page.getByTestId("file")).hasCount(2);
    assertThat(page.getByTestId("files")).containsText("trip/day one/a.txt");
    page.getByRole(AriaRole.BUTTON, named("Delete a.txt")).click();
    assertThat(page.getByTestId("file")).hasCount(1);
    page.getByRole(AriaRole.BUTTON, named("Undo")).click();
    assertThat(page.getByTestId("file")).hasCount(2);
  }

  @Test
  void what_is_dropped_goes_in_with_its_folders_and_text_and_papers_are_shown() throws IOException {
    Path folder = Files.createDirectories(directory.resolve("trip/day one"));
    Files.writeString(folder.resolve("a.txt"), "a");
    Path paper = directory.resolve("paper.pdf");
    Files.writeString(paper, PAPER);
    Page page = begin(world.onSite("/"));

    drop(page, directory.resolve("trip"), paper);

    assertThat(page.getByTestId("file")).hasCount(2);
    assertThat(page.getByTestId("files")).containsText("trip/day one/a.txt");
    open(page, "trip/day one/a.txt");
    assertThat(page.locator(".file-text")).hasText("a");
    close(page);
    open(page, "paper.pdf");
    assertThat(page.locator(".file-pdf")).isVisible();
    assertThat(saved(page)).isEqualTo(PAPER.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void an_upload_pauses_and_goes_on() throws IOException {
    Path file = file("large.bin", 120_000_000);
    Person person = world.onSite(world.profile(world.directory()), "/");
    Page page = begin(person);
    person.withSitesAgent();
    person.ask("await agent.wantCopies(1); await agent.lend(700);", null);
    page.locator("#pick-files").setInputFiles(file);
    assertThat(page.getByTestId("upload")).containsText("left");

    page.getByRole(AriaRole.BUTTON, named("Pause")).click();
    assertThat(page.getByTestId("upload")).containsText("paused");
    assertThat(page.getByTestId("file")).hasCount(0);
    page.getByRole(AriaRole.BUTTON, named("Go on")).click();

    assertThat(page.getByTestId("file")).containsText("large.bin");
    assertThat(page.getByTestId("upload")).hasCount(0);
    assertThat(person.status().account().blocks()).isEqualTo(458 + 3);
  }

  @Test
  void a_link_opens_the_file_for_somebody_without_identity_while_its_owner_is_away() {
    world.holders(2);
    Person author = world.onSite("/");
    Page page = begin(author);
    byte[] picture = Pictures.noise(4);
    pick(page, payload("noise.png", "image/png", picture));
    assertThat(page.getByTestId("item-copies")).containsText(copies());
    author.withSitesAgent().allPlaced(1);
    String link = author.ask("return agent.files.share('/files/noise.png')", null, String.class);
    world.leaves(author);

    Page reader = world.onSite("/f#" + link).page();

    assertThat(reader.getByRole(AriaRole.HEADING, named("noise.png"))).isVisible();
    assertThat(reader.locator(".file-picture")).hasJSProperty("naturalWidth", Pictures.width());
    assertThat(saved(reader)).isEqualTo(picture);
    assertThat(reader.evaluate("localStorage.getItem('p2pcp.known')")).isNull();
  }

  private static Page begin(Person person) {
    Page page = person.page();
    page.getByRole(AriaRole.BUTTON, named("Begin")).click();
    assertThat(page.getByTestId("connection")).containsText("Connected");
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Files")).first().click();
    assertThat(page.getByText("No files yet.")).isVisible();
    return page;
  }

  private static void pick(Page page, FilePayload... files) {
    page.locator("#pick-files").setInputFiles(files);
  }

  /** As if they were dragged there from a window of the system. */
  private static void drop(Page page, Path... files) {
    CDPSession session = page.context().newCDPSession(page);
    JsonArray paths = new JsonArray();
    for (Path file : files) {
      paths.add(file.toString());
    }
    JsonObject dragged = new JsonObject();
    dragged.add("items", new JsonArray());
    dragged.add("files", paths);
    dragged.addProperty("dragOperationsMask", 1);
    BoundingBox onto = page.getByText("No files yet.").boundingBox();
    for (String type : List.of("dragEnter", "dragOver", "drop")) {
      JsonObject event = new JsonObject();
      event.addProperty("type", type);
      event.addProperty("x", onto.x + 1);
      event.addProperty("y", onto.y + 1);
      event.add("data", dragged);
      session.send("Input.dispatchDragEvent", event);
    }
    session.detach();
  }

  private static void open(Page page, String name) {
    page.getByTestId("files")
        .getByTitle(name, new Locator.GetByTitleOptions().setExact(true))
        .click();
    assertThat(page.getByTestId("file-view")).isVisible();
  }

  private static void close(Page page) {
    page.keyboard().press("Escape");
    assertThat(page.getByTestId("file-view")).hasCount(0);
  }

  private static byte[] saved(Page page) {
    Download download = page.waitForDownload(() -> page.getByTestId("save").click());
    try {
      return Files.readAllBytes(download.path());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Pattern copies() {
    return Pattern.compile("3 copies, 3 online now");
  }

  private static FilePayload payload(String name, String type, byte[] bytes) {
    return new FilePayload(name, type, bytes);
  }

  private static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private Path file(String name, int size) throws IOException {
    return Files.write(directory.resolve(name), bytes(size, size));
  }

  private static String sha256(Path file) throws IOException {
    return dev.p2pcp.crypto.Sha256.hash(dev.p2pcp.bytes.Bytes.wrap(Files.readAllBytes(file)))
        .bytes()
        .hex();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }
}
