package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.SealedPayload;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bucket.Bucket;
import dev.p2pcp.bucket.BucketAccess;
import dev.p2pcp.bucket.BucketException;
import dev.p2pcp.bucket.BucketTerms;
import dev.p2pcp.bucket.Trouble;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.identity.Origin;
import dev.p2pcp.identity.Path;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.Web;
import dev.p2pcp.wire.Limits;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lends the owner's bucket: copies public items into it, and lets index servers know for a week
 * where those are, renewed while this agent is online. Each device remembers by itself what it
 * lends; the private item only spares the next one the typing.
 */
public final class BucketLending {
  /** Where the terms are that a device of the owner lent by last, so that the next has them. */
  static final Path PATH = new Path("/.p2pcp/bucket");

  private static final Bytes ON = Bytes.utf8("bucket on");
  private static final Bytes SPENT = Bytes.utf8("bucket spent");
  private static final Bytes ALLOWED = Bytes.utf8("allowed origins");

  /** Changes are gathered for so long, in milliseconds. */
  private static final long GATHER = 1_500;

  /** Between two looks where nothing happened, and after trouble, in milliseconds. */
  private static final long LOOK = 60_000;

  /** For what is still being put there when lending ends: so many times, in milliseconds. */
  private static final int ROUNDS = 100;

  private static final long PAUSE = 1_000;

  private static final int MAX_ALLOWED = 16;
  private static final int FOLDER = 12;

  private final Platform platform;
  private final Web web;
  private final BucketStore store;
  private final Afar afar;
  private final BucketBudget budget;
  private final BucketPublishing publishing;
  private volatile @Nullable BucketTerms terms;
  private volatile @Nullable Bucket bucket;
  private volatile Pending<Boolean> wake;
  private volatile boolean stopped;
  private boolean running;
  private BucketBudget.Spent saved = BucketBudget.Spent.NOTHING;

  BucketLending(Platform platform, Web web, BucketStore store, Afar afar) {
    this.platform = platform;
    this.web = web;
    this.store = store;
    this.afar = afar;
    this.budget = new BucketBudget(platform.clock());
    this.publishing = new BucketPublishing(platform, store);
    this.wake = platform.tasks().pending();
  }

  /**
   * What a person sees of a lent bucket: published are the blocks that can be read while nobody is
   * online; trouble is empty if all is well.
   */
  public record State(
      BucketTerms terms,
      boolean here,
      int blocks,
      int published,
      long bytes,
      long gets,
      long puts,
      long bytesOut,
      long bytesIn,
      boolean spent,
      Optional<Trouble> trouble) {}

  /** Settings of this device. Suspends. */
  void load() throws StoreException {
    store.load();
    try {
      Optional<Bytes> spent = store.record(BlockStore.Table.PROFILE, SPENT);
      if (spent.isPresent()) {
        saved = BucketBudget.Spent.decode(spent.get());
        budget.restore(saved);
      }
      Optional<Bytes> allowed = store.record(BlockStore.Table.PROFILE, ALLOWED);
      if (allowed.isPresent()) {
        afar.allow(
            new ByteReader(allowed.get())
                .list(MAX_ALLOWED, "origins", r -> r.text(Origin.MAX_LENGTH, "origin")));
      }
    } catch (MalformedFrameException e) {
      throw new StoreException(StoreException.Reason.DAMAGED, "settings of a bucket");
    }
  }

  /** Goes on with what this device lent. Suspends. */
  void open(Node node) throws StoreException {
    Optional<Bytes> on = store.record(BlockStore.Table.PROFILE, ON);
    try {
      if (on.isPresent()) {
        begin(node, BucketTerms.decode(SealedPayload.open(seal(node), ON, on.get())));
        return;
      }
    } catch (SealBrokenException | MalformedFrameException e) {
      // What was in a bucket that can't be opened is given up, so that it is made elsewhere.
    }
    if (store.contents().count() > 0) {
      platform.tasks().spawn("bucket", () -> giveUp(node));
    }
  }

  private void giveUp(Node node) {
    try {
      close(node);
    } catch (StoreException e) {
      // The next start tries it again.
      node.events.statusChanged();
    }
  }

  private static Crypto.SealingKey seal(Node node) {
    return node.places.of(PATH, false).seal().orElseThrow();
  }

  private static Optional<BucketTerms> termsOf(Node node) throws StoreException {
    Optional<ItemState> state = node.items.state(PATH);
    Optional<Bytes> value = state.isEmpty() ? Optional.empty() : node.values.local(state.get());
    try {
      return value.isEmpty() ? Optional.empty() : Optional.of(BucketTerms.decode(value.get()));
    } catch (MalformedFrameException e) {
      // Of a newer version of this program.
      return Optional.empty();
    }
  }

  private void begin(Node node, BucketTerms known) {
    budget.allow(known.requests(), known.bytes());
    BucketAccess folder = folderOf(node, known.access());
    Bucket opened = new Bucket(platform, web, folder, budget);
    Bucket forOthers = new Bucket(platform, web, folder, budget::spendForOthers);
    terms = known;
    bucket = opened;
    publishing.begin();
    store.use(new BucketStore.Lent(forOthers, opened), Limits.SLOTS);
    synchronized (this) {
      if (running) {
        wake();
        return;
      }
      running = true;
    }
    // Agents without a bucket have no task for it.
    platform.tasks().spawn("bucket", () -> run(node));
  }

  /**
   * A folder of this device's, so that two of them leave each other's objects alone. Whoever sees
   * it can't tell whose it is: the place of a private path is the owner's secret.
   */
  private static BucketAccess folderOf(Node node, BucketAccess access) {
    Path own = new Path(PATH.text() + "/" + node.device().peer());
    return access.below(node.places.of(own, false).key().toString().substring(0, FOLDER));
  }

