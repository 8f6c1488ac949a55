package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.feed.Feed;
import dev.p2pcp.feed.FeedException;
import dev.p2pcp.feed.FeedHead;
import dev.p2pcp.feed.FeedLog;
import dev.p2pcp.feed.FeedPart;
import dev.p2pcp.feed.FeedSeal;
import dev.p2pcp.feed.ForkProof;
import dev.p2pcp.feed.Runs;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A feed that is read or written here; methods suspend unless they say otherwise. */
public final class OpenFeed {
  /** Between two looks whether somebody else's feed has grown, in milliseconds. */
  private static final long LOOK = 1_000;

  /** The same while there are others who would tell. */
  private static final long TOLD_LOOK = 5_000;

  /** Bytes of entries read at once, beside at most one segment. */
  private static final int AT_ONCE = 1024 * 1024;

  private final Platform platform;
  private final Feed feed;
  private final FeedNews news;
  private final FeedLink link;
  private final Optional<FeedSeal> seal;
  private final boolean own;
  private final Room room;
  private volatile Pending<Boolean> grown;
  private volatile long looked = Long.MIN_VALUE;

  /** Judges whether there is room for so many bytes more. */
  interface Room {
    void check(long bytes) throws ItemException;
  }

  OpenFeed(
      Platform platform,
      Feed feed,
      FeedNews news,
      FeedLink link,
      Optional<FeedSeal> seal,
      boolean own,
      Room room) {
    this.platform = platform;
    this.feed = feed;
    this.news = news;
    this.link = link;
    this.seal = seal;
    this.own = own;
    this.room = room;
    this.grown = platform.tasks().pending();
  }

  /** What leads others to it. Never suspends. */
  public FeedLink link() {
    return link;
  }

  /** Whether it is written here. Never suspends. */
  public boolean isOwn() {
    return own;
  }

  /** The newest head that is known here. Never suspends. */
  public FeedHead head() {
    return feed.head();
  }

  /** What proves that its writer signed two histories. Never suspends. */
  public Optional<ForkProof> forkProof() {
    return feed.forkProof();
  }

  /** Adds entries; they are durable here when it returns. */
  public FeedHead append(List<Bytes> entries) throws ItemException, FeedException, StoreException {
    long bytes = 0;
    for (Bytes entry : entries) {
      bytes += entry.length();
    }
    room.check(bytes);
    FeedHead head = feed.append(entries, seal);
    news.written();
    grown();
    return head;
  }

  /** Cuts off all entries from one on. */
  public FeedHead truncate(long length) throws FeedException, StoreException {
    FeedHead head = feed.truncate(length);
    news.written();
    grown();
    return head;
  }

  private void grown() {
    Pending<Boolean> before = grown;
    grown = platform.tasks().pending();
    before.complete(true);
  }

  /**
   * The newest head that can be had.
   *
   * @throws FeedException with {@code FORKED} if the writer of somebody else's feed signed two
   *     histories
   */
  public FeedHead refresh() throws FeedException, StoreException {
    if (own) {
      return feed.head();
    }
    looked = platform.clock().ticks();
    news.looked();
    try {
      feed.refresh();
    } finally {
      news.convicted();
    }
    refuseForked();
    return feed.head();
  }

  private void refuseForked() throws FeedException {
    if (feed.forkProof().isPresent()) {
      throw new FeedException(FeedException.Reason.FORKED, "two histories were signed");
    }
  }

  /**
   * Waits until there are more entries than so many, or the deadline.
   *
   * @throws FeedException as {@link #refresh}
   */
  public long awaitMore(long length, Deadline deadline) throws FeedException, StoreException {
    while (feed.head().length() <= length && !deadline.passed(platform.clock())) {
      if (own) {
        Pending<Boolean> next = grown;
        if (feed.head().length() <= length) {
          next.await(deadline);
        }
      } else {
        refuseForked();
        news.follow();
        long next = looked == Long.MIN_VALUE ? looked : looked + pause();
        if (news.isFresh() || platform.clock().ticks() >= next) {
          refresh();
        } else {
          news.await(new Deadline(Math.min(next, deadline.ticks())));
        }
      }
    }
    return feed.head().length();
  }

  private long pause() {
    return news.hasNeighbours() && !news.isAhead() ? TOLD_LOOK : LOOK;
  }

  /** Some entries from one on, before another: at least one, if there are any. */
  public List<Bytes> read(long from, long end) throws FeedException, StoreException {
    FeedLog snapshot = feed.snapshot();
    long last = Math.min(end, snapshot.length());
    List<Bytes> entries = new ArrayList<>();
    long bytes = 0;
    for (long at = from; at < last && bytes < AT_ONCE; at++) {
      Bytes entry = feed.entry(snapshot, at);
      bytes += entry.length();
      try {
        entries.add(seal.isPresent() ? seal.get().open(at, entry) : entry);
      } catch (SealBrokenException e) {
        throw new FeedException(FeedException.Reason.NOT_VERIFIED, "an entry does not open");
      }
    }
    return entries;
  }

  /** All blocks that it rests on: its signed one, those with notes, then segments from the end. */
  List<StorageKey> newestFirst() {
    return feed.newestFirst();
  }

  /** An entry, as it is stored, with all that proves it. */
  public FeedPart prove(long index) throws FeedException, StoreException {
    FeedLog snapshot = feed.snapshot();
    if (index < 0 || index >= snapshot.length()) {
      throw new FeedException(FeedException.Reason.NO_ENTRY, "there is no such entry");
    }
    return feed.prove(snapshot, Runs.of(index, index + 1));
  }
}
