package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.identity.Path;
import dev.p2pcp.platform.Entropy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What this device knows of its own items. Its records are sealed: paths are nobody's business. */
final class ItemTable {
  private static final String LABEL = "p2pcp/v1/item-table";

  private final Crypto.SealingKey seal;
  private final Entropy entropy;
  private final Map<Path, ItemState> states = new TreeMap<>();
  private final Map<StorageKey, Set<Path>> paths = new HashMap<>();

  private ItemTable(Crypto.SealingKey seal, Entropy entropy) {
    this.seal = seal;
    this.entropy = entropy;
  }

  /** Reads and opens it. Suspends. */
  static ItemTable load(BlockStore store, KeyRing keys, Entropy entropy) throws StoreException {
    Bytes secret = keys.storageRoot().derive(LABEL, Bytes.EMPTY, 32);
    ItemTable table = new ItemTable(keys.crypto().sealingKey(secret), entropy);
    for (Map.Entry<Bytes, Bytes> entry : store.records(BlockStore.Table.ITEMS).entrySet()) {
      try {
        table.applied(ItemState.decode(table.open(entry.getKey(), entry.getValue())));
      } catch (SealBrokenException | MalformedFrameException e) {
        throw new StoreException(StoreException.Reason.DAMAGED, "a record of an item");
      }
    }
    return table;
  }

  synchronized Optional<ItemState> get(Path path) {
    return Optional.ofNullable(states.get(path));
  }

  synchronized List<ItemState> all() {
    return new ArrayList<>(states.values());
  }

  /** The item that a block belongs to. */
  synchronized Optional<Path> pathOf(StorageKey block) {
    Set<Path> of = paths.get(block);
    return of == null ? Optional.empty() : Optional.of(of.iterator().next());
  }

  /** Whether another item has the block too, as public content can be. */
  synchronized boolean isUsedBesides(StorageKey block, Path path) {
    Set<Path> of = paths.get(block);
    return of != null && (of.size() > 1 || !of.contains(path));
  }

  /** Adds the record to the batch; {@link #applied} is to follow its success. Suspends. */
  void record(ItemState state, BlockStore.Batch batch) {
    Bytes nonce = entropy.bytes(Crypto.SealingKey.NONCE_LENGTH);
    Bytes sealed = seal.seal(nonce, state.key().bytes(), state.encoded());
    batch.putRecord(BlockStore.Table.ITEMS, state.key().bytes(), Bytes.concat(nonce, sealed));
  }

  static void recordRemoved(ItemState state, BlockStore.Batch batch) {
    batch.removeRecord(BlockStore.Table.ITEMS, state.key().bytes());
  }

  synchronized void applied(ItemState state) {
    ItemState before = states.put(state.path(), state);
    if (before != null) {
      unlink(before);
    }
    for (StorageKey block : state.blocks()) {
      paths.computeIfAbsent(block, b -> new LinkedHashSet<>(2)).add(state.path());
    }
  }

  synchronized void removed(ItemState state) {
    ItemState before = states.remove(state.path());
    if (before != null) {
      unlink(before);
    }
  }

  private void unlink(ItemState state) {
    for (StorageKey block : state.blocks()) {
      Set<Path> of = paths.get(block);
      if (of != null && of.remove(state.path()) && of.isEmpty()) {
        paths.remove(block);
      }
    }
  }

  private Bytes open(Bytes key, Bytes record) throws SealBrokenException {
    if (record.length() < Crypto.SealingKey.NONCE_LENGTH) {
      throw new SealBrokenException();
    }
    return seal.open(
        record.slice(0, Crypto.SealingKey.NONCE_LENGTH),
        key,
        record.from(Crypto.SealingKey.NONCE_LENGTH));
  }
}
