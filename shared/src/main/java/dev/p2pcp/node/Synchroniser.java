package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.identity.Path;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Parallel;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings to this device what the account has elsewhere: the catalogue, then items that are newer
 * there, then missing chunks. After a login with the 24 words it brings everything back.
 */
final class Synchroniser {
  private static final int AT_ONCE = 6;
  private static final long TIME = 120_000;

  /** After a pass that missed something, in milliseconds; longer if it goes on. */
  private static final long RETRY = 1_000;

  private static final long LONGEST_RETRY = 30_000;

  /** Hears what came back. Must not suspend. */
  interface Events {
    void restored(StorageKey key);
  }

  /**
   * Between two looks while this device has no catalogue, in milliseconds: nobody brings it one, as
   * writers push to those who have it, and after a login its holders may come online later.
   */
  private static final long LOOK_FOR_FIRST = 10_000;

  /** The longer it was in vain, the longer: that part of the time, but no longer than this. */
  private static final int PART = 16;

  private static final long LONGEST_LOOK = 5 * 60_000;

  private final Platform platform;
  private final Servers servers;
  private final Reader reader;
  private final Places places;
  private final Items items;
  private final ItemWriter writer;
  private final Missing missing;
  private final Events events;
  private volatile Pending<Boolean> wake;
  private volatile boolean stopped;

  Synchroniser(
      Platform platform,
      Servers servers,
      Reader reader,
      Places places,
      Items items,
      ItemWriter writer,
      Missing missing,
      Events events) {
    this.platform = platform;
    this.servers = servers;
    this.reader = reader;
    this.places = places;
    this.items = items;
    this.writer = writer;
    this.missing = missing;
    this.events = events;
    this.wake = platform.tasks().pending();
  }

  /** Begins a pass soon. Never suspends. */
  void wake() {
    wake.complete(true);
  }

  void stop() {
    stopped = true;
    wake();
  }

  /** Works until {@link #stop}; rests until woken when nothing is missing. Suspends. */
  void run() {
    long retry = RETRY;
    long began = platform.clock().ticks();
    while (true) {
      Pending<Boolean> woken = platform.tasks().pending();
      wake = woken;
      // After the new wake is in place, so that no call to stop goes unheard.
      if (stopped) {
        return;
      }
      boolean complete = servers.sessions().isEmpty() || pass();
      Deadline pause = complete ? untilNext(began) : platform.deadline(retry);
      boolean again = woken.await(pause).isPresent();
      retry = again ? RETRY : Math.min(2 * retry, LONGEST_RETRY);
    }
  }

  private Deadline untilNext(long began) {
    if (items.state(Catalogue.PATH).isPresent()) {
      return Deadline.NEVER;
    }
    long pause = (platform.clock().ticks() - began) / PART;
    return platform.deadline(Math.max(LOOK_FOR_FIRST, Math.min(LONGEST_LOOK, pause)));
  }

  private boolean pass() {
    try {
      StorageKey key = places.of(Catalogue.PATH, false).key();
      fetchHead(Catalogue.PATH, false, reader.locations(key));
      return fetchItems() & fetchChunks();
    } catch (StoreException | ItemException e) {
      return false;
    }
  }

  private void fetchHead(Path path, boolean isPublic, List<Servers.Location> where)
      throws StoreException, ItemException {
    StorageKey key = places.of(path, isPublic).key();
    Optional<Block.Signed> newest = reader.newestOf(key, where);
    if (newest.isPresent()) {
      items.absorb(path, isPublic, newest.get());
    }
  }

  private boolean fetchItems() {
    List<Catalogue.Entry> behind = items.entries().stream().filter(this::isBehind).toList();
    if (behind.isEmpty()) {
      return true;
    }
    Map<Path, StorageKey> keys = new HashMap<>();
    for (Catalogue.Entry entry : behind) {
      keys.put(entry.path(), places.of(entry.path(), entry.isPublic()).key());
    }
    Map<StorageKey, List<Servers.Location>> where = servers.lookup(List.copyOf(keys.values()));
    AtomicInteger failed = new AtomicInteger();
    Parallel.forEach(
        platform,
        behind,
        AT_ONCE,
        platform.deadline(TIME),
        entry -> {
          try {
            StorageKey key = Objects.requireNonNull(keys.get(entry.path()));
            fetchHead(entry.path(), entry.isPublic(), where.getOrDefault(key, List.of()));
          } catch (StoreException | ItemException e) {
            failed.incrementAndGet();
          }
        });
    return failed.get() == 0 && behind.stream().noneMatch(this::isBehind);
  }

  private boolean isBehind(Catalogue.Entry entry) {
    return !entry.removed()
        && items.state(entry.path()).map(s -> s.version() < entry.version()).orElse(true);
  }

  private boolean fetchChunks() {
    List<StorageKey> keys = missing.keys();
    if (keys.isEmpty()) {
      return true;
    }
    Map<StorageKey, List<Servers.Location>> where = servers.lookup(keys);
    AtomicInteger found = new AtomicInteger();
    Parallel.forEach(
        platform,
        keys,
        AT_ONCE,
        platform.deadline(TIME),
        key -> {
          Optional<Block> block = reader.contentFrom(key, where.getOrDefault(key, List.of()));
          if (block.isPresent() && restore(key, block.get())) {
            found.incrementAndGet();
          }
        });
    return found.get() == keys.size();
  }

  private boolean restore(StorageKey key, Block block) {
    try {
      if (writer.restore(key, block)) {
        events.restored(key);
      }
      return true;
    } catch (StoreException e) {
      return false;
    }
  }
}
