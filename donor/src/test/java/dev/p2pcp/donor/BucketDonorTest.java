package dev.p2pcp.donor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.donor.bucket.BucketServer;
import dev.p2pcp.identity.Path;
import dev.p2pcp.node.ItemView;
import dev.p2pcp.node.Node;
import dev.p2pcp.testing.Seeded;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A bucket that is lent by the command line, among people at a real index server. */
class BucketDonorTest {
  private static final int ITEMS = 8;
  private static final int SLOTS = 300;
  private static final Map<String, String> KEYS =
      Map.of(
          "AWS_ACCESS_KEY_ID",
          BucketServer.KEY.id(),
          "AWS_SECRET_ACCESS_KEY",
          BucketServer.KEY.secret());

  @TempDir java.nio.file.Path root;

  @ParameterizedTest
  @EnumSource(BucketServer.Kind.class)
  void what_people_stored_is_read_from_the_bucket_alone_and_the_key_is_nowhere_seen(
      BucketServer.Kind kind) throws Exception {
    StringBuilder seen = new StringBuilder();
    try (BucketServer server = BucketServer.start(kind, root.resolve("server"));
        Town town = new Town();
        DonorProcess donor = donate(server, town)) {
      Town.Visitor writer = town.visitor(SLOTS, 2);
      Map<String, Bytes> stored = store(writer);
      writer.agent().close();
      for (Map.Entry<String, Bytes> one : stored.entrySet()) {
        String url = town.origin() + "/peers/" + donor.peer() + "/blocks/" + one.getKey();
        assertThat(Bytes.wrap(get(url))).isEqualTo(one.getValue());
      }
      seen.append(text(donor.status() + "/metrics")).append(text(donor.status() + "/health"));
      java.nio.file.Path arguments =
          java.nio.file.Path.of("/proc", Long.toString(donor.pid()), "cmdline");
      if (Files.exists(arguments)) {
        seen.append(Files.readString(arguments, StandardCharsets.ISO_8859_1));
      }
      donor.terminate();
      int _ = donor.exitCode();
      seen.append(donor.said());
    }
    try (Stream<java.nio.file.Path> files = Files.walk(root.resolve("donor"))) {
      for (java.nio.file.Path file :
          (Iterable<java.nio.file.Path>) files.filter(Files::isRegularFile)::iterator) {
        if (!file.endsWith("phrase")) {
          seen.append(Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    }
    assertThat(seen.toString())
        .contains("p2pcp_donor_bucket_puts_total", "budgetSpent")
        .doesNotContain(BucketServer.KEY.secret(), BucketServer.KEY.id());
  }

  @ParameterizedTest
  @EnumSource(BucketServer.Kind.class)
  void what_is_missing_from_an_emptied_bucket_is_given_up_and_made_anew(BucketServer.Kind kind)
      throws Exception {
    try (BucketServer server = BucketServer.start(kind, root.resolve("server"));
        Town town = new Town();
        DonorProcess donor = donate(server, town)) {
      Town.Visitor writer = town.visitor(SLOTS, 2);
      Map<String, Bytes> stored = store(writer);
      town.visitor(SLOTS, 2);
      server.empty();
      for (String key : stored.keySet()) {
        // Gone, or already made anew, there or elsewhere.
        assertThat(status(town.origin() + "/peers/" + donor.peer() + "/blocks/" + key))
            .isIn(404, 200);
      }
      Await.until("made anew", () -> isDone(writer, true));
      Await.until(
          "whoever says to have a block has it",
          () -> {
            boolean all = true;
            for (Map.Entry<String, Bytes> block : stored.entrySet()) {
              String locations = text(town.origin() + "/blocks/" + block.getKey());
              for (String url : urls(locations)) {
                all &= status(url) == 200 && Bytes.wrap(get(url)).equals(block.getValue());
              }
            }
            return all;
          });
      assertThat(text(donor.status() + "/health")).contains("\"forOthers\":");
    }
  }

  private static List<String> urls(String locations) {
    return Pattern.compile("\"(http[^\"]+)\"")
        .matcher(locations)
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  @Test
  void a_bucket_that_refuses_says_why_and_nothing_is_lent() throws Exception {
    try (BucketServer server =
        BucketServer.start(BucketServer.Kind.S3PROXY, root.resolve("server"))) {
      Map<String, String> wrong =
          Map.of("AWS_ACCESS_KEY_ID", BucketServer.KEY.id(), "AWS_SECRET_ACCESS_KEY", "wrong");
      try (DonorProcess donor = DonorProcess.run(wrong, arguments(server, "http://127.0.0.1:9"))) {
        assertThat(donor.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(donor.said()).contains("the secret key does not fit the key id");
      }
      try (DonorProcess donor =
          DonorProcess.run(Map.of(), arguments(server, "http://127.0.0.1:9"))) {
        assertThat(donor.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(donor.said()).contains("AWS_SECRET_ACCESS_KEY");
      }
    }
  }

  private DonorProcess donate(BucketServer server, Town town) throws Exception {
    DonorProcess donor = DonorProcess.run(KEYS, arguments(server, town.origin()));
    String _ = donor.line("up: ");
    return donor;
  }

  private String[] arguments(BucketServer server, String origin) {
    return List.of(
            "donate",
            "--dir=" + root.resolve("donor"),
            "--s3=s3://donated/lent",
            "--endpoint=" + server.endpoint(),
            "--slots=" + SLOTS,
            "--server=" + origin,
            "--status-port=0")
        .toArray(new String[0]);
  }

  /** Stores items with their copies; their blocks by storage key. */
  private static Map<String, Bytes> store(Town.Visitor visitor) throws Exception {
    Seeded arbitrary = new Seeded(3);
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      Path path = new Path("/item-" + i);
      paths.add(path);
      int length = i == 0 ? 600_000 : arbitrary.below(50_000);
      visitor.agent().node().put(path, arbitrary.bytes(length), false, 0);
    }
    Await.until("stored", () -> isDone(visitor, false));
    Map<String, Bytes> blocks = new HashMap<>();
    for (Node.KeptBlock block : visitor.agent().node().blocks()) {
      if (block.path().filter(paths::contains).isPresent()) {
        blocks.put(block.key().toString(), visitor.store().block(block.key()).orElseThrow());
      }
    }
    return blocks;
  }

  private static boolean isDone(Town.Visitor visitor, boolean online) throws Exception {
    visitor.agent().agent().watch();
    return visitor.agent().node().list("/item-").stream()
        .allMatch(
            view -> view.placement() == ItemView.Placement.DONE && (!online || view.online() == 2));
  }

  private static String text(String url) throws Exception {
    return new String(get(url), StandardCharsets.UTF_8);
  }

  private static int status(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
        .statusCode();
  }

  private static byte[] get(String url) throws Exception {
    var response =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).as(url).isEqualTo(200);
    return response.body();
  }
}
