package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.feed.Feed;
import dev.p2pcp.feed.FeedException;
import dev.p2pcp.feed.FeedHead;
import dev.p2pcp.feed.ForkProof;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.topic.Topic;
import dev.p2pcp.topic.TopicUser;
import dev.p2pcp.topic.Verdict;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What those who follow a feed tell each other in its topic: its newest head, and the proof if its
 * writer signed two histories, which is kept for good. Only the writer can sign heads, so there are
 * no more of them than he writes. The topic is joined while somebody here follows the feed or has
 * just written it. Methods suspend unless they say otherwise.
 */
final class FeedNews implements TopicUser {
  /** How long somebody follows who asked for news, in milliseconds. */
  private static final long FOLLOWS = 120_000;

  /** Time for one comparison with a neighbour, in milliseconds. */
  private static final long CALL = 10_000;

  /** Proofs that are kept; further ones are shown and passed on until the agent stops. */
  private static final int KEPT = 1_024;

  private static final int HEAD = 1;
  private static final int FORK = 2;

  private final Platform platform;
  private final Node node;
  private final Feed feed;
  private @Nullable Topic topic;
  private long followedUntil;
  private volatile FeedHead heard;
  private volatile boolean fresh;
  private volatile boolean kept;
  private volatile Pending<Boolean> woken;

  FeedNews(Platform platform, Node node, Feed feed) {
    this.platform = platform;
    this.node = node;
    this.feed = feed;
    this.heard = feed.head();
    this.woken = platform.tasks().pending();
  }

