package dev.p2pcp.node;

import static dev.p2pcp.node.Lenders.carried;
import static dev.p2pcp.node.Lenders.isAllSound;
import static dev.p2pcp.node.Lenders.kept;
import static dev.p2pcp.node.Lenders.lend;
import static dev.p2pcp.node.Lenders.look;
import static dev.p2pcp.node.Lenders.putPublic;
import static dev.p2pcp.node.Lenders.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bucket.Bucket;
import dev.p2pcp.bucket.Trouble;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What others may cost who lends a bucket, what is counted, and what is told. */
class BucketCostTest {
  private final Lenders lenders = new Lenders();
  private final Village village = lenders.village;

  @AfterEach
  void leave() {
    lenders.close();
  }

  @Test
  void who_asks_again_and_again_is_given_one_url_that_counts_once() throws Exception {
    Village.Resident ada = keeper(0);
    StorageKey key = kept(ada).get(0);
    PeerId anybody = village.settler().node().device().peer();
    long before = state(ada).gets();
    Set<String> urls = new LinkedHashSet<>();
    for (int i = 0; i < 50; i++) {
      urls.add(
          ((PeerFrame.Elsewhere) ada.node().holder.answer(anybody, new PeerFrame.Get(key))).url());
    }
    assertThat(urls).hasSize(1);
    assertThat(state(ada).gets() - before).isEqualTo(1);
    // Nobody is given one that ends at once.
    village.clock.moveBy(301_000);
    PeerFrame.Reply later = ada.node().holder.answer(anybody, new PeerFrame.Get(key));
    assertThat(urls).doesNotContain(((PeerFrame.Elsewhere) later).url());
    assertThat(state(ada).gets() - before).isEqualTo(2);
  }

  @Test
  void others_leave_a_quarter_to_show_that_all_is_kept() throws Exception {
    Village.Resident ada = keeper(20);
    StorageKey key = kept(ada).get(0);
    for (int i = 0; i < 30; i++) {
      carried(ada, key);
    }
    assertThat(state(ada).spent()).isTrue();
    assertThat(state(ada).gets() + state(ada).puts()).isEqualTo(15);
    PeerFrame.Denied denied = (PeerFrame.Denied) carried(ada, key);
    assertThat(denied.refusal().code()).isEqualTo(Refusal.FULL);
    int kept = kept(ada).size();
    assertThat(isAllSound(ada)).isTrue();
    assertThat(kept(ada)).hasSize(kept);
    assertThat(state(ada).gets() + state(ada).puts()).isEqualTo(15 + kept);
  }

  @Test
  void what_was_spoiled_in_the_bucket_is_given_up_and_not_passed_on() throws Exception {
    Village.Resident ada = keeper(0);
    StorageKey key = kept(ada).get(0);
    lenders
        .buckets
        .objects()
        .replaceAll(
            (path, object) -> path.contains(key.toString()) ? new Seeded(3).bytes(500) : object);
    PeerFrame.Denied denied = (PeerFrame.Denied) carried(ada, key);
    assertThat(denied.refusal().code()).isEqualTo(Refusal.NOT_FOUND);
    assertThat(kept(ada)).doesNotContain(key);
  }

  @Test
  void what_is_let_go_of_is_removed_even_when_all_is_spent() throws Exception {
    Village.Resident ada = keeper(0);
    long asked = state(ada).gets() + state(ada).puts();
    lend(ada, "one", asked);
    for (StorageKey key : kept(ada)) {
      ada.node().holder.gaveUp(key);
    }
    assertThat(lenders.buckets.objects()).isEmpty();
    assertThat(state(ada).gets() + state(ada).puts()).isEqualTo(asked);
  }

  @Test
  void a_read_counts_as_much_as_is_there() throws Exception {
    Village.Resident ada = keeper(0);
    StorageKey key = kept(ada).get(0);
    long before = state(ada).bytesOut();
    Bytes block = ((PeerFrame.BlockReply) carried(ada, key)).block();
    assertThat(state(ada).bytesOut() - before).isEqualTo(block.length());
  }

  @Test
  void what_was_spent_is_known_after_a_restart() throws Exception {
    Village.Resident ada = keeper(0);
    carried(ada, kept(ada).get(0));
    long gets = state(ada).gets();
    long out = state(ada).bytesOut();
    look(ada);
    village.await("saved", () -> saved(ada).gets() == gets);
    Village.Resident same = ada.reopened();
    assertThat(state(same).gets()).isEqualTo(gets);
    assertThat(state(same).bytesOut()).isEqualTo(out);
  }

