package dev.p2pcp.feed;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Gate;
import dev.p2pcp.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A feed at work: it is read by anybody and appended to by its writer. Methods suspend unless they
 * say otherwise; any number of tasks may call. Reading goes on while it grows.
 */
public final class Feed {
  private final Platform platform;
  private final FeedShelf shelf;
  private final PublicKey key;
  private final Optional<Crypto.SigningKey> writer;
  private final Gate changing;
  private final Segments segments;
  private volatile FeedLog log;
  private volatile Optional<Block.Signed> block;
  private volatile Optional<ForkProof> fork = Optional.empty();

  private Feed(
      Platform platform,
      FeedShelf shelf,
      PublicKey key,
      Optional<Crypto.SigningKey> writer,
      FeedLog log,
      Optional<Block.Signed> block) {
    this.platform = platform;
    this.shelf = shelf;
    this.key = key;
    this.writer = writer;
    this.log = log;
    this.block = block;
    this.changing = new Gate(platform.tasks(), 1);
    this.segments = new Segments(platform.crypto(), shelf);
  }

  /** The writer's own feed: as it was left, or a new one without entries. */
  public static Feed own(Platform platform, FeedShelf shelf, Crypto.SigningKey writer)
      throws StoreException, FeedException {
    PublicKey key = writer.publicKey();
    Optional<Block.Signed> head = shelf.head(key);
    if (head.isEmpty()) {
      FeedLog log = FeedLog.begin(platform.crypto(), writer);
      return new Feed(platform, shelf, key, Optional.of(writer), log, head);
    }
    FeedLog read = read(platform.crypto(), shelf, head.get());
    Optional<SegmentNote> last = read.lastIsOpen();
    if (last.isPresent()) {
      Segment open = new Segments(platform.crypto(), shelf).load(last.get());
      read = read.reopened(platform.crypto(), open);
    }
    return new Feed(platform, shelf, key, Optional.of(writer), read, head);
  }

  /** Somebody's feed. */
  public static Feed of(Platform platform, FeedShelf shelf, PublicKey key)
      throws StoreException, FeedException {
    Optional<Block.Signed> head = shelf.head(key);
    if (head.isEmpty()) {
      throw new FeedException(FeedException.Reason.NOT_FOUND, "nobody has the feed");
    }
    FeedLog read = read(platform.crypto(), shelf, head.get());
    return new Feed(platform, shelf, key, Optional.empty(), read, head);
  }

  /** The feed's name. Never suspends. */
  public PublicKey key() {
    return key;
  }

  /** The newest head that is known here. Never suspends. */
  public FeedHead head() {
    return log.head();
  }

  /** The feed as it is now, to be read as such while it grows. Never suspends. */
  public FeedLog snapshot() {
    return log;
  }

  /** What proves that the writer signed two histories, if that was seen. Never suspends. */
  public Optional<ForkProof> forkProof() {
    return fork;
  }

  /** Adds entries; returns when all of them are durable. */
  public FeedHead append(List<Bytes> entries) throws StoreException, FeedException {
    return append(entries, Optional.empty());
  }

  /** Adds entries, sealed first if there is a seal; returns when all of them are durable. */
  public FeedHead append(List<Bytes> entries, Optional<FeedSeal> seal)
      throws StoreException, FeedException {
    int most = seal.isPresent() ? FeedSeal.MAX_PLAIN : Segment.MAX_ENTRY;
    for (Bytes entry : entries) {
      if (entry.length() > most) {
        throw new FeedException(FeedException.Reason.TOO_LARGE, "an entry is too large");
      }
    }
    Crypto.SigningKey signer = signer();
    return change(
        now -> {
          List<Bytes> stored = entries;
          if (seal.isPresent()) {
            stored = new ArrayList<>(entries.size());
            for (Bytes entry : entries) {
              stored.add(seal.get().seal(now.length() + stored.size(), entry));
            }
          }
          return Packing.append(platform.crypto(), signer, now, stored);
        });
  }

