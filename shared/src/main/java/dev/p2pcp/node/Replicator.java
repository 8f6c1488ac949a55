package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps every own block in as many copies as are wanted, each of the newest version: looks who has
 * what, brings newer versions to who has older ones, places what is short, releases what is no
 * longer wanted. It works in rounds, one at a time; a round that could not do all is followed by
 * another.
 */
final class Replicator {
  /** Between two looks at who is online while a person watches, in milliseconds. */
  private static final long LOOK = 10_000;

  /** Likewise while nobody does, and a random part more, so that agents do not keep step. */
  private static final long REST = 4 * 60_000;

  private static final int REST_SPREAD = 2 * 60_000;

  /** How long one word of somebody watching is good for, in milliseconds. */
  private static final long WATCHED = 30_000;

  /** Longer between looks with many blocks, in milliseconds. */
  private static final long LOOK_PER_REQUEST = 100;

  /** After a round that could not do all, in milliseconds; longer if it goes on. */
  private static final long RETRY = 1_000;

  /** How long holders of what another device placed are waited for, in milliseconds. */
  private static final long ADOPTION = 60_000;

  /** Reservations refused in one round before it gives up. */
  private static final int REFUSALS = 4;

  /** How long no further holder is found before others' copies count, in milliseconds. */
  private static final long SHORTAGE = 5_000;

  /** Hears what changes, and settles what the replicator can't. */
  interface Events {
    /** Copies of these changed. Must not suspend. */
    void copiesChanged(Collection<StorageKey> keys);

    /** A holder has another version that is not older than ours. Suspends. */
    void foundOther(StorageKey key, Servers.Location at);
  }

  /** Why not all copies are there. */
  enum Obstacle {
    NONE,
    OFFLINE,
    NO_HOLDERS,
    OVER_ALLOWANCE
  }

  private final Platform platform;
  private final OwnBlocks own;
  private final Servers servers;
  private final Placing placing;
  private final Releasing releasing;
  private final Renewing renewing;
  private final Events events;
  private final Pushing pushing;
  private final Map<StorageKey, Long> adoptedAt = new HashMap<>();
  private final Map<StorageKey, Long> shortSince = new HashMap<>();
  private volatile int wanted = 1;
  private volatile Obstacle obstacle = Obstacle.OFFLINE;
  private volatile Pending<Boolean> wake;
  private volatile boolean stopped;
  private volatile boolean working;
  private volatile long watchedUntil;
  private volatile boolean lookDue = true;
  private volatile long lastLook;
  private long rest = REST;

  Replicator(
      Platform platform,
      OwnBlocks own,
      Servers servers,
      Pushing pushing,
      Placing placing,
      Releasing releasing,
      Renewing renewing,
      Events events) {
    this.platform = platform;
    this.pushing = pushing;
    this.own = own;
    this.servers = servers;
    this.placing = placing;
    this.releasing = releasing;
    this.renewing = renewing;
    this.events = events;
    this.wake = platform.tasks().pending();
  }

  /** Copies wanted of each block, the own one included. */
  int wanted() {
    return wanted;
  }

  void want(int copies) {
    wanted = copies;
    wake();
  }

  Obstacle obstacle() {
    return obstacle;
  }

  /** Whether a round is under way that may change things. */
  boolean isWorking() {
    return working;
  }

  /** Begins a round soon. Never suspends. */
  void wake() {
    wake.complete(true);
  }

  /** Somebody looks at the figures: they are kept fresh for a while. Never suspends. */
  void watch() {
    boolean fresh = !isWatched();
    watchedUntil = platform.clock().ticks() + WATCHED;
    if (fresh) {
      wake();
    }
  }

  /** Something may have been lost: looks at all blocks soon, if not just done. Never suspends. */
  void lookSoon() {
    lookDue = true;
    wake();
  }

  private boolean isWatched() {
    return platform.clock().ticks() < watchedUntil;
  }

  void stop() {
    stopped = true;
    wake();
  }

