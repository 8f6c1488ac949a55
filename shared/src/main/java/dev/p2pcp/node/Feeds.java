package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.feed.Feed;
import dev.p2pcp.feed.FeedChange;
import dev.p2pcp.feed.FeedException;
import dev.p2pcp.feed.FeedSeal;
import dev.p2pcp.feed.FeedShelf;
import dev.p2pcp.feed.ForkProof;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.identity.Path;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.KeyedGate;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Allowance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Feeds over blocks: own ones, whose blocks are kept in copies like those of items, and others',
 * read from whoever has them. A feed has one writer, which is this device: another device of the
 * account has feeds of its own under the same paths, as one key on two devices would sign two
 * histories. Methods suspend; any number of tasks may call.
 */
public final class Feeds {
  /** Where it is noted which blocks an own feed has; nobody else's path. */
  static final String FOLDER = Catalogue.RESERVED + "feed/";

  private static final String WRITE = "p2pcp/v1/feed-write";
  private static final String SEAL = "p2pcp/v1/feed-seal";
  private static final int KEY_LENGTH = 32;

  /** Feeds of others that are kept open. */
  private static final int OTHERS = 64;

  /** Own ones that are open: each has one writer, so that none may be closed under its users. */
  private static final int OWN = 1_024;

  private final Platform platform;
  private final KeyRing keys;
  private final Node node;
  private final ItemBook book;
  private final FeedKeeping keeping;
  private final KeyedGate<String> opening;
  private final Map<Path, OpenFeed> own = new LinkedHashMap<>();
  private final Map<FeedLink, OpenFeed> others = new LinkedHashMap<>();

  private Feeds(Platform platform, KeyRing keys, Node node) {
    this.platform = platform;
    this.keys = keys;
    this.node = node;
    ItemWriter writer = new ItemWriter(node.holdings, node.own, node.table);
    NodeWiring wiring = new NodeWiring(node);
    this.book = new ItemBook(platform, new Places(keys), node.table, writer, wiring);
    this.keeping = new FeedKeeping(platform, node, keys.account(), wiring);
    this.opening = new KeyedGate<>(platform.tasks());
  }

  /** Those of a running node; there must be no others of the same node. */
  public static Feeds of(Platform platform, KeyRing keys, Node node) {
    return new Feeds(platform, keys, node);
  }

  /**
   * An own feed: as it was left, or without entries.
   *
   * @param isPublic whether everybody may read a new one; what is there stays as it is
   */
  public OpenFeed own(Path path, boolean isPublic)
      throws ItemException, FeedException, StoreException {
    if (path.text().startsWith(Catalogue.RESERVED)) {
      throw new ItemException(ItemException.Reason.BAD_PATH, "the path is reserved");
    }
    opening.enter(path.text(), Deadline.NEVER);
    try {
      OpenFeed known;
      synchronized (this) {
        known = own.get(path);
        if (known == null && own.size() >= OWN) {
          throw new StoreException(StoreException.Reason.FULL, "too many feeds are open");
        }
      }
      if (known == null) {
        known = open(path, isPublic);
        synchronized (this) {
          own.put(path, known);
        }
      }
      return known;
    } finally {
      opening.leave(path.text());
    }
  }

  /** Paths of own feeds that have entries, or had. Never suspends. */
  public boolean has(Path path) {
    return book.state(noteAt(path)).isPresent();
  }

  /** Whether all that an own feed consists of has its copies by now. Never suspends. */
  public boolean isPlaced(Path path) {
    Map<StorageKey, OwnBlock> own = node.own.snapshot();
    for (StorageKey key : book.state(noteAt(path)).map(ItemState::blocks).orElse(List.of())) {
      OwnBlock block = own.get(key);
      if (block == null || newest(block) < node.replicator.wanted() - 1) {
        return false;
      }
    }
    return true;
  }

  /**
   * Copies at others of its newest version: a holder of an older one counts as well, but not here.
   */
  private int newest(OwnBlock block) {
    int newest = 0;
    for (OwnBlock.Copy copy : block.copies()) {
      boolean counts = copy.countsAt(platform.clock().now()) && copy.version() >= block.version();
      newest += counts ? 1 : 0;
    }
    return newest;
  }

  private OpenFeed open(Path path, boolean isPublic) throws FeedException, StoreException {
    Bytes context = Bytes.concat(node.device().peer().bytes(), path.utf8());
    Crypto.SigningKey writer =
        keys.crypto().signingKey(keys.storageRoot().derive(WRITE, context, KEY_LENGTH));
    boolean open = book.state(noteAt(path)).map(ItemState::isPublic).orElse(isPublic);
    Bytes key = open ? Bytes.EMPTY : keys.storageRoot().derive(SEAL, context, KEY_LENGTH);
    FeedLink link = new FeedLink(writer.publicKey(), key);
    Feed feed = Feed.own(platform, new OwnShelf(path, open), writer);
    return new OpenFeed(platform, feed, newsOf(feed), link, sealOf(link), true, this::checkRoom);
  }