  /** Cuts off all entries from one on; readers see that by a higher fork number. */
  public FeedHead truncate(long length) throws StoreException, FeedException {
    Crypto.SigningKey signer = signer();
    return change(
        now -> {
          if (length < 0 || length > now.length()) {
            throw new FeedException(FeedException.Reason.NO_ENTRY, "the feed is not so long");
          }
          Optional<Segment> cut = Optional.empty();
          if (length < now.pendingFrom()) {
            SegmentNote note = now.noteOf(length);
            cut = note.from() == length ? Optional.empty() : Optional.of(segments.load(note));
          }
          return Packing.truncate(platform.crypto(), signer, now, length, cut);
        });
  }

  private Crypto.SigningKey signer() throws FeedException {
    return writer.orElseThrow(
        () -> new FeedException(FeedException.Reason.NOT_YOURS, "only its writer appends"));
  }

  /** How the feed changes; may suspend. */
  private interface Change {
    FeedChange of(FeedLog now) throws StoreException, FeedException;
  }

  private FeedHead change(Change change) throws StoreException, FeedException {
    changing.enter(Deadline.NEVER);
    try {
      FeedChange changed = change.of(log);
      Block.Signed signed = changed.signed(signer(), block, platform.clock().now());
      shelf.store(changed, signed);
      segments.keep(changed);
      log = changed.log();
      block = Optional.of(signed);
      return log.head();
    } finally {
      changing.leave();
    }
  }

  /**
   * Looks for a newer state.
   *
   * @return whether there is one
   * @throws FeedException with {@code FORKED} if it contradicts what was read before
   */
  public boolean refresh() throws StoreException, FeedException {
    Optional<Block.Signed> found = shelf.head(key);
    return found.isPresent() && take(found.get());
  }

  /**
   * Takes a signed block of this feed, verified as a block, if it tells of a newer state that can
   * be compared with the one before.
   */
  public boolean take(Block.Signed found) throws StoreException, FeedException {
    changing.enter(Deadline.NEVER);
    try {
      if (writer.isPresent() || block.map(found::replaces).filter(newer -> newer).isEmpty()) {
        return false;
      }
      FeedLog read = read(platform.crypto(), shelf, found);
      if (read.head().isAlongside(log.head()) && !isConsistent(read)) {
        return false;
      }
      if (!read.head().replaces(log.head())) {
        return false;
      }
      log = read;
      block = Optional.of(found);
      return true;
    } finally {
      changing.leave();
    }
  }

  /**
   * Compares with what is known here.
   *
   * @return false if what it takes cannot be had now
   */
  private boolean isConsistent(FeedLog read) throws StoreException, FeedException {
    boolean grew = read.length() >= log.length();
    try {
      fork = grew ? contradiction(read, log.head()) : contradiction(log, read.head());
    } catch (FeedException e) {
      // Its writer may just be writing a segment anew, and has not told anybody where it is.
      if (e.reason() == FeedException.Reason.NOT_FOUND) {
        return false;
      }
      throw e;
    }
    if (fork.isPresent()) {
      throw new FeedException(FeedException.Reason.FORKED, "two histories were signed");
    }
    return true;
  }

  /** Takes a proof that somebody else has; false if it proves nothing of this feed. */
  public boolean take(ForkProof proof) {
    if (!proof.shorter().feed().equals(key) || !proof.isGenuine(platform.crypto())) {
      return false;
    }
    fork = Optional.of(proof);
    return true;
  }

  /** Compares with a head that somebody else was shown. */
  public Optional<ForkProof> compare(FeedHead other) throws StoreException, FeedException {
    FeedLog now = log;
    if (!other.isAlongside(now.head())
        || other.length() > now.length()
        || !other.isGenuine(platform.crypto())) {
      return Optional.empty();
    }
    Optional<ForkProof> proof = contradiction(now, other);
    if (proof.isPresent()) {
      fork = proof;
    }
    return proof;
  }

  private Optional<ForkProof> contradiction(FeedLog longer, FeedHead shorter)
      throws StoreException, FeedException {
    FeedNodes nodes = FeedNodes.of(longer, new LeafHasher(platform.crypto()));
    if (shorter.length() > 0) {
      open(longer, nodes, shorter.length() - 1);
    }
    if (shorter.length() < longer.length()) {
      open(longer, nodes, shorter.length());
    }
    return ForkProof.between(longer.head(), shorter, nodes, platform.crypto().hasher());
  }