  /**
   * Tries a bucket out. Suspends.
   *
   * @throws BucketException saying what is wrong with it
   */
  public void check(BucketAccess access) throws BucketException {
    Bytes content = platform.entropy().bytes(64);
    String name = content.slice(0, 8).hex();
    new Bucket(platform, web, access.below("probe-" + name), (reading, bytes) -> {}).probe(content);
  }

  /** Lends a bucket from now on; what was only in another is given up. Suspends. */
  public void lend(Node node, BucketTerms wanted) throws ItemException, BucketException {
    check(wanted.access());
    node.items.putReserved(PATH, wanted.encoded(), false, 0, node::allowance);
    Bytes sealed =
        SealedPayload.seal(
            seal(node), platform.entropy(), ON, wanted.encoded(), Block.Content.MAX_PAYLOAD);
    BucketTerms before = terms;
    try {
      if (before != null && !before.access().isSamePlace(wanted.access())) {
        close(node);
      }
      store.apply(new BlockStore.Batch().putRecord(BlockStore.Table.PROFILE, ON, sealed));
    } catch (StoreException e) {
      throw Items.failed(e);
    }
    begin(node, wanted);
  }

  /** Lends it no more: what only the bucket has for others is given up. Suspends. */
  public void end(Node node) throws ItemException {
    Optional<BucketTerms> before = Optional.ofNullable(terms);
    try {
      close(node);
      // Another device may have lent another bucket since.
      if (before.isPresent() && before.equals(termsOf(node))) {
        node.remove(PATH);
      }
    } catch (StoreException e) {
      throw Items.failed(e);
    }
  }

  /** After a crash on the way, the next start goes on with it. */
  private void close(Node node) throws StoreException {
    store.apply(new BlockStore.Batch().removeRecord(BlockStore.Table.PROFILE, ON));
    bucket = null;
    terms = null;
    publishing.begin();
    store.takeNoMore();
    try {
      for (int round = 0; round < ROUNDS && !isEmpty(node); round++) {
        platform.tasks().sleep(PAUSE);
      }
    } finally {
      store.leave();
    }
  }

  /** Gives up what is only there. Who keeps a block just then is waited for. */
  private boolean isEmpty(Node node) throws StoreException {
    for (StorageKey key : store.contents().onlyThere()) {
      node.holder.gaveUp(key);
    }
    return store.isQuiet() && store.contents().onlyThere().isEmpty();
  }

  /** What is lent, here or on another device of the owner; empty if nothing is. Suspends. */
  public Optional<State> state(Node node) throws StoreException {
    BucketTerms known = terms;
    boolean here = known != null;
    Optional<BucketTerms> all = here ? Optional.ofNullable(known) : termsOf(node);
    BucketContents contents = store.contents();
    BucketBudget.Spent spent = budget.spent();
    return all.map(
        t ->
            new State(
                t,
                here,
                contents.count(),
                publishing.published(),
                contents.bytes(),
                spent.gets(),
                spent.puts(),
                spent.bytesOut(),
                spent.bytesIn(),
                budget.isSpent(),
                store.trouble()));
  }

  /** Origins of local machines that this device may read from. Never suspends. */
  public List<String> allowed() {
    return afar.allowed();
  }

  /** Reads from these as well from now on. Suspends. */
  public void allow(List<String> origins) throws ItemException {
    if (origins.size() > MAX_ALLOWED || !origins.stream().allMatch(Origin::isCanonical)) {
      throw new ItemException(ItemException.Reason.BAD_PATH, "these are no origins");
    }
    ByteWriter writer = new ByteWriter().u16(origins.size());
    origins.forEach(origin -> writer.bytes16(Bytes.utf8(origin)));
    try {
      store.apply(
          new BlockStore.Batch().putRecord(BlockStore.Table.PROFILE, ALLOWED, writer.toBytes()));
    } catch (StoreException e) {
      throw Items.failed(e);
    }
    afar.allow(origins);
  }

  /** There may be something to do. Never suspends. */
  void wake() {
    wake.complete(true);
  }

  void stop() {
    stopped = true;
    wake();
  }

  /** Copies and publishes until it is stopped. Suspends. */
  private void run(Node node) {
    while (!stopped) {
      wake = platform.tasks().pending();
      try {
        work(node);
      } catch (BucketException e) {
        store.noted(e.trouble());
        platform.tasks().sleep(GATHER);
      } catch (StoreException e) {
        platform.tasks().sleep(GATHER);
      }
      save();
      wake.await(platform.deadline(LOOK));
      platform.tasks().sleep(GATHER);
    }
  }

  private void save() {
    BucketBudget.Spent spent = budget.spent();
    if (!spent.equals(saved)) {
      try {
        store.apply(
            new BlockStore.Batch().putRecord(BlockStore.Table.PROFILE, SPENT, spent.encoded()));
        saved = spent;
      } catch (StoreException e) {
        // The next look tries it again.
        return;
      }
    }
  }

  private void work(Node node) throws StoreException, BucketException {
    int turn = publishing.turn();
    Bucket lent = bucket;
    BucketTerms known = terms;
    if (lent == null || known == null) {
      return;
    }
    // In the order of the items, so that it is always the same that there is no room for.
    Set<StorageKey> all = new LinkedHashSet<>();
    for (ItemState state : node.table.all()) {
      if (state.isPublic()) {
        for (StorageKey key : state.blocks()) {
          store.copy(key);
          if (store.contents().has(key)) {
            all.add(key);
          }
        }
      }
    }
    publishing.look(node, turn, lent, folderOf(node, known.access()), all);
  }

  /** A server may have forgotten. Never suspends. */
  void postSoon() {
    publishing.postSoon();
    wake();
  }
}