  /** Somebody's feed. */
  public OpenFeed of(FeedLink link) throws FeedException, StoreException {
    opening.enter(link.text(), Deadline.NEVER);
    try {
      OpenFeed known;
      synchronized (this) {
        known = others.remove(link);
      }
      if (known == null) {
        node.awaitServer();
        Feed feed = Feed.of(platform, new OthersShelf(), link.feed());
        known = new OpenFeed(platform, feed, newsOf(feed), link, sealOf(link), false, bytes -> {});
      }
      synchronized (this) {
        if (others.size() >= OTHERS) {
          others.remove(others.keySet().iterator().next());
        }
        others.put(link, known);
      }
      return known;
    } finally {
      opening.leave(link.text());
    }
  }

  /**
   * What proves that the writer of a feed signed two histories, if that was ever seen here, also
   * when nobody has the feed any more.
   */
  public Optional<ForkProof> forkProof(PublicKey feed) throws StoreException {
    return FeedNews.kept(node.store, feed);
  }

  private FeedNews newsOf(Feed feed) throws StoreException {
    FeedNews news = new FeedNews(platform, node, feed);
    news.recall();
    return news;
  }

  /**
   * Keeps the newest blocks of somebody's feed here for whoever reads it, as it is now, within the
   * slots that are lent and free; called again it keeps what was added since.
   *
   * @param most blocks of up to 256 KiB, 0 to let go of all
   * @return how many are kept
   */
  public int keep(FeedLink link, int most) throws FeedException, StoreException {
    OpenFeed feed = of(link);
    feed.refresh();
    opening.enter(link.text(), Deadline.NEVER);
    try {
      return keeping.keep(link.feed(), feed.newestFirst(), most);
    } finally {
      opening.leave(link.text());
    }
  }

  private Optional<FeedSeal> sealOf(FeedLink link) {
    return link.key().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new FeedSeal(
                platform.crypto().sealingKey(link.key()), platform.entropy(), link.feed()));
  }

  private static Path noteAt(Path path) {
    return new Path(FOLDER + path.hash().bytes().base64Url());
  }

  /** Refuses what would need more slots than are lent. */
  private void checkRoom(long bytes) throws ItemException {
    long blocks = bytes / Block.Content.MAX_PAYLOAD + 2;
    Allowance allowance = node.allowance((int) Math.min(1 << 20, node.own.count() + blocks));
    if (allowance.missing() > 0) {
      throw new ItemException(allowance);
    }
  }

  /** An own feed's blocks are this device's own blocks, and so kept in as many copies as items. */
  private final class OwnShelf implements FeedShelf {
    private final Path note;
    private final boolean isPublic;

    OwnShelf(Path path, boolean isPublic) {
      this.note = noteAt(path);
      this.isPublic = isPublic;
    }

    @Override
    public Optional<Block> content(StorageKey key) throws StoreException {
      Optional<Block> here = node.reader.local(key);
      return here.isPresent() ? here : node.reader.contentFrom(key, node.reader.locations(key));
    }

    @Override
    public Optional<Block.Signed> head(PublicKey feed) throws StoreException {
      StorageKey key = FeedChange.keyOf(feed);
      Optional<Block> here = node.reader.local(key);
      // What was stored is missing only if the disk lost it: others have it still.
      return here.isPresent() || book.state(note).isEmpty()
          ? here.flatMap(Reader::asSigned)
          : node.reader.newestAnywhere(key);
    }

    @Override
    public void store(FeedChange change, Block.Signed head) throws StoreException {
      List<StorageKey> chunks = change.log().blocks();
      if (chunks.size() > FileRoot.MAX_BLOCKS) {
        throw new StoreException(StoreException.Reason.FULL, "the feed has too many blocks");
      }
      Map<StorageKey, Block> blocks = new LinkedHashMap<>(change.fresh());
      blocks.put(head.storageKey(), head);
      ItemState state =
          new ItemState(
              note,
              isPublic,
              true,
              head.version(),
              head.time(),
              change.log().length(),
              head.storageKey(),
              ItemBlocks.identityOf(head),
              ItemBody.NO_PARENT,
              new ArrayList<>(chunks));
      book.store(ItemWriter.Change.of(List.of(new ItemWriter.Version(state, blocks, false))));
    }
  }

  /** Others' blocks are where index servers say. */
  private final class OthersShelf implements FeedShelf {
    @Override
    public Optional<Block> content(StorageKey key) throws StoreException {
      return node.reader.content(key, node.reader.locations(key));
    }

    @Override
    public Optional<Block.Signed> head(PublicKey feed) throws StoreException {
      return node.reader.signed(FeedChange.keyOf(feed));
    }

    @Override
    public void store(FeedChange change, Block.Signed head) {
      throw new IllegalStateException("somebody else's feed");
    }
  }
}
