package dev.p2pcp.donor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.SeedPhrase;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The phrase is nowhere but where its owner put it, and a donor ends well. */
class SecretsTest {
  private static final int TERMINATED = 143;

  @TempDir Path root;

  private final SeedPhrase phrase = SeedPhrase.generate(new JvmEntropy());

  @Test
  void the_words_are_in_no_output_argument_page_or_file() throws Exception {
    Path folder = root.resolve("donor");
    StringBuilder seen = new StringBuilder();
    try (Town town = new Town();
        DonorProcess donor =
            DonorProcess.run(
                Map.of(PhraseFile.VARIABLE, phrase.text()),
                "donate",
                "--dir=" + folder,
                "--slots=100",
                "--server=" + town.origin(),
                "--status-port=0")) {
      String _ = donor.line("up: ");
      Path process = Path.of("/proc", Long.toString(donor.pid()), "cmdline");
      if (Files.exists(process)) {
        seen.append(Files.readString(process, StandardCharsets.ISO_8859_1));
      }
      for (String page : List.of("/health", "/metrics", "/other")) {
        seen.append(get(donor.status() + page));
      }
      donor.terminate();
      assertThat(donor.exitCode()).isEqualTo(TERMINATED);
      assertThat(donor.said()).contains("Stopped; what is kept stays.");
      seen.append(donor.said());
    }
    assertThat(folder.resolve("phrase")).doesNotExist();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        seen.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(seen.toString()).contains("p2pcp_donor_up 1").doesNotContain(secrets());
  }

  @Test
  void the_words_are_made_once_for_their_user_alone() throws Exception {
    Path file = root.resolve("new/phrase");
    PhraseFile.Found made = PhraseFile.obtain(Map.of(), file, new JvmEntropy());
    assertThat(made.fresh()).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    PhraseFile.Found found = PhraseFile.obtain(Map.of(), file, new JvmEntropy());
    assertThat(found.fresh()).isFalse();
    assertThat(found.phrase()).isEqualTo(made.phrase());
    assertThat(found.toString()).doesNotContain(made.phrase().words().getFirst());
  }

  @Test
  void words_that_others_may_read_are_refused() throws Exception {
    Path file = Files.writeString(root.resolve("phrase"), phrase.text());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(refusal(Map.of(), file)).contains("chmod 600");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    assertThat(PhraseFile.read(Map.of(), file)).contains(phrase);
  }

  @Test
  void wrong_words_are_named_by_their_place_only() throws Exception {
    String text = phrase.text().replace(phrase.words().get(4), "swordfish");
    String refusal = refusal(Map.of(PhraseFile.VARIABLE, text), root.resolve("none"));
    assertThat(refusal).contains("number 5").doesNotContain("swordfish");
    assertThat(refusal(Map.of(PhraseFile.VARIABLE, "abandon"), root.resolve("none")))
        .contains("24 words")
        .doesNotContain("abandon");
  }

  private static String refusal(Map<String, String> environment, Path file) {
    try {
      var _ = PhraseFile.read(environment, file);
    } catch (DonorException e) {
      assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("it was taken");
  }

  /** What gives the phrase away: words beside each other, and what is derived, in any form. */
  private String[] secrets() {
    Bytes seed = phrase.seed(new JvmCrypto());
    List<String> words = phrase.words();
    return Stream.of(
            words.get(0) + " " + words.get(1),
            words.get(0) + "," + words.get(1),
            words.get(22) + " " + words.get(23),
            phrase.entropy().hex(),
            phrase.entropy().base64Url(),
            new String(phrase.entropy().toArray(), StandardCharsets.ISO_8859_1),
            seed.hex(),
            seed.base64Url(),
            new String(seed.toArray(), StandardCharsets.ISO_8859_1))
        .toArray(String[]::new);
  }

  private static String get(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
        .body();
  }
}
