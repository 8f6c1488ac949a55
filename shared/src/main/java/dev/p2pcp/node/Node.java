package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.identity.Path;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * An unlocked agent at work: it lends slots, keeps blocks for others, and keeps its owner's items
 * in all their copies. Methods suspend unless they say otherwise; any number of tasks may call.
 */
public final class Node {
  /** How long reading what others keep waits for the first index server, in milliseconds. */
  private static final long CONNECT = 5_000;

  private static final long CONNECT_LOOK = 25;

  /** Between two sweeps of what is over, in milliseconds: nothing is late that keeps a block. */
  private static final long SWEEP = 2 * 60 * 60_000;

  /** Receipts that count no more are forgotten at the first of so many sweeps. */
  private static final int SWEEPS_A_PRUNE = 4;

  /** For handing copies over, and for a last word to index servers, in milliseconds. */
  private static final long LEAVING = 120_000;

  private static final long LAST_WORD = 5_000;

  private final Platform platform;
  final BucketStore store;
  private final Device device;
  final NodeEvents events;
  final Holdings holdings;
  final Receipts receipts;
  final ReceiptTruth truth;
  final StatementDesk statements;
  final OwnBlocks own;
  final ItemTable table;
  final Links links;
  final Servers servers;
  final Reader reader;
  final Placing placing;
  final Replicator replicator;
  final Synchroniser synchroniser;
  final Items items;
  final ItemViews views;
  private final Files files;
  final Values values;
  private final Conflicts conflicts;
  final Places places;
  final Holder holder;
  final Mending mending;
  final Canaries canaries;
  final KnownServers known;
  final Probing probing;
  final Topics topics;
  final BucketLending bucket;
  final Shelves shelves;
  final Pending<Boolean> stopping;

  private Node(
      Platform platform,
      BucketStore store,
      Transport transport,
      KeyRing keys,
      Device device,
      Stored stored,
      NodeEvents events) {
    this.platform = platform;
    this.store = store;
    this.device = device;
    this.events = events;
    this.stopping = platform.tasks().pending();
    this.holdings = stored.holdings();
    this.receipts = stored.receipts();
    this.statements = stored.statements();
    this.own = stored.own();
    this.truth = new ReceiptTruth(platform.clock(), device, holdings, own);
    this.table = stored.table();
    this.places = new Places(keys);
    NodeWiring wiring = new NodeWiring(this);
    this.holder = new Holder(platform, store, holdings, device, wiring);
    this.links = new Links(platform, transport.channels(), device, wiring);
    this.servers = new Servers(platform, transport, device, wiring, wiring, wiring);
    this.topics = new Topics(platform, device, servers, links);
    links.keep(topics::keeps);
    this.mending = new Mending(platform, store, device, holdings, receipts, servers);
    Afar afar = new Afar(platform, transport.web(), links::isRelayOnly);
    this.bucket = new BucketLending(platform, transport.web(), store, afar);
    this.shelves = new Shelves(platform, servers, afar);
    this.servers.lookBeside(shelves::of);
    this.reader = new Reader(platform, store, servers, afar);
    FileReading reading = new FileReading(platform, reader::local, reader.fetching(), servers);
    this.values = new Values(platform, reader, places, reading);
    this.conflicts = stored.conflicts();
    ItemWriter writer = new ItemWriter(holdings, own, table);
    ItemBook book = new ItemBook(platform, places, table, writer, wiring);
    this.items = new Items(platform, book, places, values, conflicts, wiring);
    Uploads uploads = new Uploads(platform, store, items, book, places, reader, own);
    this.files = new Files(items, values, reader, places, uploads, reading, this::allowance);
    this.placing =
        new Placing(
            platform,
            store,
            device,
            own,
            receipts,
            servers,
            new Depositing(platform, device, afar));
    Counting counting = new Counting(platform.clock(), servers, receipts);
    Pushing pushing = new Pushing(platform, store, own, servers, wiring);
    Keepers keepers = stored.keepers();
    Looking looking = new Looking(platform.clock(), own, servers, counting, keepers, pushing);
    Replicator.Work work =
        new Replicator.Work(
            pushing,
            counting,
            placing,
            new Releasing(platform, device, own, servers, keepers),
            new Renewing(platform, own, servers, placing, receipts));
    this.replicator = new Replicator(platform, own, servers, looking, work, wiring);
    this.synchroniser =
        new Synchroniser(
            platform, servers, reader, places, items, writer, new Missing(own, holdings), wiring);
    this.canaries = new Canaries(platform.clock(), platform.entropy());
    this.known = new KnownServers(platform, store);
    this.probing = new Probing(platform, servers, known, replicator);
    this.views = new ItemViews(platform.clock(), items, own, holdings, replicator);
  }

