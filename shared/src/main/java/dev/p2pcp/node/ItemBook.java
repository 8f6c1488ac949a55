package dev.p2pcp.node;

import dev.p2pcp.block.Block;
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
import java.util.Map;
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

  /** What is known of items whose path begins so. */
  List<ItemState> statesUnder(String prefix) {
    return table.all().stream().filter(s -> s.path().text().startsWith(prefix)).toList();
  }

  /** A version of an item, written now on this device. Suspends. */
  ItemWriter.Version version(Path path, boolean isPublic, Bytes value, Hash parent, long number) {
    ItemBlocks.Written written =
        blocks.write(places.of(path, isPublic), value, parent, number, platform.clock().now());
    List<StorageKey> chunks = List.copyOf(written.chunks().keySet());
    ItemState state = stateOf(path, isPublic, written.head(), value.length(), parent, chunks);
    return new ItemWriter.Version(state, written.blocks(), false);
  }

  /**
   * A version of an item that is a file, whose blocks are there. Suspends.
   *
   * @param content all blocks of the file
   */
  ItemWriter.Version file(
      ItemBody body, Path path, boolean isPublic, List<StorageKey> content, long number) {
    Block.Signed head =
        blocks.head(places.of(path, isPublic), body, number, platform.clock().now());
    ItemState state = stateOf(path, isPublic, head, body.size(), body.parent(), content);
    return new ItemWriter.Version(state, Map.of(state.key(), head), false);
  }

  private static ItemState stateOf(
      Path path,
      boolean isPublic,
      Block.Signed head,
      long size,
      Hash parent,
      List<StorageKey> chunks) {
    return new ItemState(
        path,
        isPublic,
        true,
        head.version(),
        head.time(),
        size,
        head.storageKey(),
        ItemBlocks.identityOf(head),
        parent,
        chunks);
  }

  /** The number of the next version. */
  long nextVersion(Path path) {
    return 1
        + Math.max(
            table.get(path).map(ItemState::version).orElse(0L),
            catalogue.get(path).map(Catalogue.Entry::version).orElse(0L));
  }

  /** What the next version names as its parent. */
  Hash nextParent(Path path) {
    return table.get(path).map(ItemState::nextParent).orElse(ItemBody.NO_PARENT);
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

  /**
   * Adds blocks to what is kept of one state, in one transaction that leaves the catalogue alone.
   * Suspends.
   */
  void extend(ItemWriter.Version version) throws StoreException {
    writer.write(ItemWriter.Change.of(List.of(version)));
    events.written(List.copyOf(version.blocks().keySet()), List.of());
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
