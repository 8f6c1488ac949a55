package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds blocks: here, else with other agents. Whatever comes back is verified before it is
 * returned.
 */
final class Reader {
  /** Time for one agent to answer, in milliseconds. */
  private static final long FETCH_TIME = 10_000;

  /** How long further answers are waited for after the first, in milliseconds. */
  private static final long GRACE = 500;

  /** Holders asked for a signed block, of whose answers the newest counts. */
  private static final int ASKED = 4;

  private final Platform platform;
  private final BlockStore store;
  private final Servers servers;
  private final Fetching fetching;

  Reader(Platform platform, BlockStore store, Servers servers, Afar afar) {
    this.platform = platform;
    this.store = store;
    this.servers = servers;
    this.fetching = new Fetching(platform, afar);
  }

  /** A block of this device's store, verified. Suspends. */
  Optional<Block> local(StorageKey key) throws StoreException {
    Optional<Bytes> encoded = store.block(key);
    return encoded.isPresent() ? fetching.genuine(key, encoded.get()) : Optional.empty();
  }

  /** A content block from here, else from one of these. Suspends. */
  Optional<Block> content(StorageKey key, List<Servers.Location> locations) throws StoreException {
    Optional<Block> here = local(key);
    return here.isPresent() ? here : contentFrom(key, locations);
  }

  /** Who has those of the blocks that are not here. Suspends. */
  Map<StorageKey, List<Servers.Location>> locationsOfMissing(List<StorageKey> keys) {
    try {
      List<StorageKey> here = store.present(keys);
      List<StorageKey> missing = keys.stream().filter(key -> !here.contains(key)).toList();
      return missing.isEmpty() ? Map.of() : servers.lookup(missing);
    } catch (StoreException e) {
      // With a broken store every block has to come from elsewhere.
      return servers.lookup(keys);
    }
  }

  /** A content block from one of these. Suspends. */
  Optional<Block> contentFrom(StorageKey key, List<Servers.Location> locations) {
    return fetching.content(key, locations);
  }

  /**
   * The newest version of a signed block that several holders tell of, never older than one seen
   * before. Suspends.
   */
  Optional<Block.Signed> signed(StorageKey key) throws StoreException {
    Optional<Block.Signed> newest = newestAnywhere(key);
    if (newest.isPresent()) {
      long seen = seen(key);
      if (newest.get().version() < seen) {
        return Optional.empty();
      }
      if (newest.get().version() > seen) {
        remember(key, newest.get().version());
      }
    }
    return newest;
  }

  /** The newest version here or among others, even if a newer one is known to exist. Suspends. */
  Optional<Block.Signed> newestAnywhere(StorageKey key) throws StoreException {
    Optional<Block.Signed> remote = newestOf(key, locations(key));
    return newer(local(key).flatMap(Reader::asSigned), remote);
  }

  /** The newest version among what these answer in time. Suspends. */
  Optional<Block.Signed> newestOf(StorageKey key, List<Servers.Location> locations) {
    List<Servers.Location> honest = fetching.honest(locations);
    Race race = new Race(platform);
    for (Servers.Location location : honest.subList(0, Math.min(ASKED, honest.size()))) {
      race.begin(() -> fetching.ask(key, location, FETCH_TIME));
    }
    race.awaitFirst(platform.deadline(FETCH_TIME));
    race.awaitAll(platform.deadline(GRACE));
    Optional<Block.Signed> newest = Optional.empty();
    for (Block answer : race.answers()) {
      newest = newer(newest, asSigned(answer));
    }
    return newest;
  }

  /** Whether it sent forged bytes. */
  boolean isDistrusted(PeerId peer) {
    return fetching.isDistrusted(peer);
  }

  List<Servers.Location> locations(StorageKey key) {
    return servers.lookup(List.of(key)).getOrDefault(key, List.of());
  }

  /** By which blocks come from others. */
  Fetching fetching() {
    return fetching;
  }

  static Optional<Block.Signed> asSigned(Block block) {
    return block instanceof Block.Signed signed ? Optional.of(signed) : Optional.empty();
  }

  private static Optional<Block.Signed> newer(Optional<Block.Signed> a, Optional<Block.Signed> b) {
    if (a.isEmpty()) {
      return b;
    }
    return b.isPresent() && b.get().replaces(a.get()) ? b : a;
  }

  private long seen(StorageKey key) throws StoreException {
    Optional<Bytes> record = store.record(BlockStore.Table.SEEN, key.bytes());
    if (record.isEmpty()) {
      return 0;
    }
    try {
      return new ByteReader(record.get()).u64("version");
    } catch (MalformedFrameException e) {
      throw new StoreException(StoreException.Reason.DAMAGED, "a seen version");
    }
  }

  private void remember(StorageKey key, long version) throws StoreException {
    Bytes record = new ByteWriter().u64(version).toBytes();
    store.apply(new BlockStore.Batch().putRecord(BlockStore.Table.SEEN, key.bytes(), record));
  }
}
