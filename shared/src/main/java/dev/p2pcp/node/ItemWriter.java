package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts new versions of own items into the store, all of one change in one transaction: blocks, why
 * they are kept, what is known of the items, and which old blocks are released.
 */
final class ItemWriter {
  private final Holdings holdings;
  private final OwnBlocks own;
  private final ItemTable table;

  ItemWriter(Holdings holdings, OwnBlocks own, ItemTable table) {
    this.holdings = holdings;
    this.own = own;
    this.table = table;
  }

  /** A new state of an item, with its new blocks, and whether another device placed them first. */
  record Version(ItemState state, Map<StorageKey, Block> blocks, boolean adopted) {}

  /** What is to be done together. */
  record Change(List<Version> versions, List<ItemState> removed, Extra extra) {
    static Change of(List<Version> versions) {
      return new Change(versions, List.of(), batch -> {});
    }
  }

  /** Adds what else belongs to the transaction. */
  interface Extra {
    void addTo(BlockStore.Batch batch);
  }

  /** Own blocks after the change, released ones left out: what the allowance must cover. */
  int countAfter(Change change) {
    Set<StorageKey> keys = new HashSet<>();
    own.snapshot()
        .forEach(
            (key, block) -> {
              if (!block.released()) {
                keys.add(key);
              }
            });
    keys.removeAll(obsolete(change));
    change.versions().forEach(version -> keys.addAll(version.state().blocks()));
    return keys.size();
  }

  /**
   * Does all or nothing. Suspends.
   *
   * @return blocks that are no longer here
   * @throws StoreException if nothing was changed
   */
  List<StorageKey> write(Change change) throws StoreException {
    Set<StorageKey> obsolete = obsolete(change);
    Map<StorageKey, Block> blocks = new HashMap<>();
    change.versions().forEach(version -> blocks.putAll(version.blocks()));
    own.write(
        (now, batch) -> {
          Map<StorageKey, OwnBlock> changed = new LinkedHashMap<>();
          for (StorageKey key : obsolete) {
            Optional.ofNullable(now.get(key)).ifPresent(b -> changed.put(key, b.asReleased()));
          }
          for (Version version : change.versions()) {
            for (StorageKey key : version.state().blocks()) {
              OwnBlock after = ownBlock(key, version, now.get(key));
              if (!after.equals(now.get(key))) {
                changed.put(key, after);
              }
            }
            recordState(version.state(), batch);
          }
          change.removed().forEach(state -> ItemTable.recordRemoved(state, batch));
          blocks.forEach((key, block) -> batch.putBlock(key, block.encoded()));
          change.extra().addTo(batch);
          return changed;
        },
        batch -> hold(batch, blocks, obsolete));
    change.removed().forEach(table::removed);
    change.versions().forEach(version -> table.applied(version.state()));
    return obsolete.stream().filter(key -> holdings.of(key).isEmpty()).toList();
  }

  /**
   * Keeps a block that was missing here and came from a holder, unless it is no longer wanted.
   * Suspends.
   *
   * @return whether it is kept
   */
  boolean restore(StorageKey key, Block block) throws StoreException {
    int size = block.encoded().length();
    own.write(
        (now, batch) -> {
          OwnBlock before = now.get(key);
          if (before == null || before.released()) {
            return Map.of();
          }
          batch.putBlock(key, block.encoded());
          return Map.of(key, before.withVersion(size, before.version()));
        },
        batch -> {
          if (!batch.isEmpty()) {
            hold(batch, Map.of(key, block), Set.of());
          }
        });
    return holdings.of(key).map(Holding::own).orElse(false);
  }

  private void hold(BlockStore.Batch batch, Map<StorageKey, Block> blocks, Set<StorageKey> obsolete)
      throws StoreException {
    Set<StorageKey> keys = new HashSet<>(obsolete);
    keys.addAll(blocks.keySet());
    holdings.write(
        batch,
        keys,
        (key, now) -> {
          Block block = blocks.get(key);
          return block == null
              ? now.map(h -> h.withOwn(false, h.size()))
              : Optional.of(
                  now.orElseGet(() -> Holding.of(block)).withOwn(true, block.encoded().length()));
        });
  }

  /** An item that went from private to public, or back, is known by another key. */
  private void recordState(ItemState state, BlockStore.Batch batch) {
    table
        .get(state.path())
        .filter(before -> !before.key().equals(state.key()))
        .ifPresent(before -> ItemTable.recordRemoved(before, batch));
    table.record(state, batch);
  }

  private static OwnBlock ownBlock(StorageKey key, Version version, @Nullable OwnBlock before) {
    Block block = version.blocks().get(key);
    int size = block == null ? 0 : block.encoded().length();
    long number = block instanceof Block.Signed signed ? signed.version() : 0;
    if (before == null) {
      return new OwnBlock(size, number, false, version.adopted(), List.of());
    }
    return before.withVersion(block == null ? before.size() : size, number);
  }

  /** Blocks of earlier versions and removed items that nothing of the change needs. */
  private Set<StorageKey> obsolete(Change change) {
    Set<StorageKey> needed = new HashSet<>();
    change.versions().forEach(version -> needed.addAll(version.state().blocks()));
    Set<StorageKey> obsolete = new LinkedHashSet<>();
    List<ItemState> before = new ArrayList<>(change.removed());
    change.versions().forEach(v -> table.get(v.state().path()).ifPresent(before::add));
    for (ItemState state : before) {
      for (StorageKey key : state.blocks()) {
        if (!needed.contains(key) && !table.isUsedBesides(key, state.path())) {
          obsolete.add(key);
        }
      }
    }
    return obsolete;
  }
}
