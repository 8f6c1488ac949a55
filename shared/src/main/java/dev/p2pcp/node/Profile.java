package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.WrappedSeed;
import java.util.List;
import java.util.Optional;

/**
 * The single facts that a device remembers of its person: the wrapped seed, the device's salt,
 * settings.
 */
final class Profile {
  private static final Bytes SEED = Bytes.utf8("seed");
  private static final Bytes SALT = Bytes.utf8("salt");
  private static final Bytes SETTINGS = Bytes.utf8("settings");
  private static final BlockStore.Table TABLE = BlockStore.Table.PROFILE;

  private final BlockStore store;

  Profile(BlockStore store) {
    this.store = store;
  }

  Optional<WrappedSeed> seed() throws StoreException {
    Optional<Bytes> record = store.record(TABLE, SEED);
    try {
      return record.isEmpty() ? Optional.empty() : Optional.of(WrappedSeed.decode(record.get()));
    } catch (MalformedFrameException e) {
      throw damaged();
    }
  }

  Bytes salt() throws StoreException {
    return store.record(TABLE, SALT).orElseThrow(Profile::damaged);
  }

  Settings settings() throws StoreException {
    try {
      return Settings.decode(store.record(TABLE, SETTINGS).orElseThrow(Profile::damaged));
    } catch (MalformedFrameException e) {
      throw damaged();
    }
  }

  /** All of a new profile at once. Suspends. */
  void create(WrappedSeed seed, Bytes salt, Settings settings) throws StoreException {
    store.apply(
        new BlockStore.Batch()
            .putRecord(TABLE, SEED, seed.encode())
            .putRecord(TABLE, SALT, salt)
            .putRecord(TABLE, SETTINGS, settings.encoded()));
  }

  void seed(WrappedSeed seed) throws StoreException {
    store.apply(new BlockStore.Batch().putRecord(TABLE, SEED, seed.encode()));
  }

  void settings(Settings settings) throws StoreException {
    store.apply(new BlockStore.Batch().putRecord(TABLE, SETTINGS, settings.encoded()));
  }

  /** Removes identity, blocks, and all that is known of them. Suspends. */
  void erase() throws StoreException {
    BlockStore.Batch batch = new BlockStore.Batch();
    store.keys().forEach(batch::removeBlock);
    for (BlockStore.Table table : List.of(BlockStore.Table.values())) {
      store.records(table).keySet().forEach(key -> batch.removeRecord(table, key));
    }
    store.apply(batch);
  }

  private static StoreException damaged() {
    return new StoreException(StoreException.Reason.DAMAGED, "the profile");
  }
}