  /** Opens what the store has, and begins to work. */
  static Node start(
      Platform platform,
      BlockStore store,
      Transport transport,
      KeyRing keys,
      Device device,
      Settings settings,
      NodeEvents events)
      throws StoreException {
    LeasedStore lease = new LeasedStore(store, platform.tasks());
    BucketStore leased = new BucketStore(lease, platform.clock());
    Stored stored = Stored.load(platform, leased, keys, device, settings.slots());
    Node node = new Node(platform, leased, transport, keys, device, stored, events);
    node.bucket.load();
    node.replicator.want(settings.copies());
    node.items.load();
    node.bucket.open(node);
    node.holdings.shareWith(settings.copies());
    node.links.relayOnly(settings.relayOnly());
    node.servers.use(settings.origins());
    platform.tasks().spawn("replicator", node.replicator::run);
    platform.tasks().spawn("synchroniser", node.synchroniser::run);
    platform.tasks().spawn("sweep", node::sweep);
    platform.tasks().spawn("probing", node.probing::run);
    platform.tasks().spawn("mending", () -> node.mending.run(node.stopping));
    platform.tasks().spawn("statements", () -> node.statements.run(node.own, node.servers));
    return node;
  }

  /** Stops all work. Never suspends. */
  void stop() {
    stopping.complete(true);
    topics.stop();
    replicator.stop();
    bucket.stop();
    synchroniser.stop();
    statements.stop();
    probing.stop();
    servers.stop();
    links.stop();
    store.end();
  }

  /**
   * Brings what is kept for others to other holders, as far as there are any, and says that it is
   * kept here no more. Suspends for {@link #LEAVING} at most.
   */
  void handOver() throws StoreException {
    holdings.lend(0);
    servers.pledge();
    mending.handOver(platform.deadline(LEAVING), holder::letGo);
    holder.lostAll();
    servers.flush(platform.deadline(LAST_WORD));
  }

  /** The store is gone: says so for all that was kept in it, and stops. Suspends. */
  void lost() {
    store.end();
    holder.lostAll();
    servers.withdraw(holdings.keys());
    servers.flush(platform.deadline(LAST_WORD));
    stop();
  }

  /** After {@link #stop}: waits until nothing is written any more. Suspends. */
  void settle() {
    store.settle();
  }

  public Device device() {
    return device;
  }

  /**
   * Stores a value under a path; returns when it is durable here.
   *
   * @param base version that the edit started from, 0 if unknown
   */
  public ItemView put(Path path, Bytes value, boolean isPublic, long base) throws ItemException {
    items.put(path, value, isPublic, base, this::allowance);
    return view(path).orElseThrow();
  }

  public void remove(Path path) throws ItemException {
    items.remove(path);
  }

  /** The newest version of an own item that is here or can be reached; empty if nobody has one. */
  public Optional<Content> get(Path path, LongConsumer progress) throws ItemException {
    try {
      Optional<Catalogue.Entry> entry = items.entry(path);
      Optional<ItemState> state = items.state(path);
      boolean removed = entry.map(Catalogue.Entry::removed).orElse(false);
      if (removed) {
        return Optional.empty();
      }
      boolean current =
          state.isPresent() && entry.map(e -> e.version() <= state.get().version()).orElse(true);
      if (current) {
        Optional<Bytes> value = values.local(state.get());
        if (value.isPresent()) {
          return Optional.of(content(state.get(), value.get()));
        }
      }
      boolean isPublic = entry.map(Catalogue.Entry::isPublic).orElse(false);
      return fetchOwn(path, isPublic, progress);
    } catch (StoreException e) {
      throw new ItemException(ItemException.Reason.STORAGE_FAILED, String.valueOf(e.getMessage()));
    }
  }

  /** The newest version of another person's public item; empty if nobody who is online has one. */
  public Optional<Content> getOf(PublicKey identity, Path path, LongConsumer progress)
      throws ItemException {
    awaitServer();
    try {
      Optional<Content> found = askFor(identity, path, progress);
      if (found.isPresent() || !shelves.learn(identity)) {
        return found;
      }
    } catch (ItemException e) {
      if (!shelves.learn(identity)) {
        throw e;
      }
    }
    return askFor(identity, path, progress);
  }

  private Optional<Content> askFor(PublicKey identity, Path path, LongConsumer progress)
      throws ItemException {
    try {
      StorageKey key = KeyRing.publicKeyOf(identity, path);
      Optional<Block.Signed> head = reader.signed(key);
      return head.isEmpty()
          ? Optional.empty()
          : Optional.of(contentOf(path, Optional.empty(), head.get(), progress));
    } catch (StoreException e) {
      throw new ItemException(ItemException.Reason.STORAGE_FAILED, String.valueOf(e.getMessage()));
    }
  }

  /** Right after the start nobody is reached yet, and nobody would seem to have anything. */
  void awaitServer() {
    Deadline deadline = platform.deadline(CONNECT);
    while (servers.sessions().isEmpty() && !deadline.passed(platform.clock())) {
      platform.tasks().sleep(CONNECT_LOOK);
    }
  }

