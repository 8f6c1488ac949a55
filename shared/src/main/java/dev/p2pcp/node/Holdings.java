package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.KeyedGate;
import dev.p2pcp.platform.Tasks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What this device keeps, and the slots that it lends. A block takes one slot, whether it is its
 * owner's own copy or kept for others; room is taken before a block is written and given back if
 * that fails, so that the slots are never overdrawn.
 */
final class Holdings {
  private final BlockStore store;
  private final KeyedGate<StorageKey> turns;
  private final Map<StorageKey, Holding> held = new HashMap<>();
  private int slots;
  private int copies = 1;
  private boolean alwaysOn;
  private int taken;
  private int own;
  private int others;
  private long bytes;

  private Holdings(BlockStore store, Tasks tasks, int slots) {
    this.store = store;
    this.turns = new KeyedGate<>(tasks);
    this.slots = slots;
  }

  /** Reads what is kept. Suspends. */
  static Holdings load(BlockStore store, Tasks tasks, int slots) throws StoreException {
    Holdings holdings = new Holdings(store, tasks, slots);
    for (Map.Entry<Bytes, Bytes> entry : store.records(BlockStore.Table.HELD).entrySet()) {
      try {
        holdings.remember(new StorageKey(entry.getKey()), Holding.decode(entry.getValue()));
      } catch (MalformedFrameException | IllegalArgumentException e) {
        throw new StoreException(StoreException.Reason.DAMAGED, "a record of a kept block");
      }
    }
    return holdings;
  }

  synchronized int slots() {
    return slots;
  }

  /** Changes what is lent; below what is in use it only stops new blocks. */
  synchronized void lend(int newSlots) {
    slots = newSlots;
  }

  /** Whether this device means to be always there, so that others seek it first. */
  synchronized boolean isAlwaysOn() {
    return alwaysOn;
  }

  synchronized void stayOn() {
    alwaysOn = true;
  }

  synchronized int used() {
    return held.size() + taken;
  }

  /**
   * So many copies are wanted of each own block: of the slots lent, one share stays for own blocks.
   */
  synchronized void shareWith(int wantedCopies) {
    copies = wantedCopies;
  }

  /**
   * Slots that others may still fill. Lending N × R slots means N for own blocks, whether they are
   * there already or not, and N × (R − 1) for others.
   */
  synchronized int freeForOthers() {
    int forOwn = Math.max(own(), copies == 1 ? 0 : slots / copies);
    return Math.max(0, slots - forOwn - (held.size() - own()) - taken);
  }

  synchronized int own() {
    return own;
  }

  synchronized int forOthers() {
    return others;
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized Optional<Holding> of(StorageKey key) {
    return Optional.ofNullable(held.get(key));
  }

  /** Whether anything is kept for that account. */
  synchronized boolean keepsFor(AccountId owner) {
    for (Holding holding : held.values()) {
      if (holding.claimOf(owner).isPresent()) {
        return true;
      }
    }
    return false;
  }

  synchronized List<StorageKey> keys() {
    return new ArrayList<>(held.keySet());
  }

  synchronized Map<StorageKey, Holding> snapshot() {
    return new HashMap<>(held);
  }

  /** Takes room for one more block of others, if there is any. */
  synchronized boolean takeRoom() {
    if (freeForOthers() == 0) {
      return false;
    }
    taken++;
    return true;
  }

  /** Ends {@link #takeRoom}: the block is written, or will not be. */
  synchronized void giveRoom() {
    taken--;
  }

  /** What becomes of a holding; must not suspend. */
  interface Change {
    /** The holding as it is to be; empty to leave the key alone. */
    Optional<Holding> of(StorageKey key, Optional<Holding> now);
  }

  /**
   * Writes blocks with the batch that records why they are kept; holdings that are needed no more
   * remove their block. Who else changes the same holdings waits, so that no reason to keep a block
   * gets lost. Room must have been taken for keys that are new. Suspends.
   *
   * @return the holdings that changed
   * @throws StoreException if nothing was changed
   */
  Map<StorageKey, Holding> write(BlockStore.Batch batch, Collection<StorageKey> keys, Change change)
      throws StoreException {
    // In the order of the keys, so that two never wait for each other.
    List<StorageKey> sorted = keys.stream().distinct().sorted().toList();
    for (StorageKey key : sorted) {
      turns.enter(key, Deadline.NEVER);
    }
    try {
      Map<StorageKey, Holding> changed = new LinkedHashMap<>();
      for (StorageKey key : sorted) {
        change.of(key, of(key)).ifPresent(holding -> changed.put(key, holding));
      }
      record(changed, batch);
      if (!batch.isEmpty()) {
        store.apply(batch);
      }
      synchronized (this) {
        changed.forEach(this::remember);
      }
      return changed;
    } finally {
      sorted.forEach(turns::leave);
    }
  }

  private static void record(Map<StorageKey, Holding> changed, BlockStore.Batch batch) {
    changed.forEach(
        (key, holding) -> {
          if (holding.isNeeded()) {
            batch.putRecord(BlockStore.Table.HELD, key.bytes(), holding.encoded());
          } else {
            batch.removeBlock(key).removeRecord(BlockStore.Table.HELD, key.bytes());
          }
        });
  }

  private void remember(StorageKey key, Holding holding) {
    Holding before = holding.isNeeded() ? held.put(key, holding) : held.remove(key);
    own += (holding.own() ? 1 : 0) - (before != null && before.own() ? 1 : 0);
    others += (holding.isForOthers() ? 1 : 0) - (before != null && before.isForOthers() ? 1 : 0);
    bytes += (holding.isNeeded() ? holding.size() : 0) - (before == null ? 0 : before.size());
  }
}
