package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.feed.Feed;
import dev.p2pcp.feed.FeedException;
import dev.p2pcp.feed.FeedHead;
import dev.p2pcp.feed.ForkProof;
import dev.p2pcp.feed.StoreShelf;
import dev.p2pcp.identity.Path;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.testing.BitFlips;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.topic.Topic;
import dev.p2pcp.topic.TopicUser;
import dev.p2pcp.topic.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Those who follow a feed tell each other of what is new, and of what its writer did wrong. */
@Timeout(120)
class FeedNewsTest {
  private static final Path BLOG = new Path("/feeds/blog");
  private static final Bytes ONE = Bytes.utf8("one");

  private final Village village = new Village();

  @AfterEach
  void leave() {
    village.close();
  }

  /** Somebody in the topic of a feed who is no agent's feed: hears all, says what it likes. */
  private static final class Bystander implements TopicUser {
    final Set<Bytes> heard = ConcurrentHashMap.newKeySet();
    final Topic topic;

    Bystander(Village village, Village.Resident resident, PublicKey feed) throws AgentException {
      Hash name = village.platform.crypto().hash(Domain.FEED_TOPIC, feed.bytes());
      this.topic = resident.node().topics().join(name, this);
    }

    @Override
    public Verdict take(PeerId from, Bytes message) {
      return heard.add(message) ? Verdict.NEW : Verdict.KNOWN;
    }

    @Override
    public Optional<Bytes> answer(PeerId from, Bytes request) {
      return Optional.of(Bytes.EMPTY);
    }

    @Override
    public void met(PeerId neighbour) {}
  }

  private Feeds feeds(Village.Resident of) throws Exception {
    return Feeds.of(village.platform, of.agent().keys(), of.node());
  }

  private static Bytes message(FeedHead head) {
    return new ByteWriter().u8(1).bytes(head.encoded()).toBytes();
  }

  private static Bytes message(ForkProof proof) {
    return new ByteWriter().u8(2).bytes(proof.encoded()).toBytes();
  }

  private OpenFeed written(Village.Resident by) throws Exception {
    village.settlers(2);
    OpenFeed written = feeds(by).own(BLOG, true);
    written.append(List.of(ONE));
    village.await("copies", by::isAllFound);
    return written;
  }

  /** The key that a feed of that device is written with. */
  private Crypto.SigningKey writer(Village.Resident of) throws Exception {
    Bytes context = Bytes.concat(of.node().device().peer().bytes(), BLOG.utf8());
    Crypto.SigningKey key =
        village
            .platform
            .crypto()
            .signingKey(of.agent().keys().storageRoot().derive("p2pcp/v1/feed-write", context, 32));
    assertThat(key.publicKey()).isEqualTo(feeds(of).own(BLOG, true).link().feed());
    return key;
  }

  private FutureTask<FeedException> following(OpenFeed feed) {
    FutureTask<FeedException> told =
        new FutureTask<>(
            () ->
                catchThrowableOfType(
                    FeedException.class,
                    () -> feed.awaitMore(1_000, village.platform.deadline(60_000))));
    Thread.ofVirtual().start(told);
    return told;
  }

  @Test
  void a_new_head_is_told_to_all_who_follow() throws Exception {
    Village.Resident ada = village.settler();
    OpenFeed written = written(ada);
    Bystander bob = new Bystander(village, village.settler(), written.link().feed());
    OpenFeed read = feeds(village.settler()).of(written.link());
    FutureTask<FeedException> following = following(read);
    village.await("neighbours", () -> !bob.topic.neighbours().isEmpty());

    written.append(List.of(Bytes.utf8("two")));

    village.await("told", () -> bob.heard.contains(message(written.head())));
    village.await("read", () -> read.head().equals(written.head()));
    assertThat(following.isDone()).isFalse();
  }