  /** Own items whose path begins with the prefix, newest first. Never suspends. */
  public List<ItemView> list(String prefix) {
    List<ItemView> views = new ArrayList<>();
    for (Catalogue.Entry entry : items.entries()) {
      boolean hidden = entry.removed() || entry.path().text().startsWith(Catalogue.RESERVED);
      if (!hidden && entry.path().text().startsWith(prefix)) {
        views.add(viewOf(entry));
      }
    }
    views.sort((a, b) -> Long.compare(b.time(), a.time()));
    return views;
  }

  /** An own item, if there is one. Never suspends. */
  public Optional<ItemView> view(Path path) {
    return items.entry(path).filter(entry -> !entry.removed()).map(this::viewOf);
  }

  /** URLs of the blocks of an own item, or of another's public one. */
  public Map<StorageKey, List<String>> urls(Path path, Optional<PublicKey> of)
      throws ItemException {
    return Urls.of(this, path, of);
  }

  /** All blocks kept here. Never suspends. */
  public List<KeptBlock> blocks() {
    List<KeptBlock> kept = new ArrayList<>();
    holdings
        .snapshot()
        .forEach(
            (key, holding) ->
                kept.add(
                    new KeptBlock(
                        key,
                        holding.signed(),
                        holding.size(),
                        holding.own(),
                        table.pathOf(key),
                        holding.keptUntil())));
    return kept;
  }

  /** A block kept here. */
  public record KeptBlock(
      StorageKey key, boolean signed, int size, boolean own, Optional<Path> path, long keptUntil) {}

  public NodeStatus status() throws StoreException {
    return new StatusSheet(holdings, own, servers, known, replicator, links)
        .of(store.usageWithBucket(), allowance(own.count()), list(""), platform.clock().now());
  }

  /** What so many own blocks need in all copies, against what is lent. Never suspends. */
  Allowance allowance(int blocks) {
    int lent = Math.max(holdings.slots(), servers.allowance().map(Allowance::lent).orElse(0));
    return new Allowance(blocks, blocks * replicator.wanted(), lent);
  }

  /** The bucket that this device lends. */
  public BucketLending bucket() {
    return bucket;
  }

  /** Own blocks now. Never suspends. */
  int ownBlocks() {
    return own.count();
  }

  int slotsInUse() {
    return holdings.used();
  }

  /**
   * Tells index servers from now on that this device means to be always there, as a disk or a
   * bucket is and a tab is not, so that it is sought first. Never suspends.
   */
  public void stayOn() {
    holdings.stayOn();
    servers.pledge();
  }

  void apply(Settings settings) {
    holdings.lend(settings.slots());
    holdings.shareWith(settings.copies());
    replicator.want(settings.copies());
    links.relayOnly(settings.relayOnly());
    servers.use(settings.origins());
    servers.pledge();
    events.statusChanged();
  }

  public Files files() {
    return files;
  }

  public Topics topics() {
    return topics;
  }

  public Conflicts conflicts() {
    return conflicts;
  }

  private Optional<Content> fetchOwn(Path path, boolean isPublic, LongConsumer progress)
      throws StoreException, ItemException {
    StorageKey key = places.of(path, isPublic).key();
    Optional<Block.Signed> head = reader.newestAnywhere(key);
    if (head.isEmpty()) {
      return Optional.empty();
    }
    Content content = contentOf(path, places.sealOf(path, isPublic), head.get(), progress);
    items.absorb(path, isPublic, head.get());
    return Optional.of(content);
  }

  private Content contentOf(
      Path path, Optional<Crypto.SealingKey> seal, Block.Signed head, LongConsumer progress)
      throws ItemException {
    try {
      ItemBody body = ItemBlocks.open(seal, head);
      Bytes value = values.remote(body, progress);
      return new Content(path, value, head.version(), head.time(), head.storageKey());
    } catch (SealBrokenException | MalformedFrameException e) {
      throw new ItemException(ItemException.Reason.NOT_VERIFIED, "the item can't be opened");
    }
  }

  private static Content content(ItemState state, Bytes value) {
    return new Content(state.path(), value, state.version(), state.time(), state.key());
  }

  private ItemView viewOf(Catalogue.Entry entry) {
    return views.of(entry, items.state(entry.path()));
  }

  private void sweep() {
    int sweeps = 0;
    do {
      try {
        holder.sweep();
        // What is over is not presented anyway: this only keeps the store small.
        if (sweeps++ % SWEEPS_A_PRUNE == 0) {
          receipts.prune(truth::isTrue);
        }
      } catch (StoreException e) {
        // What the store can't do now is swept the next time.
        events.statusChanged();
      }
    } while (stopping.await(platform.deadline(SWEEP)).isEmpty());
  }
}