  /** Works until {@link #stop}. Suspends. */
  void run() {
    long retry = RETRY;
    while (true) {
      wake = platform.tasks().pending();
      // After the new wake is in place, so that no call to stop goes unheard.
      if (stopped) {
        return;
      }
      boolean done = false;
      working = true;
      try {
        done = round();
      } catch (StoreException e) {
        // The store's own state is shown elsewhere; the next round tries again.
        done = false;
      } finally {
        working = false;
      }
      long pause = pause(done, retry);
      boolean woken = wake.await(platform.deadline(pause)).isPresent();
      retry = woken || done ? RETRY : Math.min(2 * retry, interval());
    }
  }

  /** Between two looks at all blocks, in milliseconds. */
  private long interval() {
    long least = isWatched() ? LOOK : rest;
    return Math.max(least, own.count() / Limits.LOOKUP_KEYS * LOOK_PER_REQUEST);
  }

  private long untilLook() {
    long interval = lookDue ? LOOK : interval();
    return lastLook == 0 ? 0 : lastLook + interval - platform.clock().ticks();
  }

  /** Until the next round: a look that is due and could not be done is retried like the rest. */
  private long pause(boolean done, long retry) {
    long untilLook = untilLook();
    if (done) {
      return Math.max(1, untilLook);
    }
    return untilLook > 0 ? Math.min(retry, untilLook) : retry;
  }

  /**
   * One round.
   *
   * @return whether all is as wanted
   */
  private boolean round() throws StoreException {
    if (servers.sessions().isEmpty()) {
      hinder(Obstacle.OFFLINE);
      return false;
    }
    if (!look()) {
      return false;
    }
    boolean fresh = pushing.run();
    boolean settled = placing.settleAgain();
    // First what is not wanted: its slots may be what the rest needs.
    boolean released = releasing.run(wanted);
    boolean placed = placeShort();
    renewing.run();
    return fresh && placed && settled && released;
  }

  /**
   * Looks who has what: all blocks from time to time, those that lack something at once.
   *
   * @return false if no server answered
   */
  private boolean look() throws StoreException {
    Map<StorageKey, OwnBlock> blocks = own.snapshot();
    boolean all = untilLook() <= 0;
    List<StorageKey> keys = new ArrayList<>();
    blocks.forEach(
        (key, block) -> {
          if (all || lacks(key, block)) {
            keys.add(key);
          }
        });
    if (all) {
      pushing.keepOnly(blocks.keySet());
      adoptedAt.keySet().retainAll(blocks.keySet());
      shortSince.keySet().retainAll(blocks.keySet());
    }
    Optional<Map<StorageKey, List<Servers.Location>>> found =
        keys.isEmpty() ? Optional.of(Map.of()) : servers.find(keys);
    if (found.isEmpty()) {
      return false;
    }
    if (all) {
      lastLook = Math.max(1, platform.clock().ticks());
      rest = REST + platform.entropy().below(REST_SPREAD);
      lookDue = false;
    }
    for (Map.Entry<StorageKey, List<Servers.Location>> entry : found.get().entrySet()) {
      StorageKey key = entry.getKey();
      List<PeerId> peers = entry.getValue().stream().map(Servers.Location::peer).toList();
      own.seenOnline(key, peers);
      OwnBlock block = blocks.get(key);
      if (block != null && block.adopted() && !block.released()) {
        adopt(key, block, peers);
      }
    }
    events.copiesChanged(keys);
    return true;
  }

  private void adopt(StorageKey key, OwnBlock block, List<PeerId> peers) throws StoreException {
    long now = platform.clock().now();
    List<PeerId> unknown =
        peers.stream()
            .filter(p -> block.copyWith(p).filter(c -> c.expires() > now).isEmpty())
            .toList();
    if (unknown.isEmpty()) {
      return;
    }
    // When it ends only its holder knows: it is renewed soon, or no longer counted.
    long expires = now + Renewing.BEFORE / 2;
    own.change(
        key,
        before -> {
          OwnBlock after = before;
          for (PeerId peer : unknown) {
            long known = before.copyWith(peer).map(OwnBlock.Copy::version).orElse(0L);
            long version = Math.max(known, pushing.pushedTo(key, peer));
            after = after.withCopy(new OwnBlock.Copy(peer, version, expires));
          }
          return after;
        });
  }

  private boolean lacks(StorageKey key, OwnBlock block) {
    return missing(block) > 0 || !pushing.staleHolders(key, block).isEmpty();
  }

