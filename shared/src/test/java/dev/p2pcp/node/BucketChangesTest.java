package dev.p2pcp.node;

import static dev.p2pcp.node.Lenders.identity;
import static dev.p2pcp.node.Lenders.isAllSound;
import static dev.p2pcp.node.Lenders.kept;
import static dev.p2pcp.node.Lenders.lend;
import static dev.p2pcp.node.Lenders.putPublic;
import static dev.p2pcp.node.Lenders.read;
import static dev.p2pcp.node.Lenders.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.bucket.BucketAccess;
import dev.p2pcp.bucket.BucketTerms;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Sha256;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Another bucket, no bucket any more, two devices with one each: nothing is lost silently. */
class BucketChangesTest {
  private final Lenders lenders = new Lenders();
  private final Village village = lenders.village;

  @AfterEach
  void leave() {
    lenders.close();
  }

  @Test
  void who_changes_the_bucket_gives_up_what_only_the_old_one_has() throws Exception {
    Village.Resident bob = lenders.neighbour();
    Village.Resident ada = village.settler();
    lend(ada, "old", 0);
    bob.put("/large", Lenders.LARGE);
    village.await("placed", bob::isAllPlaced);
    assertThat(kept(ada)).isNotEmpty();
    lend(ada, "new", 0);
    // Blocks may be on their way back already, into the new one.
    assertThat(isAllSound(ada)).isTrue();
    assertThat(lenders.buckets.objects().keySet()).noneMatch(path -> path.startsWith("/old/"));
    village.await("placed anew", bob::isAllPlaced);
    assertThat(isAllSound(ada)).isTrue();
  }

  @Test
  void public_items_are_copied_into_the_new_bucket_too() throws Exception {
    Village.Resident ada = village.settler();
    lend(ada, "old", 0);
    putPublic(ada, "/profile", Bytes.utf8("Ada"));
    village.await("published", () -> state(ada).published() > 0);
    lend(ada, "new", 0);
    village.await("published anew", () -> state(ada).published() > 0);
    lenders.buckets.objects().keySet().removeIf(path -> path.startsWith("/old/"));
    assertIsReadWithout(ada);
  }

  @Test
  void after_the_end_nothing_is_taken_to_be_in_the_bucket() throws Exception {
    Village.Resident ada = village.settler();
    lend(ada, "one", 0);
    putPublic(ada, "/profile", Bytes.utf8("Ada"));
    village.await("published", () -> state(ada).published() > 0);
    ada.node().bucket().end(ada.node());
    assertThat(ada.store.records(BlockStore.Table.BUCKET)).isEmpty();
    lenders.buckets.objects().clear();
    lend(ada, "one", 0);
    village.await("published anew", () -> state(ada).published() > 0);
    assertIsReadWithout(ada);
  }

  private void assertIsReadWithout(Village.Resident owner) throws Exception {
    PublicKey identity = identity(owner);
    owner.stop();
    Village.Resident dora = village.settler();
    assertThat(read(dora, identity, "/profile")).contains(Bytes.utf8("Ada"));
  }

  @Test
  void who_ends_it_while_the_store_is_away_asks_it_once_and_gives_all_up() throws Exception {
    Village.Resident bob = lenders.neighbour();
    Village.Resident ada = village.settler();
    lend(ada, "one", 0);
    bob.put("/large", Lenders.LARGE);
    village.await("placed", bob::isAllPlaced);
    assertThat(kept(ada)).hasSizeGreaterThan(2);
    lenders.buckets.refuse(403, "AccessDenied");
    int asked = lenders.buckets.requests().size();
    ada.node().bucket().end(ada.node());
    assertThat(lenders.buckets.requests().size() - asked).isEqualTo(1);
    assertThat(ada.node().bucket().state(ada.node())).isEmpty();
    lenders.buckets.refuse(200, "");
    village.await("placed anew", bob::isAllPlaced);
    // In its own room, as there is no bucket any more.
    assertThat(isAllSound(ada)).isTrue();
    assertThat(ada.store.keys()).containsAll(kept(ada));
  }

