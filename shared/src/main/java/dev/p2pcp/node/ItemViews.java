package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.Path;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes of an item's record and its blocks what a person sees. An item is done only when the
 * catalogue that lists it is with the holders too: else the 24 words would not lead back to it.
 */
final class ItemViews {
  private final Clock clock;
  private final Items items;
  private final OwnBlocks own;
  private final Holdings holdings;
  private final Replicator replicator;
  private volatile long listed;
  private volatile long told;

  ItemViews(Clock clock, Items items, OwnBlocks own, Holdings holdings, Replicator replicator) {
    this.clock = clock;
    this.items = items;
    this.own = own;
    this.holdings = holdings;
    this.replicator = replicator;
  }

  /** What is known of the copies of some blocks: those of the scarcest. */
  private record Copies(int stored, int online, boolean current) {}

  /** Never suspends. */
  ItemView of(Catalogue.Entry entry, Optional<ItemState> state) {
    List<StorageKey> keys = state.map(ItemState::blocks).orElse(List.of());
    Copies copies = copiesOf(keys);
    boolean done =
        copies.current
            && copies.stored >= replicator.wanted()
            && (entry.time() <= listed || entry.time() <= listedUntil());
    ItemView.Why why = done ? ItemView.Why.NOTHING : why(keys, replicator);
    ItemView.Placement placement =
        done
            ? ItemView.Placement.DONE
            : why == ItemView.Why.NOTHING ? ItemView.Placement.PLACING : ItemView.Placement.WAITING;
    return new ItemView(
        entry.path(),
        entry.isPublic(),
        entry.version(),
        entry.time(),
        entry.size(),
        entry.blocks(),
        replicator.wanted(),
        copies.stored,
        copies.online,
        othersOf(keys),
        placement,
        why,
        state.map(ItemState::key).orElseGet(() -> new StorageKey(ItemBody.NO_KEY)));
  }

  /** Items whose newest change its holders' catalogue did not list before. Never suspends. */
  List<Path> newlyListed() {
    long before = told;
    long now = listedUntil();
    told = now;
    return items.entries().stream()
        .filter(entry -> entry.time() > before && entry.time() <= now)
        .map(Catalogue.Entry::path)
        .toList();
  }

  /** Items that changed up to that moment are listed in a catalogue that its holders have. */
  long listedUntil() {
    Optional<ItemState> catalogue = items.state(Catalogue.PATH);
    if (catalogue.isPresent()) {
      Copies copies = copiesOf(catalogue.get().blocks());
      if (copies.current && copies.stored >= replicator.wanted()) {
        listed = Math.max(listed, catalogue.get().time());
      }
    }
    return listed;
  }

  private Copies copiesOf(List<StorageKey> keys) {
    long now = clock.now();
    int stored = keys.isEmpty() ? 0 : Integer.MAX_VALUE;
    int online = stored;
    boolean current = !keys.isEmpty();
    for (StorageKey key : keys) {
      int here = holdings.of(key).isPresent() ? 1 : 0;
      Optional<OwnBlock> block = own.get(key);
      stored = Math.min(stored, here + block.map(b -> b.stored(now)).orElse(0));
      online = Math.min(online, here + own.online(key).size());
      current &= here == 1 && block.map(b -> isCurrent(b, key)).orElse(false);
    }
    return new Copies(stored, online, current);
  }

  private ItemView.Copies othersOf(List<StorageKey> keys) {
    long now = clock.now();
    int absent = 0;
    int lost = 0;
    int repairing = 0;
    long until = Long.MAX_VALUE;
    for (StorageKey key : keys) {
      Optional<OwnBlock> block = own.get(key);
      if (block.isEmpty()) {
        continue;
      }
      Set<PeerId> online = own.online(key);
      int away = 0;
      for (OwnBlock.Copy copy : block.get().copies()) {
        away += copy.countsAt(now) && !online.contains(copy.holder()) ? 1 : 0;
      }
      int gone = block.get().lost().size();
      int missing = replicator.wanted() - 1 - block.get().stored(now);
      absent = Math.max(absent, away);
      lost = Math.max(lost, gone);
      repairing = Math.max(repairing, Math.clamp(missing, 0, gone));
      until = Math.min(until, block.get().paidUntil(now));
    }
    return new ItemView.Copies(absent, lost, repairing, until == Long.MAX_VALUE ? 0 : until);
  }

  /**
   * Whether everybody online has the newest version, and at least one has if others are wanted at
   * all; who is offline gets it on return.
   */
  private boolean isCurrent(OwnBlock block, StorageKey key) {
    boolean somewhere = block.version() == 0 || replicator.wanted() == 1;
    for (OwnBlock.Copy copy : block.copies()) {
      if (copy.leaving()) {
        continue;
      }
      boolean current = copy.version() >= block.version();
      if (!current && own.online(key).contains(copy.holder())) {
        return false;
      }
      somewhere |= current;
    }
    return somewhere;
  }

  private static ItemView.Why why(List<StorageKey> keys, Replicator replicator) {
    if (keys.isEmpty()) {
      return ItemView.Why.NOT_HERE_YET;
    }
    return switch (replicator.obstacle()) {
      case NONE -> ItemView.Why.NOTHING;
      case OFFLINE -> ItemView.Why.OFFLINE;
      case NO_HOLDERS -> ItemView.Why.NO_HOLDERS;
      case OVER_ALLOWANCE -> ItemView.Why.OVER_ALLOWANCE;
    };
  }
}