  /** The proof that was kept, if there is one; not verified again. */
  static Optional<ForkProof> kept(BlockStore store, PublicKey feed) throws StoreException {
    Optional<Bytes> found = store.record(BlockStore.Table.FORKS, feed.bytes());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ForkProof.decode(found.get()));
    } catch (MalformedFrameException e) {
      throw new StoreException(StoreException.Reason.DAMAGED, "the proof of a fork is damaged");
    }
  }

  /** Takes up the proof that was kept, if there is one. */
  void recall() throws StoreException {
    Optional<ForkProof> proof = kept(node.store, feed.key());
    if (proof.isPresent()) {
      kept = feed.take(proof.get());
    }
  }

  /** Somebody wants to hear of it, or has something to tell. Never suspends. */
  synchronized void follow() {
    followedUntil = platform.clock().ticks() + FOLLOWS;
    if (topic == null) {
      topic =
          node.topics
              .joinSpare(platform.crypto().hash(Domain.FEED_TOPIC, feed.key().bytes()), this)
              .orElse(null);
      if (topic != null) {
        platform.tasks().spawn("feed news", this::attend);
      }
    }
  }

  /** Until nobody follows any more. */
  private void attend() {
    boolean stopped = false;
    while (!stopped) {
      long until;
      synchronized (this) {
        until = followedUntil;
        if (platform.clock().ticks() >= until) {
          break;
        }
      }
      stopped = node.stopping.await(new Deadline(until)).isPresent();
    }
    synchronized (this) {
      if (topic != null) {
        topic.leave();
        topic = null;
      }
    }
  }

  /** The feed was written here. Never suspends. */
  void written() {
    follow();
    publish(encoded(feed.head()));
  }

  /** Whether it was heard of a newer head since the last look. Never suspends. */
  boolean isFresh() {
    return fresh;
  }

  /** What was heard is looked for. Never suspends. */
  void looked() {
    fresh = false;
  }

  /** Whether there is a newer head than the one that is read here. Never suspends. */
  boolean isAhead() {
    return heard.replaces(feed.head());
  }

  /** Whether others would tell. Never suspends. */
  synchronized boolean hasNeighbours() {
    return topic != null && !topic.neighbours().isEmpty();
  }

  /** Waits for news. */
  void await(Deadline deadline) {
    Pending<Boolean> next = woken;
    if (!fresh && feed.forkProof().isEmpty()) {
      next.await(deadline);
    }
  }

  /** Keeps and passes on the proof that was found here, if there is one. */
  void convicted() throws StoreException {
    Optional<ForkProof> proof = feed.forkProof();
    if (proof.isPresent() && !kept) {
      publish(encoded(proof.get()));
      keep(proof.get());
    }
  }

  private void keep(ForkProof proof) throws StoreException {
    wake();
    if (node.store.records(BlockStore.Table.FORKS).size() < KEPT) {
      node.store.apply(
          new BlockStore.Batch()
              .putRecord(BlockStore.Table.FORKS, feed.key().bytes(), proof.encoded()));
    }
    kept = true;
  }

  @Override
  public Verdict take(PeerId from, Bytes message) {
    try {
      ByteReader reader = new ByteReader(message);
      return switch (reader.u8("kind")) {
        case HEAD -> take(FeedHead.decode(reader.rest()));
        case FORK -> take(ForkProof.decode(reader.rest()));
        default -> Verdict.KNOWN;
      };
    } catch (MalformedFrameException e) {
      return Verdict.BAD;
    }
  }

  private Verdict take(FeedHead head) {
    if (head.equals(heard) || head.equals(feed.head())) {
      return Verdict.KNOWN;
    }
    if (!head.feed().equals(feed.key()) || !head.isGenuine(platform.crypto())) {
      return Verdict.BAD;
    }
    if (head.replaces(heard) && head.replaces(feed.head())) {
      heard = head;
      fresh = true;
      wake();
      return Verdict.NEW;
    }
    compare(head);
    return Verdict.KNOWN;
  }

  /** Whether an older head, or another of the same length, begins what is read here. */
  private void compare(FeedHead other) {
    try {
      feed.compare(other);
      convicted();
    } catch (StoreException | FeedException e) {
      // What it takes can't be had or kept now: neighbours will show the head again.
      return;
    }
  }

  private Verdict take(ForkProof proof) {
    if (!proof.shorter().feed().equals(feed.key())) {
      return Verdict.BAD;
    }
    if (feed.forkProof().isPresent()) {
      return Verdict.KNOWN;
    }
    if (!feed.take(proof)) {
      return Verdict.BAD;
    }
    try {
      keep(proof);
    } catch (StoreException e) {
      // It is shown and passed on, and after a restart had from neighbours.
      return Verdict.NEW;
    }
    return Verdict.NEW;
  }

  @Override
  public Optional<Bytes> answer(PeerId from, Bytes request) {
    if (learn(from, request) == Verdict.BAD) {
      return Optional.empty();
    }
    Bytes state = state();
    return Optional.of(state.equals(request) ? Bytes.EMPTY : state);
  }

  @Override
  public void met(PeerId neighbour) {
    Topic now;
    synchronized (this) {
      now = topic;
    }
    if (now != null) {
      Optional<Bytes> told = now.ask(neighbour, state(), platform.deadline(CALL));
      if (told.isPresent()
          && !told.get().isEmpty()
          && learn(neighbour, told.get()) == Verdict.BAD) {
        now.blame(neighbour);
      }
    }
  }

  private Verdict learn(PeerId from, Bytes state) {
    Verdict verdict = take(from, state);
    if (verdict == Verdict.NEW) {
      publish(state);
    }
    return verdict;
  }

  /** What a neighbour is to know. */
  private Bytes state() {
    FeedHead head = feed.head();
    return feed.forkProof()
        .map(FeedNews::encoded)
        .orElseGet(() -> encoded(heard.replaces(head) ? heard : head));
  }

  private static Bytes encoded(FeedHead head) {
    return new ByteWriter().u8(HEAD).bytes(head.encoded()).toBytes();
  }

  private static Bytes encoded(ForkProof proof) {
    return new ByteWriter().u8(FORK).bytes(proof.encoded()).toBytes();
  }

  private synchronized void publish(Bytes message) {
    if (topic != null) {
      topic.publish(message);
    }
  }

  private void wake() {
    Pending<Boolean> before = woken;
    woken = platform.tasks().pending();
    before.complete(true);
  }
}
