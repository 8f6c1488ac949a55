package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Gate;
import dev.p2pcp.platform.Tasks;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The own blocks, in memory and in the store: which there are, and where their copies are. Changes
 * are made one after the other. Who has a block online now is only remembered, not stored.
 */
final class OwnBlocks {
  private final BlockStore store;
  private final Gate writing;
  private final Map<StorageKey, OwnBlock> blocks = new HashMap<>();
  private final Map<StorageKey, Set<PeerId>> online = new HashMap<>();
  private final Map<StorageKey, Set<PeerId>> justPut = new HashMap<>();

  private OwnBlocks(BlockStore store, Tasks tasks) {
    this.store = store;
    this.writing = new Gate(tasks, 1);
  }

  /** Reads them. Suspends. */
  static OwnBlocks load(BlockStore store, Tasks tasks) throws StoreException {
    OwnBlocks own = new OwnBlocks(store, tasks);
    for (Map.Entry<Bytes, Bytes> entry : store.records(BlockStore.Table.COPIES).entrySet()) {
      try {
        own.blocks.put(new StorageKey(entry.getKey()), OwnBlock.decode(entry.getValue()));
      } catch (MalformedFrameException | IllegalArgumentException e) {
        throw new StoreException(StoreException.Reason.DAMAGED, "a record of copies");
      }
    }
    return own;
  }

  synchronized Optional<OwnBlock> get(StorageKey key) {
    return Optional.ofNullable(blocks.get(key));
  }

  synchronized Map<StorageKey, OwnBlock> snapshot() {
    return new HashMap<>(blocks);
  }

  /** Blocks that are wanted: N. */
  synchronized int count() {
    return (int) blocks.values().stream().filter(block -> !block.released()).count();
  }

  /** Others that were seen to have the block at the last look. */
  synchronized Set<PeerId> online(StorageKey key) {
    return online.getOrDefault(key, Set.of());
  }

  /** Found to have the block now; who just took it may not have told the index servers yet. */
  synchronized void seenOnline(StorageKey key, Collection<PeerId> peers) {
    Set<PeerId> seen = new HashSet<>(peers);
    Set<PeerId> fresh = justPut.remove(key);
    if (fresh != null) {
      seen.addAll(fresh);
    }
    if (blocks.containsKey(key)) {
      online.put(key, Set.copyOf(seen));
    }
  }

  /** It just took the block. */
  synchronized void seenOnlineToo(StorageKey key, PeerId peer) {
    Set<PeerId> more = new HashSet<>(online(key));
    more.add(peer);
    seenOnline(key, more);
    if (blocks.containsKey(key)) {
      justPut.computeIfAbsent(key, k -> new HashSet<>()).add(peer);
    }
  }

  /** It did not answer. */
  synchronized void notSeen(StorageKey key, PeerId peer) {
    Set<PeerId> fewer = new HashSet<>(online(key));
    fewer.remove(peer);
    justPut.remove(key);
    seenOnline(key, fewer);
  }

  /** Changes one block, if it is there. Suspends. */
  void change(StorageKey key, UnaryOperator<OwnBlock> change) throws StoreException {
    writing.enter(Deadline.NEVER);
    try {
      Optional<OwnBlock> before = get(key);
      if (before.isEmpty()) {
        return;
      }
      OwnBlock after = change.apply(before.get());
      if (after.equals(before.get())) {
        return;
      }
      BlockStore.Batch batch = new BlockStore.Batch();
      record(batch, Map.of(key, after));
      store.apply(batch);
      applied(Map.of(key, after));
    } finally {
      writing.leave();
    }
  }

  /** What becomes of one of several blocks; must not suspend. */
  interface Step {
    OwnBlock of(StorageKey key, OwnBlock before);
  }

  /** Changes those of the blocks that are there, in one transaction. Suspends. */
  void changeAll(Collection<StorageKey> keys, Step step) throws StoreException {
    writing.enter(Deadline.NEVER);
    try {
      Map<StorageKey, OwnBlock> changed = new HashMap<>();
      for (StorageKey key : keys) {
        Optional<OwnBlock> before = get(key);
        if (before.isPresent()) {
          OwnBlock after = step.of(key, before.get());
          if (!after.equals(before.get())) {
            changed.put(key, after);
          }
        }
      }
      if (!changed.isEmpty()) {
        BlockStore.Batch batch = new BlockStore.Batch();
        record(batch, changed);
        store.apply(batch);
        applied(changed);
      }
    } finally {
      writing.leave();
    }
  }

  /** What {@link #write} is to do with the blocks as they are then. */
  interface Change {
    /** The blocks that change; adds to the batch what belongs to it. */
    Map<StorageKey, OwnBlock> of(Map<StorageKey, OwnBlock> now, BlockStore.Batch batch)
        throws StoreException;
  }

  /** How a batch reaches the store. */
  interface Writer {
    void write(BlockStore.Batch batch) throws StoreException;
  }

  /** Makes a change in one transaction with whatever else the writer adds. Suspends. */
  void write(Change change, Writer writer) throws StoreException {
    writing.enter(Deadline.NEVER);
    try {
      BlockStore.Batch batch = new BlockStore.Batch();
      Map<StorageKey, OwnBlock> changed = change.of(snapshot(), batch);
      record(batch, changed);
      writer.write(batch);
      applied(changed);
    } finally {
      writing.leave();
    }
  }

  private static void record(BlockStore.Batch batch, Map<StorageKey, OwnBlock> changed) {
    changed.forEach(
        (key, block) -> {
          if (isForgotten(block)) {
            batch.removeRecord(BlockStore.Table.COPIES, key.bytes());
          } else {
            batch.putRecord(BlockStore.Table.COPIES, key.bytes(), block.encoded());
          }
        });
  }

  private synchronized void applied(Map<StorageKey, OwnBlock> changed) {
    changed.forEach(
        (key, block) -> {
          if (isForgotten(block)) {
            blocks.remove(key);
            online.remove(key);
            justPut.remove(key);
          } else {
            blocks.put(key, block);
          }
        });
  }

  private static boolean isForgotten(OwnBlock block) {
    return block.released() && block.copies().isEmpty();
  }
}
