package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.p2pcp.bucket.BucketAccess;
import dev.p2pcp.bucket.BucketException;
import dev.p2pcp.bucket.BucketTerms;
import dev.p2pcp.bucket.Trouble;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.Path;
import dev.p2pcp.testing.MemoryBuckets;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.SessionFrame;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bucket that is lent keeps blocks of others, and public items are read from it alone. */
class BucketLendingTest {
  private static final String STORE = "https://store.example";
  private static final String SECRET = "a-secret-that-nobody-may-see";
  private static final Bytes LARGE = new Seeded(7).bytes(300_000);
  private static final long DAY = 24L * 60 * 60_000;

  private final Village village = new Village();
  private final MemoryBuckets buckets = new MemoryBuckets(village.clock);

  @BeforeEach
  void build() {
    village.network.askBy(buckets);
  }

  @AfterEach
  void leave() {
    village.close();
  }

  private static BucketAccess access(String endpoint) {
    return new BucketAccess(endpoint, "eu-central-1", "lent", "p2p/", true, "KEYID", SECRET);
  }

  private static void lend(Village.Resident owner, String endpoint, long requests)
      throws Exception {
    Node node = owner.node();
    node.bucket().lend(node, new BucketTerms(access(endpoint), requests, 0));
  }

  private static BucketLending.State state(Village.Resident owner) throws Exception {
    return owner.node().bucket().state(owner.node()).orElseThrow();
  }

  private static void putPublic(Village.Resident who, String path, Bytes value) throws Exception {
    who.node().put(new Path(path), value, true, 0);
  }

  private static PublicKey identity(Village.Resident who) throws Exception {
    return who.agent().keys().did().identity();
  }

  private static Optional<Bytes> read(Village.Resident reader, PublicKey of, String path)
      throws Exception {
    return reader.node().getOf(of, new Path(path), done -> {}).map(Content::value);
  }

  /** An owner with public items in the bucket, who has left. */
  private PublicKey gone(String endpoint) throws Exception {
    Village.Resident ada = village.settler();
    lend(ada, endpoint, 0);
    putPublic(ada, "/profile", Bytes.utf8("Ada"));
    putPublic(ada, "/large", LARGE);
    ada.put("/notes/secret", "for nobody else");
    village.await("published", () -> village.index.count(SessionFrame.Post.class) > 0);
    village.await("copied", () -> state(ada).blocks() >= 4);
    int posts = village.index.count(SessionFrame.Post.class);
    putPublic(ada, "/last", Bytes.utf8("the last word"));
    village.await("last", () -> village.index.count(SessionFrame.Post.class) > posts);
    ada.stop();
    return identity(ada);
  }

  @Test
  void public_items_are_read_from_the_bucket_alone_when_everybody_is_gone() throws Exception {
    PublicKey ada = gone(STORE);
    Village.Resident dora = village.settler();
    assertThat(read(dora, ada, "/profile")).contains(Bytes.utf8("Ada"));
    assertThat(read(dora, ada, "/large")).contains(LARGE);
    assertThat(read(dora, ada, "/last")).contains(Bytes.utf8("the last word"));
    assertThat(read(dora, ada, "/notes/secret")).isEmpty();
  }

  @Test
  void what_was_changed_in_the_bucket_is_not_believed() throws Exception {
    PublicKey ada = gone(STORE);
    buckets
        .objects()
        .replaceAll(
            (path, bytes) ->
                path.endsWith("/directory")
                    ? bytes
                    : Bytes.concat(bytes.slice(0, bytes.length() - 1), Bytes.utf8("x")));
    Village.Resident dora = village.settler();
    assertThat(read(dora, ada, "/profile")).isEmpty();
  }

  @Test
  void after_a_week_nobody_finds_the_way() throws Exception {
    PublicKey ada = gone(STORE);
    village.clock.moveBy(8 * DAY);
    Village.Resident dora = village.settler();
    assertThat(read(dora, ada, "/profile")).isEmpty();
  }

  @Test
  void a_bucket_in_a_local_network_is_read_by_those_alone_who_allowed_it() throws Exception {
    PublicKey ada = gone("http://192.168.1.5:9000");
    int asked = buckets.requests().size();
    Village.Resident dora = village.settler();
    assertThat(read(dora, ada, "/profile")).isEmpty();
    assertThat(buckets.requests()).hasSize(asked);
    dora.node().bucket().allow(List.of("http://192.168.1.5:9000"));
    village.clock.moveBy(2 * 60_000);
    assertThat(read(dora, ada, "/profile")).contains(Bytes.utf8("Ada"));
  }

  @Test
  void blocks_of_others_go_into_the_bucket_and_their_readers_fetch_them_there() throws Exception {
    Village.Resident bob = village.settler();
    bob.agent().wantCopies(2);
    Village.Resident ada = village.settler();
    lend(ada, STORE, 0);
    bob.put("/large", LARGE);
    village.await("placed", bob::isAllPlaced);
    assertThat(state(ada).blocks()).isGreaterThanOrEqualTo(3);
    assertThat(ada.store.keys().stream().filter(bob.node().own.snapshot()::containsKey)).isEmpty();
    // A second device of Bob's has nothing but what Ada keeps.
    bob.stop();
    int before = buckets.requests().size();
    Village.Resident again = village.device(bob.words());
    village.await("catalogue", () -> again.node().view(new Path("/large")).isPresent());
    assertThat(again.get("/large")).contains(LARGE);
    assertThat(buckets.requests().size()).isGreaterThan(before);
  }