  /** Copies with others that a block lacks; of what is not here yet there is nothing to place. */
  private int missing(OwnBlock block) {
    boolean here = !block.released() && block.size() > 0;
    return here ? Math.max(0, wanted - 1 - block.stored(platform.clock().now())) : 0;
  }

  /**
   * Whether copies are to be placed now. What another device placed first may have holders that are
   * just not online yet: they are waited for before the copies are doubled.
   */
  private boolean isDue(StorageKey key, OwnBlock block) {
    if (missing(block) == 0) {
      adoptedAt.remove(key);
      return false;
    }
    if (!block.adopted()) {
      return true;
    }
    long now = platform.clock().ticks();
    return now - adoptedAt.computeIfAbsent(key, k -> now) >= ADOPTION;
  }

  private boolean placeShort() {
    List<SessionFrame.Reserve.Item> items = new ArrayList<>();
    boolean[] waiting = {false};
    own.snapshot()
        .forEach(
            (key, block) -> {
              if (isDue(key, block)) {
                // Room for any later version: a slot is a slot.
                int size = block.version() == 0 ? block.size() : Block.MAX_LENGTH;
                items.add(new SessionFrame.Reserve.Item(key, size, missing(block)));
              } else {
                waiting[0] |= missing(block) > 0;
              }
            });
    int most = Math.min(Limits.RESERVE_ITEMS, TicketBatch.MAX / Math.max(1, wanted - 1));
    Obstacle met = Obstacle.NONE;
    int refusals = 0;
    for (int at = 0; at < items.size() && !stopped && refusals < REFUSALS; at += most) {
      Obstacle one = placePart(items.subList(at, Math.min(items.size(), at + most)));
      if (one != Obstacle.NONE) {
        met = one;
        refusals++;
      }
    }
    hinder(met);
    return met == Obstacle.NONE && !waiting[0];
  }

  /** Places some blocks; where not all of them are allowed, as many as are. */
  private Obstacle placePart(List<SessionFrame.Reserve.Item> items) {
    List<StorageKey> keys = items.stream().map(SessionFrame.Reserve.Item::key).toList();
    try {
      placing.place(Set.copyOf(keys), servers.reserve(items));
    } catch (LinkException e) {
      return Obstacle.OFFLINE;
    } catch (RefusedException e) {
      if (e.refusal().code() == Refusal.NO_HOLDERS) {
        return adoptFound(keys) ? Obstacle.NONE : Obstacle.NO_HOLDERS;
      }
      if (e.refusal().code() != Refusal.OVER_ALLOWANCE) {
        return Obstacle.NO_HOLDERS;
      }
      if (items.size() > 1) {
        int half = items.size() / 2;
        Obstacle first = placePart(items.subList(0, half));
        return first == Obstacle.NONE ? placePart(items.subList(half, items.size())) : first;
      }
      return Obstacle.OVER_ALLOWANCE;
    } finally {
      events.copiesChanged(keys);
    }
    return adoptFound(keys) ? Obstacle.NONE : Obstacle.NO_HOLDERS;
  }

  /**
   * Counts as copies what others are seen to have of blocks for which there have been no more
   * holders for a while: another device of the account placed them there, so that no ticket is
   * given for it again. Copies of our own that are not signed for yet are settled before that.
   *
   * @return whether nothing is missing then
   */
  private boolean adoptFound(List<StorageKey> keys) {
    boolean all = true;
    for (StorageKey key : keys) {
      Optional<OwnBlock> block = own.get(key);
      if (block.isEmpty() || missing(block.get()) == 0) {
        shortSince.remove(key);
        continue;
      }
      long now = platform.clock().ticks();
      if (now - shortSince.computeIfAbsent(key, k -> now) >= SHORTAGE) {
        try {
          adopt(key, block.get(), List.copyOf(own.online(key)));
        } catch (StoreException e) {
          return false;
        }
      }
      all &= own.get(key).map(b -> missing(b) == 0).orElse(true);
    }
    return all;
  }

  private void hinder(Obstacle now) {
    if (obstacle != now) {
      obstacle = now;
      events.copiesChanged(List.of());
    }
  }
}
