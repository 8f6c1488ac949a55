package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.Path;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Allowance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The catalogue of own items, and the transactions that change it together with the items. Whoever
 * changes something has the turn of {@link Items}.
 */
final class ItemBook {
  private final Platform platform;
  private final Places places;
  private final ItemBlocks blocks;
  private final ItemTable table;
  private final ItemWriter writer;
  private final Items.Events events;
  private final Catalogue catalogue = new Catalogue();

  ItemBook(
      Platform platform, Places places, ItemTable table, ItemWriter writer, Items.Events events) {
    this.platform = platform;
    this.places = places;
    this.blocks = new ItemBlocks(platform);
    this.table = table;
    this.writer = writer;
    this.events = events;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  Optional<ItemState> state(Path path) {
    return table.get(path);
  }

  /** A version of an item, written now on this device. Suspends. */
  ItemWriter.Version version(Path path, boolean isPublic, Bytes value, Hash parent, long number) {
    ItemBlocks.Written written =
        blocks.write(places.of(path, isPublic), value, parent, number, platform.clock().now());
    ItemState state =
        new ItemState(
            path,
            isPublic,
            true,
            number,
            written.head().time(),
            value.length(),
            written.key(),
            ItemBlocks.identityOf(written.head()),
            parent,
            List.copyOf(written.chunks().keySet()));
    return new ItemWriter.Version(state, written.blocks(), false);
  }

  /**
   * One transaction: the entry in the catalogue, the catalogue's own new version, and the rest.
   * Suspends.
   *
   * @param allowed judges the number of own blocks after the change
   */
  void write(
      Catalogue.Entry entry,
      List<ItemWriter.Version> versions,
      List<ItemState> removed,
      ItemWriter.Extra extra,
      Function<Integer, Allowance> allowed)
      throws StoreException, ItemException {
    Optional<Catalogue.Entry> before = catalogue.get(entry.path());
    catalogue.put(entry);
    boolean done = false;
    try {
      List<ItemWriter.Version> all = new ArrayList<>(versions);
      all.add(nextCatalogue(0));
      ItemWriter.Change change = new ItemWriter.Change(all, removed, extra);
      Allowance allowance = allowed.apply(writer.countAfter(change));
      if (allowance.missing() > 0) {
        throw new ItemException(allowance);
      }
      store(change);
      done = true;
    } finally {
      if (!done) {
        before.ifPresentOrElse(catalogue::put, () -> catalogue.forget(entry.path()));
      }
    }
  }

  /** Writes the catalogue as it is in memory, as a version above the one given. Suspends. */
  void writeCatalogue(long above) throws StoreException {
    store(ItemWriter.Change.of(List.of(nextCatalogue(above))));
  }

  /** One transaction that leaves the catalogue alone. Suspends. */
  void store(ItemWriter.Change change) throws StoreException {
    List<StorageKey> gone = writer.write(change);
    List<StorageKey> keys = new ArrayList<>();
    change.versions().forEach(version -> keys.addAll(version.state().blocks()));
    events.written(keys, gone);
  }

  /** Takes over what another catalogue knows. Never suspends. */
  Catalogue.Merged merge(Bytes value) throws StoreException {
    try {
      return catalogue.merge(Catalogue.decode(value), forgetBefore());
    } catch (MalformedFrameException e) {
      throw new StoreException(StoreException.Reason.DAMAGED, "the catalogue");
    }
  }

  /** Notes an item that another device changed; that device writes it into the catalogue. */
  void note(Catalogue.Entry entry) {
    catalogue.merge(List.of(entry), forgetBefore());
  }

  /** Tells of a change that people see. */
  void changed(Path path, boolean remote) {
    if (!path.text().startsWith(Catalogue.RESERVED)) {
      events.itemChanged(path, remote);
    }
  }

  private ItemWriter.Version nextCatalogue(long above) {
    catalogue.forgetRemovals(forgetBefore());
    Optional<ItemState> before = table.get(Catalogue.PATH);
    return version(
        Catalogue.PATH,
        false,
        catalogue.encoded(),
        before.map(ItemState::nextParent).orElse(ItemBody.NO_PARENT),
        1 + Math.max(above, before.map(ItemState::version).orElse(0L)));
  }

  private long forgetBefore() {
    return platform.clock().now() - Catalogue.REMEMBERED;
  }
}
