package dev.p2pcp.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.testing.BitFlips;
import dev.p2pcp.testing.FaultyBlockStore;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A feed over a store: written, read, reopened, cut, copied, and lied about. */
class FeedTest {
  private static final int SMALL = 40;

  private final Crypto crypto = new JvmCrypto();
  private final Platform platform =
      new Platform(
          new JvmClock(),
          new Seeded(3),
          new VirtualThreadTasks(
              new JvmClock(),
              (task, cause) -> {
                throw new AssertionError(task, cause);
              }),
          crypto);
  private final Crypto.SigningKey writer = crypto.signingKey(new Seeded(4).bytes(32));
  private final BlockStore store = new MemoryBlockStore(1L << 32);
  private final FeedShelf shelf = new StoreShelf(store, crypto);

  @Test
  void entries_are_read_as_they_were_written_by_any_way() throws Exception {
    List<Bytes> entries = entries(new Seeded(5), 3000, 2000);
    Feed feed = Feed.own(platform, shelf, writer);
    appendInParts(feed, entries, new Seeded(6));
    Feed read = Feed.of(platform, shelf, writer.publicKey());
    assertThat(read.head()).isEqualTo(feed.head());
    assertThat(read.range(read.snapshot(), 0, 3000)).isEqualTo(entries);
    assertThat(feed.range(feed.snapshot(), 0, 3000)).isEqualTo(entries);
    for (int i = 0; i < 3000; i += 37) {
      assertThat(read.entry(read.snapshot(), i)).isEqualTo(entries.get(i));
    }
    assertThat(feed.head().root())
        .isEqualTo(MerkleTree.root(entries.stream().map(MerkleTree::leaf).toList()));
    assertThat(feed.head().isGenuine(crypto)).isTrue();
  }

  @Test
  void the_store_holds_what_the_feed_needs_and_nothing_else() throws Exception {
    Feed feed = Feed.own(platform, shelf, writer);
    appendInParts(feed, entries(new Seeded(7), 40_000, 1000), new Seeded(8));
    assertThat(feed.snapshot().pages()).isNotEmpty();
    assertThat(store.keys()).containsExactlyInAnyOrderElementsOf(feed.blocks());
    feed.truncate(25_001);
    assertThat(store.keys()).containsExactlyInAnyOrderElementsOf(feed.blocks());
    long bytes = store.usage().usedBytes();
    assertThat(feed.blocks()).hasSizeLessThan((int) (bytes / Block.MAX_LENGTH * 5 / 4 + 6));
  }

  @Test
  void a_writer_goes_on_where_it_was() throws Exception {
    List<Bytes> entries = entries(new Seeded(9), 2000, 1500);
    for (int at = 0; at < entries.size(); at += 250) {
      Feed feed = Feed.own(platform, shelf, writer);
      assertThat(feed.head().length()).isEqualTo(at);
      feed.append(entries.subList(at, at + 130));
      feed.append(entries.subList(at + 130, at + 250));
      assertThat(store.keys()).containsExactlyInAnyOrderElementsOf(feed.blocks());
    }
    Feed read = Feed.of(platform, shelf, writer.publicKey());
    assertThat(read.range(read.snapshot(), 0, 2000)).isEqualTo(entries);
  }

  @Test
  void a_write_that_fails_changes_nothing_and_one_that_was_done_counts() throws Exception {
    List<Bytes> entries = entries(new Seeded(10), 600, 4000);
    for (int crash = 0; crash < 60; crash += 3) {
      FaultyBlockStore faulty = new FaultyBlockStore(new MemoryBlockStore(1L << 32));
      Feed feed = Feed.own(platform, new StoreShelf(faulty, crypto), writer);
      faulty.failAfter(crash, StoreException.Reason.ABORTED);
      int done = 0;
      try {
        for (; done < 600; done += 10) {
          feed.append(entries.subList(done, done + 10));
        }
      } catch (StoreException e) {
        assertThat(feed.head().length()).isEqualTo(done).isEqualTo(10L * crash);
      }
      assertThat(feed.range(feed.snapshot(), 0, done)).isEqualTo(entries.subList(0, done));
      faulty.heal();
      Feed reopened = Feed.own(platform, new StoreShelf(faulty, crypto), writer);
      assertThat(reopened.head().root()).isEqualTo(feed.head().root());
      feed.append(entries.subList(done, 600));
      Feed read = Feed.of(platform, new StoreShelf(faulty, crypto), writer.publicKey());
      assertThat(read.range(read.snapshot(), 0, 600)).isEqualTo(entries);
    }
  }

