package dev.p2pcp.simulator;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.identity.Path;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.node.Agent;
import dev.p2pcp.node.AgentException;
import dev.p2pcp.node.DeviceKey;
import dev.p2pcp.node.ItemException;
import dev.p2pcp.node.Node;
import dev.p2pcp.node.Unheard;
import dev.p2pcp.platform.Platform;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A person with one browser: its disk outlives its tab, the 24 words outlive its disk. */
final class SimAgent {
  /** What everybody publishes. */
  static final Path PROFILE = new Path("/profile");

  /** What an anchor lends: 1 GiB. */
  static final int ANCHOR_SLOTS = 4_096;

  private final int number;
  private final Platform platform;
  private final SimTransport transport;
  private final List<String> origins;
  private final Map<Path, StorageKey> items = new LinkedHashMap<>();
  private final Census census;
  private final Optional<Cheat> cheat;
  private final boolean isAnchor;
  private Disk disk;
  private long came;
  private Crypto.SealingKey deviceKey;
  private String words = "";
  private @Nullable KeyRing keys;
  private @Nullable Agent agent;

  /**
   * Somebody with an empty disk.
   *
   * @param isAnchor whether the device means to be always on
   */
  SimAgent(
      int number,
      Platform platform,
      SimTransport transport,
      List<String> origins,
      Census census,
      boolean isAnchor,
      Optional<Cheat> cheat) {
    this.number = number;
    this.platform = platform;
    this.transport = transport;
    this.origins = origins;
    this.census = census;
    this.isAnchor = isAnchor;
    this.cheat = cheat;
    this.disk = new Disk(census);
    this.deviceKey = platform.crypto().sealingKey(platform.entropy().bytes(32));
  }

  int number() {
    return number;
  }

  SimTransport transport() {
    return transport;
  }

  boolean isOnline() {
    return agent != null;
  }

  /** Whether it was online, and nothing cut it off, for so many milliseconds. */
  boolean isThereFor(long millis) {
    return isOnline() && platform.clock().ticks() - came >= millis && transport.isOpenFor(millis);
  }

  /** Whether there is an identity. */
  boolean hasBegun() {
    return keys != null;
  }

  /** What the person stored, by path. */
  Map<Path, StorageKey> items() {
    return items;
  }

  PublicKey identity() {
    return keys().identity().publicKey();
  }

  AccountId account() {
    return keys().account();
  }

  /** Its device, which is there. */
  PeerId peer() throws AgentException {
    return node().device().peer();
  }

  /** The blocks on its disk. */
  List<StorageKey> blocksOnDisk() {
    return disk.keys();
  }

  Node node() throws AgentException {
    return Objects.requireNonNull(agent).node();
  }

  /** The person looks at the page for half a minute. */
  void watch() {
    Objects.requireNonNull(agent).watch();
  }

  boolean isAnchor() {
    return isAnchor;
  }

  Optional<Cheat> cheat() {
    return cheat;
  }

  /** What is on the disk, for who is in league with its owner. */
  Optional<Bytes> onDisk(StorageKey key) {
    return disk.block(key);
  }

  /** Receipts that are on the disk, each batch as it is stored there. */
  Collection<Bytes> receipts() {
    return disk.receipts();
  }

  /** Opens the site for the first time and stores everything. Suspends. */
  void begin(int copies, List<Bytes> values) throws Exception {
    Agent opened = open(Optional.empty());
    opened.create();
    keys = opened.keys();
    words = String.join(" ", opened.words(Optional.empty()));
    settle(opened, copies);
    for (int i = 0; i < values.size(); i++) {
      Path path = i == 0 ? PROFILE : new Path("/notes/" + i);
      StorageKey key = opened.node().put(path, values.get(i), i == 0, 0).key();
      items.put(path, key);
      census.want(key);
    }
  }

  /** Stores a further note. Suspends. */
  void store(Bytes value) throws Exception {
    Path path = new Path("/notes/" + items.size());
    items.put(path, node().put(path, value, false, 0).key());
  }

  /** Opens the tab; logs in by the words where the browser was cleared. Suspends. */
  void comeOnline(int copies) throws Exception {
    Agent opened = open(Optional.of(keys()));
    if (opened.state() == Agent.State.NEW) {
      opened.login(words);
      settle(opened, copies);
    } else if (isAnchor) {
      opened.node().stayOn();
    }
  }

  private void settle(Agent opened, int copies) throws AgentException {
    opened.wantCopies(copies);
    if (isAnchor) {
      opened.lend(ANCHOR_SLOTS);
      opened.node().stayOn();
    }
  }

  /** Closes the tab without a word. */
  void goOffline() {
    if (agent != null) {
      agent.close();
      agent = null;
      disk.reach(false);
    }
  }

  /** Has it on the disk from now on, while the tab is closed. */
  void plant(BlockStore.Batch what) throws StoreException {
    disk.open().apply(what);
  }

  /** Clears the browser, which is closed. */
  void clear() {
    disk.clear();
    disk = new Disk(census);
    deviceKey = platform.crypto().sealingKey(platform.entropy().bytes(32));
  }

  /** Reads somebody's profile as a visitor of their page would. Suspends. */
  Optional<Bytes> profileOf(SimAgent author) throws AgentException, StoreException, ItemException {
    return node().getOf(author.identity(), PROFILE, progress -> {}).map(content -> content.value());
  }

  private KeyRing keys() {
    return Objects.requireNonNull(keys);
  }

  private Agent open(Optional<KeyRing> unlocked) throws StoreException {
    Crypto.SealingKey key = deviceKey;
    BlockStore store = disk.open();
    disk.reach(true);
    Agent opened =
        Agent.open(
            platform,
            cheat.map(way -> way.over(store)).orElse(store),
            transport,
            new DeviceKey() {
              @Override
              public Crypto.SealingKey obtain() {
                return key;
              }

              @Override
              public void forget() {}
            },
            origins,
            unlocked,
            new Unheard());
    agent = opened;
    came = platform.clock().ticks();
    return opened;
  }
}
