package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.Path;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Gate;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Allowance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The account's own items: each change is written here in one transaction together with the
 * catalogue, and brought to holders by the {@link Replicator} afterwards. Changes are made one
 * after the other.
 */
final class Items {
  /** Hears what changed. Must not suspend. */
  interface Events {
    void itemChanged(Path path, boolean remote);

    void conflict(Conflicts.Conflict conflict);

    /** These blocks changed here, and are to be brought to holders; those are gone from here. */
    void written(List<StorageKey> keys, List<StorageKey> gone);
  }

  private final Platform platform;
  private final ItemBook book;
  private final Values values;
  private final Absorbing absorbing;
  private final Events events;
  private final Gate writing;

  Items(
      Platform platform,
      ItemBook book,
      Places places,
      Values values,
      Conflicts conflicts,
      Events events) {
    this.platform = platform;
    this.book = book;
    this.values = values;
    this.absorbing = new Absorbing(places, book, values, conflicts, events);
    this.events = events;
    this.writing = new Gate(platform.tasks(), 1);
  }

  /** Reads the catalogue that this device has. Suspends. */
  void load() throws StoreException {
    Optional<ItemState> state = book.state(Catalogue.PATH);
    if (state.isEmpty()) {
      return;
    }
    Optional<Bytes> value = values.local(state.get());
    if (value.isPresent()) {
      book.merge(value.get());
    }
  }

  Optional<ItemState> state(Path path) {
    return book.state(path);
  }

  List<Catalogue.Entry> entries() {
    return book.catalogue().all();
  }

  Optional<Catalogue.Entry> entry(Path path) {
    return book.catalogue().get(path);
  }

  /**
   * Stores a value as a new version. Suspends until it is durable here.
   *
   * @param base version that the edit started from, 0 if unknown: if there is a newer one by now,
   *     that one is kept as a conflict copy
   * @param allowed judges the number of own blocks after the change
   */
  void put(
      Path path, Bytes value, boolean isPublic, long base, Function<Integer, Allowance> allowed)
      throws ItemException {
    check(path);
    putReserved(path, value, isPublic, base, allowed);
  }

  /** As {@link #put}, also at a reserved path. */
  void putReserved(
      Path path, Bytes value, boolean isPublic, long base, Function<Integer, Allowance> allowed)
      throws ItemException {
    if (value.length() > ItemBody.MAX_SIZE) {
      throw new ItemException(ItemException.Reason.TOO_LARGE, "the value is over 64 MiB");
    }
    inTurn(() -> putInTurn(path, value, isPublic, base, allowed));
  }

  /** Refuses a path at which nothing can be stored. */
  void check(Path path) throws ItemException {
    if (path.text().startsWith(Catalogue.RESERVED)) {
      throw new ItemException(ItemException.Reason.BAD_PATH, "the path is reserved");
    }
    if (book.catalogue().isFull() && book.catalogue().get(path).isEmpty()) {
      throw new ItemException(ItemException.Reason.TOO_MANY, "there are too many items");
    }
  }

  /** A change of the items. Suspends. */
  interface Change {
    void make() throws StoreException, ItemException;
  }

  /** Makes a change while nobody else makes one. Suspends. */
  void inTurn(Change change) throws ItemException {
    writing.enter(Deadline.NEVER);
    try {
      change.make();
    } catch (StoreException e) {
      throw failed(e);
    } finally {
      writing.leave();
    }
  }

  /** Removes an item. Suspends until that is durable here. */
  void remove(Path path) throws ItemException {
    inTurn(() -> removeInTurn(path));
  }

  private void removeInTurn(Path path) throws StoreException, ItemException {
    Optional<Catalogue.Entry> entry = book.catalogue().get(path);
    if (entry.isEmpty() || entry.get().removed()) {
      return;
    }
    Catalogue.Entry before = entry.get();
    long now = platform.clock().now();
    Catalogue.Entry removed =
        new Catalogue.Entry(path, before.isPublic(), true, before.version() + 1, now, 0, 0);
    List<ItemState> states = book.state(path).map(List::of).orElse(List.of());
    book.write(removed, List.of(), states, batch -> {}, count -> new Allowance(count, 0, 0));
    book.changed(path, false);
  }

  /**
   * Takes over another device's version of an item, if it is newer; what it beats is not lost.
   * Suspends.
   */
  void absorb(Path path, boolean isPublic, Block.Signed remote)
      throws StoreException, ItemException {
    Absorbing.Remote fetched = absorbing.fetch(path, isPublic, remote);
    writing.enter(Deadline.NEVER);
    try {
      absorbing.absorb(fetched);
    } finally {
      writing.leave();
    }
  }

  private void putInTurn(
      Path path, Bytes value, boolean isPublic, long base, Function<Integer, Allowance> allowed)
      throws StoreException, ItemException {
    Optional<ItemState> before = book.state(path);
    List<Conflicts.Conflict> beaten = new ArrayList<>();
    BlockStore.Batch extra = new BlockStore.Batch();
    if (base > 0 && before.isPresent() && before.get().version() > base) {
      absorbing.keepBeaten(before.get(), value, extra, beaten);
    }
    ItemWriter.Version after =
        book.version(path, isPublic, value, book.nextParent(path), book.nextVersion(path));
    book.write(after.state().entry(), List.of(after), List.of(), extra::copyTo, allowed);
    book.changed(path, false);
    beaten.forEach(events::conflict);
  }

  static ItemException failed(StoreException e) {
    return e.reason() == StoreException.Reason.FULL
        ? new ItemException(ItemException.Reason.STORAGE_FULL, "the browser's storage is full")
        : new ItemException(ItemException.Reason.STORAGE_FAILED, String.valueOf(e.getMessage()));
  }
}
