package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bucket.Bucket;
import dev.p2pcp.bucket.BucketAccess;
import dev.p2pcp.bucket.BucketException;
import dev.p2pcp.bucket.BucketTerms;
import dev.p2pcp.bucket.Directory;
import dev.p2pcp.bucket.Trouble;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.Origin;
import dev.p2pcp.identity.Path;
import dev.p2pcp.identity.Place;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Web;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.SessionFrame;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lends the owner's bucket: keeps what opens it in a private item, copies public items into it, and
 * lets index servers know for a week where those are, renewed while this agent is online.
 */
public final class BucketLending {
  /** Where the terms are kept, sealed, so that the owner's next device has them. */
  static final Path PATH = new Path("/.p2pcp/bucket");

  private static final Bytes ON = Bytes.utf8("bucket on");
  private static final Bytes SPENT = Bytes.utf8("bucket spent");
  private static final Bytes ALLOWED = Bytes.utf8("allowed origins");

  /** Object with the directory of public blocks. */
  private static final String DIRECTORY = "directory";

  /** Changes are gathered for so long, in milliseconds: each directory is a request. */
  private static final long GATHER = 1_500;

  /** Between two looks where nothing happened, and after trouble, in milliseconds. */
  private static final long LOOK = 60_000;

  /** Age at which URLs are signed anew, of the week that they are good, in milliseconds. */
  private static final long RENEW = 24L * 60 * 60_000;

  private static final int MAX_ALLOWED = 16;
  private static final int FOLDER = 12;

  private final Platform platform;
  private final Web web;
  private final BucketStore store;
  private final Afar afar;
  private final BucketBudget budget;
  private volatile @Nullable BucketTerms terms;
  private volatile @Nullable Bucket bucket;
  private volatile @Nullable Bytes notice;
  private volatile Pending<Boolean> wake;
  private volatile boolean stopped;
  private boolean running;
  private volatile Set<StorageKey> listed = Set.of();
  private long signedAt;

  BucketLending(Platform platform, Web web, BucketStore store, Afar afar) {
    this.platform = platform;
    this.web = web;
    this.store = store;
    this.afar = afar;
    this.budget = new BucketBudget(platform.clock());
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
        budget.restore(BucketBudget.Spent.decode(spent.get()));
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
    if (store.record(BlockStore.Table.PROFILE, ON).isPresent()) {
      termsOf(node).ifPresent(known -> begin(node, known));
    }
  }

  private static Optional<BucketTerms> termsOf(Node node) throws StoreException {
    Optional<ItemState> state = node.items.state(PATH);
    Optional<Bytes> value = state.isEmpty() ? Optional.empty() : node.values.local(state.get());
    try {
      return value.isEmpty() ? Optional.empty() : Optional.of(BucketTerms.decode(value.get()));
    } catch (MalformedFrameException e) {
      throw new StoreException(StoreException.Reason.DAMAGED, "the terms of a bucket");
    }
  }

  private void begin(Node node, BucketTerms known) {
    budget.allow(known.requests(), known.bytes());
    Bucket opened = new Bucket(platform, web, folderOf(node, known.access()), budget);
    terms = known;
    bucket = opened;
    store.use(opened, Limits.SLOTS);
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

  /** A folder of this device's, so that two of them leave each other's objects alone. */
  private static BucketAccess folderOf(Node node, BucketAccess access) {
    String name = Sha256.hash(node.device().peer().bytes()).bytes().base64Url();
    return access.below(name.substring(0, FOLDER));
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

  /** Lends a bucket from now on. Suspends. */
  public void lend(Node node, BucketTerms wanted) throws ItemException, BucketException {
    check(wanted.access());
    node.items.putReserved(PATH, wanted.encoded(), false, 0, node::allowance);
    try {
      store.apply(new BlockStore.Batch().putRecord(BlockStore.Table.PROFILE, ON, Bytes.EMPTY));
    } catch (StoreException e) {
      throw Items.failed(e);
    }
    begin(node, wanted);
  }

  /** Lends it no more: what only the bucket has for others is given up. Suspends. */
  public void end(Node node) throws ItemException {
    try {
      store.apply(new BlockStore.Batch().removeRecord(BlockStore.Table.PROFILE, ON));
      for (StorageKey key : store.onlyThere()) {
        node.holder.gaveUp(key);
      }
    } catch (StoreException e) {
      throw Items.failed(e);
    }
    node.remove(PATH);
    store.use(null, 0);
    bucket = null;
    terms = null;
    notice = null;
  }

  /** What is lent, here or on another device of the owner; empty if nothing is. Suspends. */
  public Optional<State> state(Node node) throws StoreException {
    BucketTerms known = terms;
    boolean here = known != null;
    Optional<BucketTerms> all = here ? Optional.ofNullable(known) : termsOf(node);
    BucketStore.Count count = store.count();
    BucketBudget.Spent spent = budget.spent();
    return all.map(
        t ->
            new State(
                t,
                here,
                count.blocks(),
                notice == null ? 0 : listed.size(),
                count.bytes(),
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
      } catch (StoreException | BucketException e) {
        // It shows in the state, and is tried again.
        platform.tasks().sleep(GATHER);
      }
      wake.await(platform.deadline(LOOK));
      platform.tasks().sleep(GATHER);
    }
  }

  private void work(Node node) throws StoreException, BucketException {
    Bucket lent = bucket;
    if (lent == null) {
      return;
    }
    Set<StorageKey> all = new HashSet<>();
    boolean more = false;
    for (ItemState state : node.table.all()) {
      if (state.isPublic()) {
        for (StorageKey key : state.blocks()) {
          more |= !store.isThere(key);
          store.copy(key);
          if (store.isThere(key)) {
            all.add(key);
          }
        }
      }
    }
    long now = platform.clock().now();
    BucketTerms known = terms;
    boolean due = !all.equals(listed) || now - signedAt > RENEW || notice == null;
    if (known != null && due && !(all.isEmpty() && notice == null)) {
      publish(node, lent, folderOf(node, known.access()), List.copyOf(all), now);
      listed = all;
      signedAt = now;
    }
    if (more || due) {
      store.apply(
          new BlockStore.Batch()
              .putRecord(BlockStore.Table.PROFILE, SPENT, budget.spent().encoded()));
    }
  }

  private void publish(Node node, Bucket lent, BucketAccess folder, List<StorageKey> keys, long now)
      throws BucketException {
    Directory directory = Directory.of(folder, keys, now, BucketAccess.MAX_LIFE);
    lent.put(DIRECTORY, directory.encoded());
    String url = lent.readable(DIRECTORY, BucketAccess.MAX_LIFE).text();
    Place place = node.places.of(Shelves.PATH, true);
    Block.Signed block =
        Block.Signed.sign(
            place.writeKey(), place.pathHash(), now, now, Shelves.notice(List.of(url)));
    notice = block.encoded();
    for (IndexSession session : node.servers.sessions()) {
      post(session);
    }
  }

  /** Tells a server that may have forgotten. Never suspends. */
  void postSoon(ServerLoop server) {
    Optional<IndexSession> session = server.session();
    if (notice != null && session.isPresent()) {
      platform.tasks().spawn("post", () -> post(session.get()));
    }
  }

  private void post(IndexSession session) {
    Bytes known = notice;
    if (known == null) {
      return;
    }
    try {
      session.ask(id -> new SessionFrame.Post(id, known), SessionFrame.Done.class);
    } catch (LinkException | RefusedException e) {
      // Who has a newer one, or no room, is told again when this is renewed.
      return;
    }
  }
}