  private void open(FeedLog in, FeedNodes nodes, long index) throws StoreException, FeedException {
    if (index < in.pendingFrom()) {
      Segment segment = segments.load(in.noteOf(index));
      nodes.open(segment.from(), segment.entries());
    }
  }

  /** An entry, as the snapshot has it. */
  public Bytes entry(FeedLog snapshot, long index) throws StoreException, FeedException {
    return range(snapshot, index, index + 1).get(0);
  }

  /** Entries from one to before another, as the snapshot has them. */
  public List<Bytes> range(FeedLog snapshot, long from, long end)
      throws StoreException, FeedException {
    if (from < 0 || from > end || end > snapshot.length()) {
      throw new FeedException(FeedException.Reason.NO_ENTRY, "there are no such entries");
    }
    List<Bytes> entries = new ArrayList<>();
    long at = from;
    while (at < end) {
      // Its last segment may have been written anew since: then the present state has the entry.
      FeedLog now = log;
      boolean grown = now.head().fork() == snapshot.head().fork() && now.length() >= end;
      FeedLog in = grown ? now : snapshot;
      if (at >= in.pendingFrom()) {
        entries.add(in.pendingEntry(at++));
        continue;
      }
      Segment segment = segments.load(in.noteOf(at));
      int first = (int) (at - segment.from());
      int count = (int) Math.min(end - at, segment.entries().size() - first);
      entries.addAll(segment.entries().subList(first, first + count));
      at += count;
    }
    return entries;
  }

  /** Entries with all that proves them to whoever has nothing else of the feed. */
  public FeedPart prove(FeedLog snapshot, Runs runs) throws StoreException, FeedException {
    LeafHasher leaves = new LeafHasher(platform.crypto());
    FeedNodes nodes = FeedNodes.of(snapshot, leaves);
    List<FeedPart.Run> parts = new ArrayList<>();
    for (Runs.Run run : runs.list()) {
      parts.add(new FeedPart.Run(run.from(), range(snapshot, run.from(), run.end())));
      for (long at = run.from(); at < Math.min(run.end(), snapshot.pendingFrom()); ) {
        SegmentNote note = snapshot.noteOf(at);
        nodes.open(note.from(), range(snapshot, note.from(), note.end()));
        at = note.end();
      }
    }
    List<Hash> proof = new TreeProofs(nodes, leaves.hasher(), snapshot.length()).of(runs);
    return new FeedPart(snapshot.head(), parts, proof);
  }

  /** Storage keys of all blocks that the feed rests on, its signed one among them. */
  public List<StorageKey> blocks() {
    List<StorageKey> keys = new ArrayList<>();
    keys.add(FeedChange.keyOf(key));
    keys.addAll(log.blocks());
    return keys;
  }

  /** As {@link #blocks}, but segments from the end. */
  public List<StorageKey> newestFirst() {
    List<StorageKey> keys = new ArrayList<>();
    keys.add(FeedChange.keyOf(key));
    keys.addAll(log.newestFirst());
    return keys;
  }

  private static FeedLog read(Crypto crypto, FeedShelf shelf, Block.Signed head)
      throws StoreException, FeedException {
    try {
      Listing listing = Listing.decode(head.payload());
      List<List<SegmentNote>> pages = new ArrayList<>();
      for (Listing.PageRef ref : listing.pages()) {
        Optional<Block> page = shelf.content(ref.key());
        if (page.isEmpty()) {
          throw new FeedException(FeedException.Reason.NOT_FOUND, "nobody has a page of the feed");
        }
        pages.add(Listing.decodePage(page.get().payload(), ref));
      }
      if (!listing.head().feed().equals(head.writeKey())) {
        throw new MalformedFrameException("feed");
      }
      Optional<FeedLog> log = FeedLog.of(crypto, listing, pages);
      return log.orElseThrow(
          () -> new FeedException(FeedException.Reason.NOT_VERIFIED, "it is not what was signed"));
    } catch (MalformedFrameException e) {
      throw new FeedException(FeedException.Reason.NOT_VERIFIED, "no feed: " + e.getMessage());
    }
  }
}