  @Test
  void every_follower_has_the_proof_of_two_histories_and_keeps_it() throws Exception {
    Village.Resident ada = village.settler();
    OpenFeed written = written(ada);
    List<Village.Resident> followers = village.settlers(3);
    List<FutureTask<FeedException>> told = new ArrayList<>();
    for (Village.Resident one : followers) {
      told.add(following(feeds(one).of(written.link())));
    }
    Bystander eve = new Bystander(village, village.settler(), written.link().feed());
    village.await("neighbours", () -> !eve.topic.neighbours().isEmpty());
    Hash other = new Hash(new Seeded(5).bytes(32));

    eve.topic.publish(message(FeedHead.sign(writer(ada), 0, 1, other)));

    for (FutureTask<FeedException> one : told) {
      assertThat(one.get().reason()).isEqualTo(FeedException.Reason.FORKED);
    }
    for (Village.Resident one : followers) {
      one.reopened();
      Optional<ForkProof> kept = feeds(one).forkProof(written.link().feed());
      ForkProof shown = ForkProof.decode(kept.orElseThrow().encoded());
      assertThat(shown.isGenuine(village.platform.crypto())).isTrue();
      OpenFeed again = feeds(one).of(written.link());
      assertThat(catchThrowableOfType(FeedException.class, again::refresh).reason())
          .isEqualTo(FeedException.Reason.FORKED);
    }
  }

  @Test
  void who_is_met_later_is_told_of_two_histories_too() throws Exception {
    Village.Resident ada = village.settler();
    OpenFeed written = written(ada);
    Village.Resident bob = village.settler();
    FeedHead other = FeedHead.sign(writer(ada), 0, 1, new Hash(new Seeded(5).bytes(32)));
    FutureTask<FeedException> told = following(feeds(bob).of(written.link()));
    Bystander eve = new Bystander(village, village.settler(), written.link().feed());
    eve.topic.publish(message(other));
    assertThat(told.get().reason()).isEqualTo(FeedException.Reason.FORKED);
    eve.topic.leave();

    Village.Resident cem = village.settler();
    FutureTask<FeedException> later = following(feeds(cem).of(written.link()));
    assertThat(later.get().reason()).isEqualTo(FeedException.Reason.FORKED);
  }

  @Test
  void what_its_writer_did_not_sign_is_blamed_on_who_says_it() throws Exception {
    Village.Resident bob = village.settler();
    StoreShelf shelf = new StoreShelf(new MemoryBlockStore(1 << 20), village.platform.crypto());
    Crypto.SigningKey writer = village.platform.crypto().signingKey(new Seeded(7).bytes(32));
    Crypto.SigningKey stranger = village.platform.crypto().signingKey(new Seeded(8).bytes(32));
    Feed feed = Feed.own(village.platform, shelf, writer);
    feed.append(List.of(ONE));
    FeedNews news = new FeedNews(village.platform, bob.node(), feed);
    PeerId from = bob.node().device().peer();
    Hash root = new Hash(new Seeded(9).bytes(32));
    FeedHead next = FeedHead.sign(writer, 0, 5, root);
    for (Bytes altered : new BitFlips(next.encoded())) {
      assertThat(news.take(from, Bytes.concat(Bytes.wrap(new byte[] {1}), altered)))
          .isEqualTo(Verdict.BAD);
    }
    assertThat(news.take(from, message(FeedHead.sign(stranger, 0, 5, root))))
        .isEqualTo(Verdict.BAD);
    assertThat(news.answer(from, Bytes.EMPTY)).isEmpty();
    assertThat(news.isAhead()).isFalse();

    FeedHead one = FeedHead.sign(writer, 3, 5, root);
    FeedHead two = FeedHead.sign(writer, 3, 5, new Hash(new Seeded(10).bytes(32)));
    boolean inOrder = one.root().bytes().compareTo(two.root().bytes()) < 0;
    ForkProof proof = new ForkProof(inOrder ? one : two, inOrder ? two : one, List.of(), List.of());
    for (Bytes altered : new BitFlips(proof.encoded())) {
      assertThat(news.take(from, Bytes.concat(Bytes.wrap(new byte[] {2}), altered)))
          .isEqualTo(Verdict.BAD);
    }
    assertThat(feed.forkProof()).isEmpty();
    assertThat(news.take(from, message(next))).isEqualTo(Verdict.NEW);
    assertThat(news.take(from, message(next))).isEqualTo(Verdict.KNOWN);
    assertThat(news.take(from, message(feed.head()))).isEqualTo(Verdict.KNOWN);
    assertThat(news.take(from, message(proof))).isEqualTo(Verdict.NEW);
    assertThat(news.take(from, message(proof))).isEqualTo(Verdict.KNOWN);
    assertThat(feed.forkProof()).contains(proof);
  }
}
