package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Parallel;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
  private static final long REST = 30 * 60_000;

  private static final int REST_SPREAD = 15 * 60_000;

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

  private static final int PARTS_AT_ONCE = 2;

  /** Hears what changes, and settles what the replicator can't. */
  interface Events {
    /** Copies of these changed. Must not suspend. */
    void copiesChanged(Collection<StorageKey> keys);

    /** A person begins to look. Must not suspend. */
    void watched();

    /** A holder has another version that is not older than ours. Suspends. */
    void foundOther(StorageKey key, Servers.Location at);
  }

  /** What there is to do in a round, one after the other. */
  record Work(
      Pushing pushing,
      Counting counting,
      Placing placing,
      Releasing releasing,
      Renewing renewing) {}

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
  private final Looking looking;
  private final Counting counting;
  private final Placing placing;
  private final Releasing releasing;
  private final Renewing renewing;
  private final Events events;
  private final Pushing pushing;
  private final Map<StorageKey, Long> adoptedAt = new HashMap<>();
  private final Set<StorageKey> complete = new HashSet<>();
  private final RepairBudget budget;
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
      Looking looking,
      Work work,
      Events events) {
    this.platform = platform;
    this.own = own;
    this.servers = servers;
    this.looking = looking;
    this.budget = new RepairBudget(platform.clock());
    this.pushing = work.pushing;
    this.counting = work.counting;
    this.placing = work.placing;
    this.releasing = work.releasing;
    this.renewing = work.renewing;
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
      events.watched();
    }
  }

  /** Something may have been lost: looks at all blocks soon, if not just done. Never suspends. */
  void lookSoon() {
    lookDue = true;
    wake();
  }

  boolean isWatched() {
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
    boolean anew = lookDue || isWatched();
    List<StorageKey> keys = new ArrayList<>();
    Set<StorageKey> lacking = new HashSet<>();
    blocks.forEach(
        (key, block) -> {
          boolean isShort = missing(block) > 0;
          if (isShort) {
            lacking.add(key);
          } else if (block.size() > 0) {
            complete.add(key);
          }
          if (all || isShort || !pushing.staleHolders(key, block).isEmpty()) {
            keys.add(key);
          }
        });
    if (all) {
      pushing.keepOnly(blocks.keySet());
      adoptedAt.keySet().retainAll(blocks.keySet());
      complete.retainAll(blocks.keySet());
      // Before the look: what is heard of meanwhile asks for another.
      lookDue = false;
    }
    if (!looking.look(keys, new Looking.Extent(all, anew), lacking)) {
      lookDue |= all;
      return false;
    }
    if (all) {
      lastLook = Math.max(1, platform.clock().ticks());
      rest = REST + platform.entropy().below(REST_SPREAD);
    }
    for (StorageKey key : keys) {
      // Also if it is to have more from the next round on.
      if (own.get(key).filter(block -> block.size() > 0 && missing(block) == 0).isPresent()) {
        complete.add(key);
      }
    }
    events.copiesChanged(keys);
    return true;
  }

  /** Copies with others that a block lacks; of what is not here yet there is nothing to place. */
  private int missing(OwnBlock block) {
    boolean here = !block.released() && block.size() > 0;
    return here ? Math.max(0, wanted - 1 - block.stored(platform.clock().now())) : 0;
  }

  /**
   * Whether copies are to be placed now. What another device placed first, it may be about to place
   * still: that is waited for. What is lost is not replaced while most may only be away.
   */
  private boolean isDue(StorageKey key, OwnBlock block) {
    long now = platform.clock().ticks();
    boolean waited =
        !isIncoming(key, block) || now - adoptedAt.computeIfAbsent(key, k -> now) >= ADOPTION;
    return waited && !(isRepair(key, block) && looking.isCalm());
  }

  /** Whether it may have had its copies before, and is not only new. */
  private boolean isRepair(StorageKey key, OwnBlock block) {
    return isIncoming(key, block) || !block.lost().isEmpty();
  }

  /** Whether another device placed it and may not be done. */
  private boolean isIncoming(StorageKey key, OwnBlock block) {
    return block.adopted() && !complete.contains(key);
  }

  private boolean placeShort() {
    List<SessionFrame.Reserve.Item> items = new ArrayList<>();
    List<SessionFrame.Renew.Copy> lost = new ArrayList<>();
    boolean waiting = false;
    for (Map.Entry<StorageKey, OwnBlock> entry : shortest()) {
      StorageKey key = entry.getKey();
      OwnBlock block = entry.getValue();
      int missing = missing(block);
      boolean repair = isRepair(key, block);
      if (!isDue(key, block) || (repair && !budget.take((long) missing * block.size()))) {
        waiting = true;
        continue;
      }
      // Room for any later version: a slot is a slot.
      int size = block.version() == 0 ? block.size() : Block.MAX_LENGTH;
      items.add(new SessionFrame.Reserve.Item(key, size, missing));
      block.lost().forEach(holder -> lost.add(new SessionFrame.Renew.Copy(key, holder)));
    }
    // Else the copies in their place would be over the allowance.
    counting.forgo(lost);
    Obstacle met = placeParts(items);
    hinder(met);
    return met == Obstacle.NONE && !waiting;
  }

  /** While one part is agreed upon, the next is on its way. */
  private Obstacle placeParts(List<SessionFrame.Reserve.Item> items) {
    int most = Math.min(Limits.RESERVE_ITEMS, TicketBatch.MAX / Math.max(1, wanted - 1));
    List<List<SessionFrame.Reserve.Item>> parts = new ArrayList<>();
    for (int at = 0; at < items.size(); at += most) {
      parts.add(items.subList(at, Math.min(items.size(), at + most)));
    }
    List<Obstacle> met = new ArrayList<>();
    Parallel.forEach(
        platform,
        parts,
        PARTS_AT_ONCE,
        Deadline.NEVER,
        part -> {
          boolean hopeless;
          synchronized (met) {
            hopeless = stopped || met.size() >= REFUSALS;
          }
          Obstacle one = hopeless ? Obstacle.NONE : placePart(part);
          if (one != Obstacle.NONE) {
            synchronized (met) {
              met.add(one);
            }
          }
        });
    return met.isEmpty() ? Obstacle.NONE : met.getLast();
  }

  /** Blocks that lack copies; those first of which the fewest are live. */
  private List<Map.Entry<StorageKey, OwnBlock>> shortest() {
    List<Map.Entry<StorageKey, OwnBlock>> blocks = new ArrayList<>();
    for (Map.Entry<StorageKey, OwnBlock> entry : own.snapshot().entrySet()) {
      if (missing(entry.getValue()) > 0) {
        blocks.add(entry);
      }
    }
    blocks.sort(Comparator.comparing(entry -> own.online(entry.getKey()).size()));
    return blocks;
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
        return areAllPlaced(keys) ? Obstacle.NONE : Obstacle.NO_HOLDERS;
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
    return areAllPlaced(keys) ? Obstacle.NONE : Obstacle.NO_HOLDERS;
  }

  private boolean areAllPlaced(List<StorageKey> keys) {
    return keys.stream().allMatch(key -> own.get(key).map(b -> missing(b) == 0).orElse(true));
  }

  private void hinder(Obstacle now) {
    if (obstacle != now) {
      obstacle = now;
      events.copiesChanged(List.of());
    }
  }
}