  @Test
  void a_snapshot_stays_as_it_was_while_the_feed_grows() throws Exception {
    List<Bytes> entries = entries(new Seeded(11), 900, 1000);
    Feed feed = Feed.own(platform, shelf, writer);
    Map<Integer, FeedLog> snapshots = new TreeMap<>();
    for (int at = 0; at < 900; at += 30) {
      feed.append(entries.subList(at, at + 30));
      snapshots.put(at + 30, feed.snapshot());
    }
    snapshots.forEach(
        (length, snapshot) -> {
          try {
            assertThat(snapshot.length()).isEqualTo(length.longValue());
            assertThat(feed.range(snapshot, 0, length)).isEqualTo(entries.subList(0, length));
            assertThatExceptionOfType(FeedException.class)
                .isThrownBy(() -> feed.entry(snapshot, length));
          } catch (StoreException | FeedException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void what_is_cut_off_is_gone_and_the_fork_number_says_so() throws Exception {
    List<Bytes> entries = entries(new Seeded(12), 5000, 900);
    for (int length : new int[] {5000, 4999, 4990, 2500, 1, 0}) {
      Feed feed =
          Feed.own(platform, new StoreShelf(new MemoryBlockStore(1L << 32), crypto), writer);
      feed.append(entries);
      FeedHead before = feed.head();
      FeedHead after = feed.truncate(length);
      assertThat(after.fork()).isEqualTo(before.fork() + 1);
      assertThat(after.replaces(before)).isTrue();
      feed.append(List.of(Bytes.utf8("instead")));
      assertThat(feed.range(feed.snapshot(), 0, length)).isEqualTo(entries.subList(0, length));
      List<Bytes> all = new ArrayList<>(entries.subList(0, length));
      all.add(Bytes.utf8("instead"));
      assertThat(feed.head().root())
          .isEqualTo(MerkleTree.root(all.stream().map(MerkleTree::leaf).toList()));
    }
  }

  @Test
  void any_entries_are_proven_to_who_has_nothing_else() throws Exception {
    List<Bytes> entries = entries(new Seeded(13), 2000, 700);
    Feed feed = Feed.own(platform, shelf, writer);
    appendInParts(feed, entries, new Seeded(14));
    Feed reader = Feed.of(platform, shelf, writer.publicKey());
    Seeded arbitrary = new Seeded(15);
    for (int i = 0; i < 200; i++) {
      long from = arbitrary.below(2000);
      Runs runs =
          Runs.of(from, Math.min(2000, from + 1 + arbitrary.below(arbitrary.below(300) + 1)));
      FeedPart part = FeedPart.decode(reader.prove(reader.snapshot(), runs).encoded());
      assertThat(part.isGenuine(crypto)).isTrue();
      assertThat(part.runs().get(0).entries())
          .isEqualTo(entries.subList((int) from, (int) runs.end()));
      assertThat(part).isEqualTo(feed.prove(feed.snapshot(), runs));
    }
  }

  @Test
  void every_single_bit_counts_in_a_proven_part() throws Exception {
    for (int length = 1; length <= 9; length++) {
      Feed feed =
          Feed.own(platform, new StoreShelf(new MemoryBlockStore(1L << 30), crypto), writer);
      feed.append(entries(new Seeded(16), length, SMALL));
      for (int index = 0; index < length; index += 3) {
        Bytes part = feed.prove(feed.snapshot(), Runs.of(index, index + 1)).encoded();
        for (Bytes altered : new BitFlips(part)) {
          assertThat(isGenuine(altered)).isFalse();
        }
      }
    }
  }

  @Test
  void altered_parts_of_a_large_feed_are_refused() throws Exception {
    Feed feed = Feed.own(platform, shelf, writer);
    feed.append(entries(new Seeded(17), 30_000, SMALL));
    Seeded.check(
        200,
        arbitrary -> {
          long from = arbitrary.below(29_000);
          Runs runs = Runs.of(from, from + 1 + arbitrary.below(20));
          Bytes part = feed.prove(feed.snapshot(), runs).encoded();
          assertThat(isGenuine(part)).isTrue();
          assertThat(isGenuine(arbitrary.flipped(part))).isFalse();
        });
  }

  private boolean isGenuine(Bytes part) {
    try {
      return FeedPart.decode(part).isGenuine(crypto);
    } catch (MalformedFrameException e) {
      return false;
    }
  }

  @Test
  void every_single_bit_counts_in_a_head() throws Exception {
    FeedHead head = FeedHead.sign(writer, 1, 5, MerkleTree.leaf(Bytes.utf8("x")));
    for (Bytes altered : new BitFlips(head.encoded())) {
      boolean genuine;
      try {
        genuine = FeedHead.read(new ByteReader(altered)).isGenuine(crypto);
      } catch (MalformedFrameException e) {
        genuine = false;
      }
      assertThat(genuine).isFalse();
    }
  }

  @Test
  void altered_blocks_never_reach_a_reader() throws Exception {
    Feed feed = Feed.own(platform, shelf, writer);
    List<Bytes> entries = entries(new Seeded(18), 1200, 1000);
    feed.append(entries);
    Seeded.check(
        100,
        arbitrary -> {
          List<StorageKey> keys = feed.blocks();
          StorageKey key = keys.get(arbitrary.below(keys.size()));
          Bytes right = store.block(key).orElseThrow();
          store.apply(new BlockStore.Batch().putBlock(key, arbitrary.flipped(right)));
          try {
            Feed read = Feed.of(platform, shelf, writer.publicKey());
            assertThatExceptionOfType(FeedException.class)
                .isThrownBy(() -> read.range(read.snapshot(), 0, 1200));
          } catch (FeedException e) {
            assertThat(e.reason()).isEqualTo(FeedException.Reason.NOT_FOUND);
          }
          store.apply(new BlockStore.Batch().putBlock(key, right));
        });
  }

  @Test
  void a_writer_with_two_histories_is_found_out_by_who_meets_both() throws Exception {
    Seeded arbitrary = new Seeded(19);
    for (int common : new int[] {0, 1, 8, 100, 700}) {
      List<Bytes> start = entries(arbitrary, common, 900);
      Feed one = other(start);
      Feed two = other(start);
      one.append(entries(arbitrary, 3, 900));
      two.append(entries(arbitrary, 3 + arbitrary.below(500), 900));
      ForkProof proof = two.compare(one.head()).orElseThrow();
      assertThat(ForkProof.decode(proof.encoded()).isGenuine(crypto)).isTrue();
      assertThat(two.forkProof()).contains(proof);
      Feed honest = other(start);
      assertThat(two.compare(honest.head())).isEmpty();
      for (int i = 0; i < 50; i++) {
        assertThat(isProof(arbitrary.flipped(proof.encoded()))).isFalse();
      }
    }
  }

  private boolean isProof(Bytes encoded) {
    try {
      return ForkProof.decode(encoded).isGenuine(crypto);
    } catch (MalformedFrameException e) {
      return false;
    }
  }

  @Test
  void a_reader_takes_what_grew_and_refuses_what_contradicts() throws Exception {
    Feed feed = Feed.own(platform, shelf, writer);
    feed.append(entries(new Seeded(20), 500, 900));
    Feed reader = Feed.of(platform, shelf, writer.publicKey());
    assertThat(reader.refresh()).isFalse();
    feed.append(entries(new Seeded(21), 500, 900));
    assertThat(reader.refresh()).isTrue();
    assertThat(reader.head()).isEqualTo(feed.head());
    MemoryBlockStore elsewhere = new MemoryBlockStore(1L << 32);
    Feed liar = Feed.own(platform, new StoreShelf(elsewhere, crypto), writer);
    liar.append(entries(new Seeded(22), 700, 900));
    liar.append(entries(new Seeded(23), 700, 900));
    liar.append(entries(new Seeded(24), 700, 900));
    for (StorageKey key : elsewhere.keys()) {
      store.apply(new BlockStore.Batch().putBlock(key, elsewhere.block(key).orElseThrow()));
    }
    assertThatExceptionOfType(FeedException.class)
        .isThrownBy(reader::refresh)
        .matches(e -> e.reason() == FeedException.Reason.FORKED);
    assertThat(reader.head()).isEqualTo(feed.head());
    assertThat(reader.forkProof()).isPresent().get().matches(proof -> proof.isGenuine(crypto));
  }

  @Test
  void a_million_entries_are_opened_at_once_and_each_is_proven_by_twenty_hashes() throws Exception {
    Feed feed = Feed.own(platform, shelf, writer);
    List<Bytes> batch = entries(new Seeded(25), 10_000, 40);
    for (int i = 0; i < 100; i++) {
      feed.append(batch);
    }
    long before = System.nanoTime();
    Feed read = Feed.of(platform, shelf, writer.publicKey());
    long millis = (System.nanoTime() - before) / 1_000_000;
    assertThat(read.head().length()).isEqualTo(1_000_000);
    assertThat(millis).isLessThan(1000);
    Seeded arbitrary = new Seeded(26);
    for (int i = 0; i < 20; i++) {
      long index = arbitrary.below(1_000_000);
      FeedPart part = read.prove(read.snapshot(), Runs.of(index, index + 1));
      assertThat(part.proof()).hasSizeLessThanOrEqualTo(20);
      assertThat(part.isGenuine(crypto)).isTrue();
      assertThat(part.runs().get(0).entries().get(0)).isEqualTo(batch.get((int) (index % 10_000)));
    }
  }

  @Test
  void only_the_writer_appends_and_not_too_much_at_once() throws Exception {
    Feed feed = Feed.own(platform, shelf, writer);
    Bytes longest = new Seeded(27).bytes(Segment.MAX_ENTRY);
    feed.append(List.of(longest, longest, Bytes.EMPTY, longest));
    assertThat(feed.range(feed.snapshot(), 0, 4))
        .containsExactly(longest, longest, Bytes.EMPTY, longest);
    assertThatExceptionOfType(FeedException.class)
        .isThrownBy(() -> feed.append(List.of(new Seeded(28).bytes(Segment.MAX_ENTRY + 1))));
    Feed reader = Feed.of(platform, shelf, writer.publicKey());
    assertThatExceptionOfType(FeedException.class)
        .isThrownBy(() -> reader.append(List.of(Bytes.EMPTY)));
  }

  private Feed other(List<Bytes> entries) throws StoreException, FeedException {
    Feed feed = Feed.own(platform, new StoreShelf(new MemoryBlockStore(1L << 32), crypto), writer);
    feed.append(entries);
    return feed;
  }

  private static void appendInParts(Feed feed, List<Bytes> entries, Seeded arbitrary)
      throws StoreException, FeedException {
    int at = 0;
    while (at < entries.size()) {
      int end = Math.min(entries.size(), at + 1 + arbitrary.below(entries.size() / 10));
      feed.append(entries.subList(at, end));
      at = end;
    }
  }

  private static List<Bytes> entries(Seeded arbitrary, int count, int most) {
    Bytes noise = arbitrary.bytes(most + 4);
    List<Bytes> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Bytes some = noise.slice(0, arbitrary.below(most + 1));
      entries.add(Bytes.concat(Bytes.utf8(i + " " + arbitrary.next()), some));
    }
    return entries;
  }
}
