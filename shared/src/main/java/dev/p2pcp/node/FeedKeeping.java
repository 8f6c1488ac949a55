package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.feed.FeedChange;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.Path;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Ticket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps others' feeds here and announces them, so that they can be read while nobody else is there:
 * in slots that are lent and free, by a claim of the own account, and without anybody's quota.
 * Methods suspend.
 */
final class FeedKeeping {
  private static final String KEPT = Feeds.FOLDER + "kept/";

  /** So long after it was last asked for a feed is kept, in milliseconds: a year. */
  private static final long KEEP = 365L * 24 * 60 * 60 * 1000;

  private static final Bytes NO_SERIAL = Bytes.wrap(new byte[Ticket.SERIAL_LENGTH]);

  private final Platform platform;
  private final Node node;
  private final AccountId account;
  private final NodeWiring wiring;

  FeedKeeping(Platform platform, Node node, AccountId account, NodeWiring wiring) {
    this.platform = platform;
    this.node = node;
    this.account = account;
    this.wiring = wiring;
  }

  /**
   * Keeps as many blocks of a feed as wanted and as there is room for, of those that are named
   * first; lets go of what was kept of it besides.
   *
   * @return how many are kept
   */
  int keep(PublicKey feed, List<StorageKey> blocks, int most) throws StoreException {
    StorageKey head = FeedChange.keyOf(feed);
    List<StorageKey> kept = new ArrayList<>();
    List<StorageKey> fresh = new ArrayList<>();
    for (StorageKey key : blocks.subList(0, Math.min(most, blocks.size()))) {
      boolean here = node.holdings.of(key).isPresent();
      if (!here || key.equals(head)) {
        Optional<Block> block = find(key, key.equals(head));
        if (block.isEmpty() || (!here && !store(key, block.get()))) {
          continue;
        }
        if (here) {
          replace(key, block.get());
        } else {
          fresh.add(key);
        }
      } else {
        claim(new BlockStore.Batch(), List.of(key), Optional.empty());
      }
      kept.add(key);
    }
    Set<StorageKey> old = new HashSet<>(noted(feed));
    old.removeAll(kept);
    note(feed, kept);
    List<StorageKey> gone = letGo(List.copyOf(old));
    wiring.written(fresh, gone);
    return kept.size();
  }

  private Optional<Block> find(StorageKey key, boolean isHead) throws StoreException {
    if (isHead) {
      return node.reader.newestAnywhere(key).map(signed -> signed);
    }
    return node.reader.content(key, node.reader.locations(key));
  }

  private boolean store(StorageKey key, Block block) throws StoreException {
    if (!node.holdings.takeRoom()) {
      return false;
    }
    try {
      BlockStore.Batch batch = new BlockStore.Batch().putBlock(key, block.encoded());
      claim(batch, List.of(key), Optional.of(block));
      return true;
    } finally {
      node.holdings.giveRoom();
    }
  }

  /** A newer version of the feed's signed block; own ones are nobody else's to change. */
  private void replace(StorageKey key, Block block) throws StoreException {
    boolean own = node.holdings.of(key).map(Holding::own).orElse(false);
    if (!own) {
      BlockStore.Batch batch = new BlockStore.Batch().putBlock(key, block.encoded());
      claim(batch, List.of(key), Optional.of(block));
    }
  }

  private void claim(BlockStore.Batch batch, List<StorageKey> keys, Optional<Block> block)
      throws StoreException {
    long now = platform.clock().now();
    Holding.Claim claim = new Holding.Claim(account, NO_SERIAL, now, now + KEEP, true);
    node.holdings.write(
        batch,
        keys,
        (key, held) -> {
          Optional<Holding> before = held.isPresent() ? held : block.map(Holding::of);
          return before.map(
              h -> {
                int size = block.map(b -> b.encoded().length()).orElse(h.size());
                return h.withOwn(h.own(), size).withClaim(claim);
              });
        });
  }

  private List<StorageKey> letGo(List<StorageKey> keys) throws StoreException {
    node.holdings.write(
        new BlockStore.Batch(),
        keys,
        (key, held) -> held.map(h -> h.without(claim -> claim.owner().equals(account))));
    return keys.stream().filter(key -> node.holdings.of(key).isEmpty()).toList();
  }

  private static Path noteAt(PublicKey feed) {
    return new Path(KEPT + feed.bytes().base64Url());
  }

  private List<StorageKey> noted(PublicKey feed) {
    return node.table.get(noteAt(feed)).map(ItemState::chunks).orElse(List.of());
  }

  private void note(PublicKey feed, List<StorageKey> kept) throws StoreException {
    Optional<ItemState> before = node.table.get(noteAt(feed));
    // Named by the note, not by a block: the feed's own key stands for the blocks of its writer.
    StorageKey name = new StorageKey(noteAt(feed).hash().bytes());
    BlockStore.Batch batch = new BlockStore.Batch();
    ItemState state =
        new ItemState(
            noteAt(feed),
            true,
            true,
            1,
            platform.clock().now(),
            0,
            name,
            ItemBody.NO_PARENT,
            ItemBody.NO_PARENT,
            kept);
    if (kept.isEmpty()) {
      before.ifPresent(old -> ItemTable.recordRemoved(old, batch));
    } else {
      node.table.record(state, batch);
    }
    node.holdings.write(batch, List.of(), (key, held) -> Optional.empty());
    if (kept.isEmpty()) {
      before.ifPresent(node.table::removed);
    } else {
      node.table.applied(state);
    }
  }
}
