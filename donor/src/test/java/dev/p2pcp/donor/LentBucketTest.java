package dev.p2pcp.donor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bucket.BucketAccess;
import dev.p2pcp.bucket.BucketTerms;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.donor.bucket.BucketServer;
import dev.p2pcp.identity.Path;
import dev.p2pcp.node.BucketLending;
import dev.p2pcp.node.Content;
import dev.p2pcp.node.Node;
import dev.p2pcp.node.StoreCheck;
import dev.p2pcp.testing.Seeded;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A bucket that an agent lends beside its own store, as a browser's does, at a real index server.
 */
class LentBucketTest {
  private static final int SLOTS = 300;
  private static final Path PROFILE = new Path("/profile");
  private static final Path LARGE = new Path("/large");

  @TempDir java.nio.file.Path root;

  @ParameterizedTest
  @EnumSource(BucketServer.Kind.class)
  void public_items_are_read_from_the_bucket_alone_and_its_key_is_nowhere_seen(
      BucketServer.Kind kind) throws Exception {
    Bytes large = new Seeded(5).bytes(600_000);
    try (BucketServer server = BucketServer.start(kind, root);
        Town town = new Town()) {
      Town.Visitor ada = town.visitor(SLOTS, 1);
      lend(ada, server);
      ada.agent().node().put(PROFILE, Bytes.utf8("Ada"), true, 0);
      ada.agent().node().put(LARGE, large, true, 0);
      PublicKey identity = ada.agent().agent().keys().did().identity();
      Town.Visitor reader = town.visitor(SLOTS, 1);
      reader.agent().node().bucket().allow(List.of(server.endpoint().toString()));
      Await.until("published", () -> state(ada).published() >= 4);
      for (var key : ada.store().keys()) {
        String block =
            new String(
                ada.store().block(key).orElseThrow().unsafeArray(), StandardCharsets.ISO_8859_1);
        assertThat(block).doesNotContain(BucketServer.KEY.secret(), BucketServer.KEY.id());
      }
      ada.agent().close();
      Await.until("read", () -> read(reader, identity, PROFILE).isPresent());
      assertThat(read(reader, identity, PROFILE)).contains(Bytes.utf8("Ada"));
      assertThat(read(reader, identity, LARGE)).contains(large);
    }
  }

  @ParameterizedTest
  @EnumSource(BucketServer.Kind.class)
  void an_emptied_bucket_is_noticed_and_copies_are_made_elsewhere(BucketServer.Kind kind)
      throws Exception {
    try (BucketServer server = BucketServer.start(kind, root);
        Town town = new Town()) {
      Town.Visitor ada = town.visitor(SLOTS, 1);
      lend(ada, server);
      Town.Visitor bob = town.visitor(SLOTS, 2);
      bob.agent().node().put(LARGE, new Seeded(6).bytes(300_000), false, 0);
      Await.until("kept", () -> forOthers(ada) >= 3);
      int kept = forOthers(ada);
      town.visitor(SLOTS, 1);
      server.empty();
      new StoreCheck(ada.agent().node(), ada.agent().platform().tasks()).run(0);
      assertThat(forOthers(ada)).isLessThan(kept);
      Await.until(
          "made anew",
          () ->
              bob.agent().node().list("/large").stream()
                  .allMatch(view -> view.stored() == 2 && view.online() == 2));
    }
  }

  private static int forOthers(Town.Visitor who) throws Exception {
    return who.agent().node().status().lending().forOthers();
  }

  private static void lend(Town.Visitor who, BucketServer server) throws Exception {
    BucketAccess access =
        new BucketAccess(
            server.endpoint().toString(),
            "us-east-1",
            server.address("").bucket(),
            "lent/",
            true,
            BucketServer.KEY.id(),
            BucketServer.KEY.secret());
    Node node = who.agent().node();
    node.bucket().lend(node, new BucketTerms(access, 0, 0));
  }

  private static BucketLending.State state(Town.Visitor who) throws Exception {
    Node node = who.agent().node();
    return node.bucket().state(node).orElseThrow();
  }

  private static Optional<Bytes> read(Town.Visitor reader, PublicKey of, Path path)
      throws Exception {
    return reader.agent().node().getOf(of, path, done -> {}).map(Content::value);
  }
}
