package dev.p2pcp.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.testing.Decoders;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What feeds are stored and sent as: canonical, or malformed. */
class FeedDecodersTest {
  private final Crypto crypto = new JvmCrypto();
  private final Seeded arbitrary = new Seeded(1);
  private final Platform platform =
      new Platform(
          new JvmClock(),
          arbitrary,
          new VirtualThreadTasks(
              new JvmClock(),
              (task, cause) -> {
                throw new AssertionError(task, cause);
              }),
          crypto);
  private final Crypto.SigningKey writer = crypto.signingKey(arbitrary.bytes(32));

  private Feed feed(int entries, int length) throws Exception {
    Feed feed = Feed.own(platform, new StoreShelf(new MemoryBlockStore(1L << 32), crypto), writer);
    List<Bytes> all = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      all.add(arbitrary.bytes(length));
    }
    feed.append(all);
    return feed;
  }

  @Test
  void heads() {
    FeedHead head = FeedLog.begin(crypto, writer).head();
    Decoders.check(
        encoded -> {
          ByteReader reader = new ByteReader(encoded);
          FeedHead read = FeedHead.read(reader);
          reader.end();
          return read.encoded();
        },
        head.encoded());
  }

  @Test
  void parts() throws Exception {
    Feed feed = feed(50, 9);
    Decoders.check(
        encoded -> FeedPart.decode(encoded).encoded(),
        feed.prove(feed.snapshot(), Runs.of(7, 8)).encoded(),
        feed.prove(feed.snapshot(), Runs.of(List.of(0L, 3L, 4L, 49L))).encoded());
  }

  @Test
  void fork_proofs() throws Exception {
    Feed one = feed(11, 9);
    Feed other = feed(17, 9);
    Feed same = feed(17, 9);
    Decoders.check(
        encoded -> ForkProof.decode(encoded).encoded(),
        other.compare(one.head()).orElseThrow().encoded(),
        other.compare(same.head()).orElseThrow().encoded());
  }

  @Test
  void segments_and_listings() throws Exception {
    Bytes segment = new Segment(5, List.of(Bytes.utf8("a"), Bytes.EMPTY)).encoded();
    Decoders.check(encoded -> Segment.decode(encoded).encoded(), segment);
    Listing listing = feed(40, 40_000).snapshot().listing();
    assertThat(listing.notes()).isNotEmpty();
    Decoders.check(encoded -> Listing.decode(encoded).encoded(), listing.encoded());
    Bytes page = Listing.page(listing.notes());
    long end = listing.notes().get(listing.notes().size() - 1).end();
    Listing.PageRef ref = new Listing.PageRef(0, end, listing.notes().get(0).key());
    Decoders.check(encoded -> Listing.page(Listing.decodePage(encoded, ref)), page);
  }

  @Test
  void a_listing_whose_pages_do_not_follow_each_other_is_malformed() throws Exception {
    FeedHead head = feed(3, 5).head();
    Listing.PageRef late = new Listing.PageRef(1, 3, FeedChange.keyOf(writer.publicKey()));
    Listing gap = new Listing(head, List.of(late), List.of(), List.of());
    assertThatExceptionOfType(MalformedFrameException.class)
        .isThrownBy(() -> Listing.decode(gap.encoded()));
  }

  @Test
  void sealed_entries_open_at_their_place_only() throws Exception {
    FeedSeal seal =
        new FeedSeal(crypto.sealingKey(arbitrary.bytes(32)), arbitrary, writer.publicKey());
    FeedSeal other =
        new FeedSeal(crypto.sealingKey(arbitrary.bytes(32)), arbitrary, writer.publicKey());
    Feed feed = Feed.own(platform, new StoreShelf(new MemoryBlockStore(1L << 30), crypto), writer);
    Bytes secret = Bytes.utf8("secret");
    feed.append(List.of(secret, secret), Optional.of(seal));
    List<Bytes> stored = feed.range(feed.snapshot(), 0, 2);
    assertThat(stored.get(0)).isNotEqualTo(stored.get(1)).isNotEqualTo(secret);
    assertThat(seal.open(1, stored.get(1))).isEqualTo(secret);
    assertThatExceptionOfType(SealBrokenException.class)
        .isThrownBy(() -> seal.open(0, stored.get(1)));
    assertThatExceptionOfType(SealBrokenException.class)
        .isThrownBy(() -> other.open(0, stored.get(0)));
    assertThatExceptionOfType(FeedException.class)
        .isThrownBy(
            () -> feed.append(List.of(arbitrary.bytes(FeedSeal.MAX_PLAIN + 1)), Optional.of(seal)));
  }
}