  private static BucketBudget.Spent saved(Village.Resident who) throws Exception {
    Bytes record =
        who.store
            .record(BlockStore.Table.PROFILE, Bytes.utf8("bucket spent"))
            .orElse(BucketBudget.Spent.NOTHING.encoded());
    return BucketBudget.Spent.decode(record);
  }

  @Test
  void that_something_in_between_knows_nothing_does_not_mean_that_blocks_are_lost()
      throws Exception {
    Village.Resident ada = keeper(0);
    List<StorageKey> kept = kept(ada);
    int objects = lenders.buckets.objects().size();
    lenders.buckets.hide();
    for (StorageKey key : kept) {
      assertThatThrownBy(() -> ada.node().holder.isSound(key)).isInstanceOf(StoreException.class);
    }
    lenders.buckets.refuse(200, "");
    assertThat(kept(ada)).isEqualTo(kept);
    assertThat(lenders.buckets.objects()).hasSize(objects);
    assertThat(isAllSound(ada)).isTrue();
    assertThat(Trouble.of("NoSuchKey", 404)).isEqualTo(Trouble.NOT_THERE);
    assertThat(Trouble.of("", 404)).isEqualTo(Trouble.OTHER);
  }

  @Test
  void what_keeps_public_items_from_being_copied_is_told() throws Exception {
    Village.Resident ada = village.settler();
    lend(ada, "one", 0);
    lenders.buckets.refuse(403, "AccessDenied");
    putPublic(ada, "/profile", Bytes.utf8("Ada"));
    village.await("told", () -> state(ada).trouble().equals(Optional.of(Trouble.DENIED)));
    assertThat(state(ada).published()).isZero();
    lenders.buckets.refuse(200, "");
    village.await(
        "published",
        () -> {
          look(ada);
          return state(ada).published() > 0;
        });
    assertThat(state(ada).trouble()).isEmpty();
  }

  @Test
  void what_no_server_was_told_of_is_not_shown_as_published() throws Exception {
    Village.Resident ada = village.settler();
    lend(ada, "one", 0);
    village.index.kill();
    putPublic(ada, "/profile", Bytes.utf8("Ada"));
    village.await(
        "in the bucket",
        () -> lenders.buckets.objects().keySet().stream().anyMatch(o -> o.endsWith("/directory")));
    assertThat(state(ada).published()).isZero();
    village.index.restart();
    village.await("published", () -> state(ada).published() == 1);
  }

  @Test
  void more_blocks_than_one_directory_holds_are_in_the_next() throws Exception {
    Village.Resident ada = village.settler();
    Seeded arbitrary = new Seeded(11);
    Set<StorageKey> keys = new LinkedHashSet<>();
    for (int i = 0; i < 4_100; i++) {
      keys.add(new StorageKey(arbitrary.bytes(StorageKey.LENGTH)));
    }
    Bucket bucket =
        new Bucket(village.platform, lenders.buckets, Lenders.access("one"), (read, bytes) -> {});
    BucketPublishing publishing = new BucketPublishing(village.platform, ada.node().store);
    publishing.look(ada.node(), publishing.turn(), bucket, Lenders.access("one"), keys);
    assertThat(publishing.published()).isEqualTo(4_100);
    Shelves shelves = ada.node().shelves;
    assertThat(shelves.learn(Lenders.identity(ada))).isTrue();
    assertThat(keys).allSatisfy(key -> assertThat(shelves.of(key)).hasSize(1));
  }

  @Test
  void a_bucket_is_no_room_for_own_blocks() throws Exception {
    Village.Resident ada = village.settler();
    int room = ada.node().status().lending().room();
    lend(ada, "one", 0);
    assertThat(ada.node().store.usage()).isEqualTo(ada.store.usage());
    assertThat(ada.node().status().lending().room()).isGreaterThan(room);
  }

  /** Somebody who keeps three blocks of another in a bucket. */
  private Village.Resident keeper(long requests) throws Exception {
    Village.Resident bob = lenders.neighbour();
    Village.Resident ada = village.settler();
    lend(ada, "one", requests);
    bob.put("/note", new Seeded(8).bytes(Block.MAX_LENGTH / 64));
    village.await("placed", bob::isAllPlaced);
    bob.stop();
    assertThat(kept(ada)).isNotEmpty();
    return ada;
  }
}
