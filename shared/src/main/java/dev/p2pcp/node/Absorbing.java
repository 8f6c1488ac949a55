package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.identity.Path;
import dev.p2pcp.quota.Allowance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes over what other devices of the account wrote. Of two edits that did not know of each other
 * the one that wins by the order of blocks stays, the other is kept as a conflict copy by the
 * device that wrote it.
 */
final class Absorbing {
  private final Places places;
  private final ItemBook book;
  private final Values values;
  private final Conflicts conflicts;
  private final Items.Events events;

  Absorbing(Places places, ItemBook book, Values values, Conflicts conflicts, Items.Events events) {
    this.places = places;
    this.book = book;
    this.values = values;
    this.conflicts = conflicts;
    this.events = events;
  }

  /** A version of another device, and its value as far as it may be needed. */
  record Remote(
      Path path,
      boolean isPublic,
      Block.Signed head,
      ItemBody body,
      List<StorageKey> content,
      Optional<Bytes> value) {
    Bytes needed() throws ItemException {
      return value.orElseThrow(
          () -> new ItemException(ItemException.Reason.OFFLINE, "its value is not here yet"));
    }
  }

  /** Fetches what is needed to take it over, before anybody else has to wait. Suspends. */
  Remote fetch(Path path, boolean isPublic, Block.Signed head) throws ItemException {
    ItemBody body;
    try {
      body = ItemBlocks.open(places.sealOf(path, isPublic), head);
    } catch (SealBrokenException | MalformedFrameException e) {
      throw new ItemException(ItemException.Reason.NOT_VERIFIED, "an item can't be opened");
    }
    boolean needed =
        body.isInline()
            || path.equals(Catalogue.PATH)
            || book.state(path).map(ItemState::writtenHere).orElse(false);
    Optional<Bytes> value =
        needed && !body.isFile() ? Optional.of(values.remote(body)) : Optional.empty();
    return new Remote(path, isPublic, head, body, values.content(body), value);
  }

  /** Takes it over if it is newer; what it beats is not lost. Suspends. */
  void absorb(Remote remote) throws StoreException, ItemException {
    Optional<ItemState> mine = book.state(remote.path());
    if (isKnown(remote, mine)) {
      return;
    }
    Optional<Block.Signed> here = mine.isEmpty() ? Optional.empty() : values.head(mine.get());
    boolean wins = here.isEmpty() || remote.head().replaces(here.get());
    if (remote.path().equals(Catalogue.PATH)) {
      absorbCatalogue(remote, mine, wins);
    } else if (wins) {
      adopt(remote, mine);
    } else if (remote.head().version() == mine.orElseThrow().version()) {
      insist(mine.orElseThrow(), remote);
    }
    // Else it is older: who still has it is sent ours.
  }

  /** Keeps the losing version's value, unless it says the same as the winner. Suspends. */
  void keepBeaten(
      ItemState loser, Bytes winner, BlockStore.Batch extra, List<Conflicts.Conflict> beaten)
      throws StoreException {
    Optional<Bytes> value = values.local(loser);
    if (value.isPresent() && !value.get().equals(winner)) {
      conflicts.trim();
      beaten.add(conflicts.add(loser.path(), loser.version(), loser.time(), value.get(), extra));
    }
  }

  private boolean isKnown(Remote remote, Optional<ItemState> mine) {
    return mine.map(m -> m.head().equals(ItemBlocks.identityOf(remote.head()))).orElse(false);
  }

  private void adopt(Remote remote, Optional<ItemState> mine) throws StoreException, ItemException {
    BlockStore.Batch extra = new BlockStore.Batch();
    List<Conflicts.Conflict> beaten = new ArrayList<>();
    boolean unknown =
        mine.isPresent()
            && mine.get().writtenHere()
            && !remote.body().parent().equals(mine.get().head());
    if (unknown && !keepBeatenFile(mine.get(), remote.body())) {
      Bytes winner = remote.body().isFile() ? Bytes.EMPTY : remote.needed();
      keepBeaten(mine.get(), winner, extra, beaten);
    }
    ItemState after = stateOf(remote);
    ItemWriter.Version version =
        new ItemWriter.Version(after, Map.of(after.key(), remote.head()), true);
    book.store(new ItemWriter.Change(List.of(version), List.of(), extra::copyTo));
    book.note(after.entry());
    book.changed(remote.path(), true);
    beaten.forEach(events::conflict);
  }