  @Test
  void terms_that_can_not_be_read_keep_nobody_from_starting() throws Exception {
    Village.Resident bob = lenders.neighbour();
    Village.Resident ada = village.settler();
    lend(ada, "one", 0);
    bob.put("/large", Lenders.LARGE);
    village.await("placed", bob::isAllPlaced);
    ada.stop();
    ada.store.apply(
        new BlockStore.Batch()
            .putRecord(BlockStore.Table.PROFILE, Bytes.utf8("bucket on"), Bytes.utf8("what?")));
    Village.Resident same = ada.reopened();
    village.await("given up", () -> same.store.records(BlockStore.Table.BUCKET).isEmpty());
    assertThat(state(same).here()).isFalse();
    village.await("placed anew", bob::isAllPlaced);
    assertThat(isAllSound(same)).isTrue();
  }

  @Test
  void each_device_goes_on_with_its_own_bucket() throws Exception {
    Village.Resident bob = lenders.neighbour();
    Village.Resident ada = village.settler();
    lend(ada, "one", 0);
    bob.put("/large", Lenders.LARGE);
    village.await("placed", bob::isAllPlaced);
    Village.Resident phone = village.device(ada.words());
    village.await("known", () -> phone.node().items.state(BucketLending.PATH).isPresent());
    lend(phone, "two", 0);
    village.await(
        "told", () -> ada.node().items.state(BucketLending.PATH).orElseThrow().version() > 1);

    Village.Resident same = ada.reopened();
    assertThat(state(same).terms().access()).isEqualTo(Lenders.access("one"));
    assertThat(isAllSound(same)).isTrue();
    phone.node().bucket().end(phone.node());
    village.await("told", () -> same.node().items.state(BucketLending.PATH).isEmpty());
    Village.Resident again = same.reopened();
    assertThat(state(again).here()).isTrue();
    assertThat(kept(again)).isNotEmpty();
    assertThat(isAllSound(again)).isTrue();
  }

  @Test
  void what_one_device_published_is_found_beside_what_another_did() throws Exception {
    Village.Resident ada = village.settler();
    lend(ada, "one", 0);
    putPublic(ada, "/profile", Bytes.utf8("Ada"));
    village.await("published", () -> state(ada).published() > 0);
    Village.Resident phone = village.device(ada.words());
    village.await("known", () -> phone.node().items.state(BucketLending.PATH).isPresent());
    lend(phone, "two", 0);
    village.await("published too", () -> state(phone).published() > 0);
    assertThat(urls(phone)).hasSize(2);
    assertThat(urls(phone).get(0)).contains("/two/p2p/");
    assertThat(urls(phone).get(1)).contains("/one/p2p/");
    // Its URLs end after a week, if it is not there to sign others.
    ada.stop();
    assertThat(urls(daysLater(phone))).hasSize(2);
    assertThat(urls(daysLater(phone))).singleElement().asString().contains("/two/p2p/");
  }

  private static List<String> urls(Village.Resident who) throws Exception {
    return Shelves.urls(who.node().shelves.newest(identity(who)));
  }

  /** Half a week and an hour later it has told servers again. */
  private Village.Resident daysLater(Village.Resident who) throws Exception {
    who.stop();
    village.clock.moveBy(85L * 60 * 60_000);
    Village.Resident same = who.reopened();
    village.await("published again", () -> state(same).published() > 0);
    return same;
  }

  @Test
  void names_in_the_bucket_do_not_tell_whose_device_it_is() throws Exception {
    Village.Resident ada = village.settler();
    lend(ada, "one", 0);
    putPublic(ada, "/profile", Bytes.utf8("Ada"));
    village.await("published", () -> state(ada).published() > 0);
    Bytes peer = ada.node().device().peer().bytes();
    for (Bytes known : List.of(peer, Sha256.hash(peer).bytes())) {
      String name = known.base64Url().substring(0, 12);
      assertThat(lenders.buckets.objects().keySet()).noneMatch(path -> path.contains(name));
    }
  }

  @Test
  void what_is_saved_can_be_read_again() throws Exception {
    // Three bytes each, and a slash.
    BucketTerms longest = new BucketTerms(folder("山".repeat(85)), 0, 0);
    assertThat(longest.access().isSound()).isTrue();
    assertThat(BucketTerms.decode(longest.encoded())).isEqualTo(longest);
    assertThat(folder("山".repeat(86)).isSound()).isFalse();
  }

  private static BucketAccess folder(String name) {
    return new BucketAccess(Lenders.STORE, "eu", "one", name + "/", true, "KEY", "secret");
  }
}