  @Test
  void a_long_block_is_left_in_the_bucket_by_its_owner() throws Exception {
    Village.Resident bob = village.settler();
    bob.agent().wantCopies(2);
    Village.Resident ada = village.settler();
    lend(ada, STORE, 0);
    bob.put("/large", LARGE);
    village.await("placed", bob::isAllPlaced);
    long left =
        buckets.requests().stream()
            .filter(asked -> asked.method().equals("PUT") && !asked.anywhere())
            .count();
    // Its two chunks; the head is short, and who has no bucket is told apart by one question.
    assertThat(left).isEqualTo(2);
    assertThat(buckets.objects().keySet()).noneMatch(path -> path.contains("left-"));
    for (var key : ada.node().holdings.keys()) {
      assertThat(ada.node().holder.isSound(key)).isTrue();
    }
  }

  @Test
  void what_is_left_is_kept_only_if_it_is_the_block_of_the_ticket() throws Exception {
    Village.Resident bob = village.settler();
    bob.agent().wantCopies(2);
    Village.Resident ada = village.settler();
    lend(ada, STORE, 0);
    buckets.spoil("left-");
    bob.put("/large", LARGE);
    village.await("placed", bob::isAllPlaced);
    for (var key : ada.node().holdings.keys()) {
      assertThat(ada.node().holder.isSound(key)).isTrue();
    }
  }

  @Test
  void who_spoils_an_object_costs_a_detour_and_nothing_else() throws Exception {
    Village.Resident bob = village.settler();
    bob.agent().wantCopies(2);
    Village.Resident ada = village.settler();
    lend(ada, STORE, 0);
    bob.put("/note", "kept by Ada");
    village.await("placed", bob::isAllPlaced);
    int kept = ada.node().holdings.forOthers();
    buckets.objects().clear();
    for (var key : ada.node().holdings.keys()) {
      ada.node().holder.isSound(key);
    }
    assertThat(ada.node().holdings.forOthers()).isLessThan(kept);
    village.await("repaired", bob::isAllPlaced);
  }

  @Test
  void a_spent_budget_takes_no_block_more() throws Exception {
    Village.Resident ada = village.settler();
    lend(ada, STORE, 3);
    Village.Resident bob = village.settler();
    bob.agent().wantCopies(2);
    for (int i = 0; i < 8; i++) {
      bob.put("/notes/" + i, "note " + i);
    }
    village.await("spent", () -> state(ada).spent());
    int asked = buckets.requests().size();
    bob.put("/notes/more", "one more");
    assertThat(state(ada).puts() + state(ada).gets()).isEqualTo(3);
    assertThat(buckets.requests().size()).isEqualTo(asked);
  }

  @Test
  void each_trouble_is_told_and_nothing_of_it_is_lent() throws Exception {
    Village.Resident ada = village.settler();
    buckets.refuse(403, "SignatureDoesNotMatch");
    BucketException refused =
        catchThrowableOfType(BucketException.class, () -> lend(ada, STORE, 0));
    assertThat(refused.trouble()).isEqualTo(Trouble.WRONG_SECRET);
    assertThat(ada.node().bucket().state(ada.node())).isEmpty();
  }

  @Test
  void the_owners_next_device_knows_the_bucket_and_nobody_sees_its_secret() throws Exception {
    Village.Resident ada = village.settler();
    Village.Resident bob = village.settler();
    ada.agent().wantCopies(2);
    lend(ada, STORE, 0);
    village.await("placed", ada::isAllPlaced);
    Village.Resident phone = village.device(ada.words());
    village.await("known", () -> phone.node().items.state(BucketLending.PATH).isPresent());
    BucketLending.State known = state(phone);
    assertThat(known.here()).isFalse();
    assertThat(known.terms().access()).isEqualTo(access(STORE));
    for (Village.Resident one : List.of(ada, bob, phone)) {
      for (var key : one.store.keys()) {
        assertThat(one.store.block(key).orElseThrow().utf8()).doesNotContain(SECRET, "KEYID");
      }
    }
    buckets.requests().forEach(asked -> assertThat(asked.toString()).doesNotContain(SECRET));
    assertThat(known.toString()).doesNotContain(SECRET);
  }

  @Test
  void who_starts_again_goes_on_lending() throws Exception {
    Village.Resident bob = village.settler();
    bob.agent().wantCopies(2);
    Village.Resident ada = village.settler();
    lend(ada, STORE, 0);
    bob.put("/note", "kept by Ada");
    village.await("placed", bob::isAllPlaced);
    long puts = state(ada).puts();
    Village.Resident same = ada.reopened();
    assertThat(state(same).here()).isTrue();
    assertThat(state(same).blocks()).isPositive();
    assertThat(state(same).puts()).isLessThanOrEqualTo(puts);
    for (var key : same.node().holdings.keys()) {
      assertThat(same.node().holder.isSound(key)).isTrue();
    }
  }

  @Test
  void lending_ends_with_what_only_the_bucket_had() throws Exception {
    Village.Resident bob = village.settler();
    bob.agent().wantCopies(2);
    Village.Resident ada = village.settler();
    Village.Resident eve = village.settler();
    lend(ada, STORE, 0);
    bob.put("/note", "kept by somebody");
    village.await("placed", bob::isAllPlaced);
    ada.node().bucket().end(ada.node());
    assertThat(ada.node().bucket().state(ada.node())).isEmpty();
    for (var key : ada.node().holdings.keys()) {
      assertThat(ada.node().holdings.of(key).orElseThrow().own()).isTrue();
    }
    assertThat(eve.agent().state()).isEqualTo(Agent.State.OPEN);
    village.await("placed with another", bob::isAllPlaced);
  }
}