  /** A file that lost is kept as one more file; whether it was a file. Suspends. */
  private boolean keepBeatenFile(ItemState loser, ItemBody winner)
      throws StoreException, ItemException {
    Optional<ItemBody> body = values.body(loser);
    if (body.isEmpty() || !body.get().isFile()) {
      return false;
    }
    if (winner.isFile() && winner.link().equals(body.get().link())) {
      return true;
    }
    Path beside = beside(loser.path());
    ItemBody first = ItemBody.file(ItemBody.NO_PARENT, body.get().size(), body.get().link());
    write(book.file(first, beside, loser.isPublic(), loser.chunks(), book.nextVersion(beside)));
    return true;
  }

  /** A path where nothing is yet, much like that one. */
  private Path beside(Path path) {
    String text = path.text();
    int dot = text.lastIndexOf('.');
    int end = dot > text.lastIndexOf('/') + 1 ? dot : text.length();
    for (int number = 2; ; number++) {
      Path beside = new Path(text.substring(0, end) + " (" + number + ")" + text.substring(end));
      if (book.catalogue().get(beside).filter(entry -> !entry.removed()).isEmpty()) {
        return beside;
      }
    }
  }

  private void write(ItemWriter.Version version) throws StoreException, ItemException {
    book.write(
        version.state().entry(),
        List.of(version),
        List.of(),
        batch -> {},
        count -> new Allowance(count, 0, 0));
    book.changed(version.state().path(), false);
  }

  /**
   * Holders took another device's version of the same number, though ours wins: ours is written
   * once more above it. It does not name the other as known, so that the other device, which has
   * its text, keeps that as a conflict copy.
   */
  private void insist(ItemState mine, Remote remote) throws StoreException, ItemException {
    long number = remote.head().version() + 1;
    Optional<Bytes> value = values.local(mine);
    Optional<ItemBody> body = values.body(mine);
    if (value.isPresent()) {
      write(book.version(mine.path(), mine.isPublic(), value.get(), mine.nextParent(), number));
    } else if (body.isPresent() && body.get().isFile()) {
      ItemBody next = ItemBody.file(mine.nextParent(), mine.size(), body.get().link());
      write(book.file(next, mine.path(), mine.isPublic(), mine.chunks(), number));
    }
  }

  private void absorbCatalogue(Remote remote, Optional<ItemState> mine, boolean wins)
      throws StoreException, ItemException {
    Map<Path, Catalogue.Entry> before = new HashMap<>();
    book.catalogue().all().forEach(entry -> before.put(entry.path(), entry));
    Catalogue.Merged merged = book.merge(remote.needed());
    long number = remote.head().version();
    long mineNumber = mine.map(ItemState::version).orElse(0L);
    if (wins && !merged.ahead()) {
      ItemState state = stateOf(remote);
      book.store(
          ItemWriter.Change.of(
              List.of(new ItemWriter.Version(state, Map.of(state.key(), remote.head()), true))));
    } else if (wins || merged.learned() || number == mineNumber) {
      // Above both, so that holders of either take it. Of two that say the same, only one insists.
      book.writeCatalogue(number);
    }
    for (Catalogue.Entry entry : book.catalogue().all()) {
      if (!entry.equals(before.get(entry.path()))) {
        dropIfRemoved(entry);
        book.changed(entry.path(), true);
      }
    }
  }

  /** What another device removed is let go of here too; an edit that it did not know of is kept. */
  private void dropIfRemoved(Catalogue.Entry entry) throws StoreException {
    Optional<ItemState> state = book.state(entry.path());
    if (!entry.removed() || state.isEmpty()) {
      return;
    }
    BlockStore.Batch extra = new BlockStore.Batch();
    List<Conflicts.Conflict> beaten = new ArrayList<>();
    if (state.get().writtenHere() && state.get().version() >= entry.version()) {
      keepBeaten(state.get(), Bytes.EMPTY, extra, beaten);
    }
    book.store(new ItemWriter.Change(List.of(), List.of(state.get()), extra::copyTo));
    beaten.forEach(events::conflict);
  }

  private static ItemState stateOf(Remote remote) {
    return new ItemState(
        remote.path(),
        remote.isPublic(),
        false,
        remote.head().version(),
        remote.head().time(),
        remote.body().size(),
        remote.head().storageKey(),
        ItemBlocks.identityOf(remote.head()),
        remote.body().parent(),
        remote.content());
  }
}
