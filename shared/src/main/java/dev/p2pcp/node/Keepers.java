package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.wire.SessionFrame;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of those who keep own blocks: when each was seen last, for how long it may be away
 * until it counts as lost, and whether it is always on. Stored as one record, {@code n × (peer 32 ‖
 * seen u64 ‖ grace u32 ‖ u8 anchor)}, seldom: an hour more or less does not matter.
 */
final class Keepers {
  /** Grace of a peer of which no index server knows an absence, in seconds: 3 days. */
  private static final int LONGEST_GRACE = 72 * 60 * 60;

  /** Between two writes, in milliseconds. */
  private static final long SAVE = 30 * 60 * 1000L;

  /** How long a copy that was released is not taken for one, though servers still count it. */
  private static final long RELEASED = 60_000;

  /** Keepers remembered. */
  private static final int MOST = 10_000;

  private static final long UNSEEN = 0;

  private static final Bytes RECORD = Bytes.utf8("keepers");

  private final BlockStore store;
  private final Clock clock;
  private final Map<PeerId, Keeper> known = new HashMap<>();
  private final Map<Released, Long> released = new HashMap<>();
  private boolean saved;
  private long lastSave;

  private record Keeper(long seen, int grace, boolean anchor) {}

  private record Released(StorageKey key, PeerId holder) {}

  private Keepers(BlockStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Reads them. Suspends. */
  static Keepers load(BlockStore store, Clock clock) throws StoreException {
    Keepers keepers = new Keepers(store, clock);
    Optional<Bytes> record = store.record(BlockStore.Table.PROFILE, RECORD);
    if (record.isPresent()) {
      ByteReader reader = new ByteReader(record.get());
      try {
        while (reader.remaining() > 0) {
          keepers.known.put(
              PeerId.read(reader, "keeper"),
              new Keeper(
                  reader.u64("seen"),
                  reader.count(Integer.MAX_VALUE, "grace"),
                  reader.flag("anchor")));
        }
      } catch (MalformedFrameException e) {
        throw new StoreException(StoreException.Reason.DAMAGED, "the keepers");
      }
    }
    return keepers;
  }

  /** These keep own blocks, and no others; who is new was not seen yet. */
  synchronized void keepOnly(Set<PeerId> keepers) {
    known.keySet().retainAll(keepers);
    for (PeerId keeper : keepers) {
      if (known.size() < MOST) {
        known.putIfAbsent(keeper, new Keeper(UNSEEN, LONGEST_GRACE, false));
      }
    }
  }

  /** They are there now, as far as they keep own blocks. */
  synchronized void seen(Set<PeerId> here) {
    for (PeerId peer : here) {
      Keeper keeper = known.get(peer);
      if (keeper != null) {
        known.put(peer, new Keeper(clock.now(), keeper.grace, keeper.anchor));
      }
    }
  }

  /** An index server says that. Whom nobody has seen yet is given time from now on. */
  synchronized void told(SessionFrame.CopiesFound.Kept kept) {
    Keeper before = known.get(kept.holder());
    long seen = Math.max(before == null ? UNSEEN : before.seen, kept.seen());
    boolean anchor = kept.anchor() || (before != null && before.anchor);
    if (before != null || known.size() < MOST) {
      known.put(
          kept.holder(), new Keeper(seen == UNSEEN ? clock.now() : seen, kept.grace(), anchor));
    }
  }

  /** Whether what it keeps counts as lost. */
  synchronized boolean isLost(PeerId peer) {
    Keeper keeper = known.get(peer);
    return keeper != null
        && keeper.seen != UNSEEN
        && clock.now() - keeper.seen > keeper.grace * 1000L;
  }

  /** Whether it is known when it was seen, and that was not so long ago that it counts as lost. */
  synchronized boolean isWaitedFor(PeerId peer) {
    Keeper keeper = known.get(peer);
    return keeper != null && keeper.seen != UNSEEN && !isLost(peer);
  }

  synchronized boolean isAnchor(PeerId peer) {
    Keeper keeper = known.get(peer);
    return keeper != null && keeper.anchor;
  }

  /** The holder was just told to let go of these. */
  synchronized void released(Iterable<StorageKey> keys, PeerId holder) {
    long now = clock.ticks();
    released.values().removeIf(at -> at + RELEASED < now);
    keys.forEach(key -> released.put(new Released(key, holder), now));
  }

  synchronized boolean isReleased(StorageKey key, PeerId holder) {
    Long at = released.get(new Released(key, holder));
    return at != null && at + RELEASED >= clock.ticks();
  }

  /** Makes it durable, if that was not done lately. Suspends. */
  void save() throws StoreException {
    ByteWriter writer = new ByteWriter();
    synchronized (this) {
      if (known.isEmpty() || (saved && clock.ticks() - lastSave < SAVE)) {
        return;
      }
      known.forEach(
          (peer, keeper) ->
              writer
                  .bytes(peer.bytes())
                  .u64(keeper.seen)
                  .u32(keeper.grace)
                  .u8(keeper.anchor ? 1 : 0));
      saved = true;
      lastSave = clock.ticks();
    }
    store.apply(
        new BlockStore.Batch().putRecord(BlockStore.Table.PROFILE, RECORD, writer.toBytes()));
  }
}
