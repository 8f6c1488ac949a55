package dev.p2pcp.donor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.identity.SeedPhrase;
import dev.p2pcp.jvm.JournaledStore;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.testing.Seeded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./p2pcp peer} as scripts use it: processes, exit codes, and one line of JSON. */
class PeerTest {
  private static final int SLOTS = 400;

  @TempDir Path root;
  private Path words = Path.of("");
  private SeedPhrase phrase = SeedPhrase.generate(new JvmEntropy());

  @BeforeEach
  void words() throws Exception {
    words = Files.writeString(root.resolve("words"), phrase.text());
    Files.setPosixFilePermissions(words, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void what_is_put_by_one_device_is_listed_and_read_by_another() throws Exception {
    Path small = Files.write(root.resolve("small"), new Seeded(1).bytes(3000).toArray());
    Path large = Files.write(root.resolve("large"), new Seeded(2).bytes(1_500_000).toArray());
    try (Town town = new Town();
        HeadlessAgent donor = donor(town)) {
      town.visitor(SLOTS, 2);
      assertThat(said(town, "a", ExitCode.OK, "put", "--json", "" + small, "/small"))
          .contains("\"path\":\"/small\"", "\"stored\":2", "\"state\":\"done\"");
      assertThat(said(town, "a", ExitCode.OK, "put", "" + large, "large"))
          .contains("2 of 2 copies");
      Await.until("the donor has them too", () -> donor.node().list("/").size() == 2);

      assertThat(said(town, "b", ExitCode.OK, "ls")).contains("/2", "/small", "/large");
      assertThat(said(town, "b", ExitCode.OK, "ls", "--json", "/sm"))
          .contains("\"size\":3000")
          .doesNotContain("/large");
      assertThat(said(town, "b", ExitCode.OK, "status")).contains("did:key:z", "2 items");
      assertThat(said(town, "b", ExitCode.OK, "urls", "/small")).contains("/blocks/");
      for (Path file : List.of(small, large)) {
        Path read = root.resolve("read-" + file.getFileName());
        String _ = said(town, "b", ExitCode.OK, "get", "/" + file.getFileName(), "" + read);
        assertThat(read).hasSameBinaryContentAs(file);
      }
      String _ = said(town, "b", ExitCode.NOT_FOUND, "get", "/nothing", "" + root.resolve("none"));
      assertThat(root.resolve("none")).doesNotExist();
    }
  }

  @Test
  void a_feed_is_appended_to_by_one_device_and_read_and_verified_by_another() throws Exception {
    Path lines = Files.writeString(root.resolve("lines"), "first\nsecond\n\nfourth");
    Path more = Files.writeString(root.resolve("more"), "fifth\n");
    try (Town town = new Town();
        HeadlessAgent donor = donor(town)) {
      town.visitor(SLOTS, 2);
      String told =
          said(town, "a", ExitCode.OK, "feed", "append", "--json", "--public", "/log", "" + lines);
      assertThat(told).contains("\"length\":4", "\"public\":true");
      String link = told.replaceAll("(?s).*\"link\":\"([^\"]*)\".*", "$1");
      assertThat(said(town, "a", ExitCode.OK, "feed", "append", "/log", "" + more))
          .contains("5 entries: " + link);

      assertThat(said(town, "b", ExitCode.OK, "feed", "cat", "--", link))
          .contains("first", "second", "fourth", "fifth");
      assertThat(said(town, "b", ExitCode.OK, "feed", "cat", "--from=1", "--to=2", "--", link))
          .contains("second")
          .doesNotContain("first", "fourth");
      assertThat(said(town, "b", ExitCode.OK, "feed", "tail", "-n2", "--count=2", "--", link))
          .contains("fourth", "fifth")
          .doesNotContain("second");
      assertThat(said(town, "b", ExitCode.OK, "feed", "verify", "--", link))
          .contains("5 entries are genuine, fork 0");
      String _ = said(town, "b", ExitCode.NOT_FOUND, "feed", "cat", "/log");
      String _ = said(town, "b", ExitCode.USAGE, "feed", "cat", "nonsense");
    }
  }

  @Test
  void what_cannot_be_done_has_a_code_of_its_own() throws Exception {
    Path file = Files.writeString(root.resolve("file"), "content");
    try (Town town = new Town()) {
      assertThat(said(town, "a", ExitCode.OVER_ALLOWANCE, "put", "" + file, "/file"))
          .contains("./p2pcp donate");
      assertThat(said(town, "a", ExitCode.USAGE, "put", "" + root.resolve("missing"), "/file"))
          .contains("can't be read");
      assertThat(said(town, "a", ExitCode.USAGE, "put")).contains("Missing required parameter");
    }
    assertThat(run("http://127.0.0.1:9", "a", "ls", "--timeout=1").exitCode())
        .isEqualTo(ExitCode.OFFLINE);
    try (DonorProcess none =
        DonorProcess.run(Map.of(), "peer", "ls", "--dir=" + root.resolve("new"))) {
      assertThat(none.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(none.said()).contains("no words");
    }
  }

  private HeadlessAgent donor(Town town) throws Exception {
    HeadlessAgent donor =
        HeadlessAgent.open(
            JournaledStore.open(root.resolve("donor"), HeadlessAgent.bytesOf(SLOTS)),
            phrase,
            new HeadlessAgent.Task(SLOTS, true, List.of(town.origin())));
    Await.until("online", () -> Town.isOnline(donor));
    return donor;
  }

  private String said(Town town, String device, int exitCode, String... arguments)
      throws Exception {
    try (DonorProcess process = run(town.origin(), device, arguments)) {
      int ended = process.exitCode();
      assertThat(ended).as(process.said()).isEqualTo(exitCode);
      return process.said();
    }
  }

  private DonorProcess run(String origin, String device, String... arguments) throws Exception {
    int named = arguments[0].equals("feed") ? 2 : 1;
    List<String> all = new ArrayList<>(List.of("peer"));
    all.addAll(List.of(arguments).subList(0, named));
    all.addAll(
        List.of(
            "--dir=" + root.resolve("device-" + device),
            "--phrase-file=" + words,
            "--server=" + origin));
    all.add("--copies=2");
    all.addAll(List.of(arguments).subList(named, arguments.length));
    return DonorProcess.run(Map.of(), all.toArray(new String[0]));
  }
}
