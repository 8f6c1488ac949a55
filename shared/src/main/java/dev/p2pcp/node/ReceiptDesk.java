package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptHeader;
import dev.p2pcp.quota.ReceiptOffer;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The holder's book-keeping: signs for what was put by tickets, keeps what the owner countersigned,
 * and lets go of what is released or whose time is over.
 */
final class ReceiptDesk {
  /** How long a block is kept whose owner has not countersigned yet, in milliseconds. */
  static final long TIME_TO_SETTLE = 15 * 60 * 1000L;

  /** Of how many blocks it is remembered what is to be signed; the others are read for it. */
  private static final int REMEMBERED = 4 * ReceiptHeader.MAX_COUNT;

  private final Platform platform;
  private final BlockStore store;
  private final Holdings holdings;
  private final Device device;
  private final Holder.Events events;
  private final Map<Bytes, Stored> stored = new LinkedHashMap<>();
  private long last;

  ReceiptDesk(
      Platform platform, BlockStore store, Holdings holdings, Device device, Holder.Events events) {
    this.platform = platform;
    this.store = store;
    this.holdings = holdings;
    this.device = device;
    this.events = events;
  }

  /** A ticket that was used here. */
  private record Spent(StorageKey key, AccountId owner, long until) {
    static Spent decode(Bytes record) throws MalformedFrameException {
      ByteReader reader = new ByteReader(record);
      Spent spent =
          new Spent(
              StorageKey.read(reader, "storage key"),
              AccountId.read(reader, "owner"),
              reader.u64("until"));
      reader.end();
      return spent;
    }
  }

  /** For whom a block was stored, and what there is to sign; null if the block is gone. */
  private record Stored(AccountId owner, @Nullable ReceiptTerms terms) {}

  /**
   * A block was stored by a ticket and is at hand: what never changes of it is not read again only
   * to be signed for. Never suspends.
   */
  void stored(Ticket ticket, Block block) {
    if (!(block instanceof Block.Content)) {
      return;
    }
    ReceiptTerms terms = ReceiptTerms.of(ticket.serial(), ticket.key(), block);
    synchronized (stored) {
      stored.put(ticket.serial(), new Stored(ticket.owner(), terms));
      if (stored.size() > REMEMBERED) {
        stored.remove(stored.keySet().iterator().next());
      }
    }
  }

  PeerFrame.Reply acknowledge(List<Bytes> serials) throws StoreException {
    List<ReceiptTerms> terms = new ArrayList<>();
    AccountId owner = null;
    for (Bytes serial : serials) {
      Optional<Stored> one = storedBy(serial);
      if (one.isEmpty() || (owner != null && !owner.equals(one.get().owner()))) {
        return Holder.denied(Refusal.TICKET_INVALID, "nothing was stored by a ticket");
      }
      owner = one.get().owner();
      ReceiptTerms stored = one.get().terms();
      if (stored == null || holdings.of(stored.key()).isEmpty()) {
        return Holder.denied(Refusal.NOT_FOUND, "a block is gone");
      }
      terms.add(stored);
    }
    if (owner == null) {
      return Holder.denied(Refusal.MALFORMED, "no serials");
    }
    return new PeerFrame.Acknowledged(
        ReceiptOffer.sign(device.key(), device.certificate(), owner, moment(), terms));
  }

  /**
   * The time, later than any given before: between receipts signed and blocks given up it must be
   * clear which came first.
   */
  private synchronized long moment() {
    last = Math.max(platform.clock().now(), last + 1);
    return last;
  }

  PeerFrame.Reply settle(ReceiptBatch receipts) throws StoreException {
    boolean ours = receipts.header().holder().equals(device.peer());
    if (!ours || !receipts.isGenuine(platform.crypto())) {
      return Holder.denied(Refusal.BAD_SIGNATURE, "receipts are not right");
    }
    if (!receipts.header().isCurrent(platform.clock().now())) {
      return Holder.denied(Refusal.EXPIRED, "receipts are out of their time");
    }
    AccountId owner = receipts.header().owner();
    Map<StorageKey, Holding.Claim> claims = new HashMap<>();
    for (ReceiptBatch.Entry entry : receipts.entries()) {
      StorageKey key = entry.terms().key();
      Optional<Holding.Claim> claim = holdings.of(key).flatMap(h -> h.claimOf(owner));
      if (claim.isEmpty()) {
        return Holder.denied(Refusal.NOT_FOUND, "a block is gone");
      }
      long expires = receipts.header().expires();
      claims.put(
          key,
          new Holding.Claim(owner, entry.terms().serial(), claim.get().since(), expires, true));
    }
    BlockStore.Batch batch = new BlockStore.Batch();
    Receipts.add(receipts, batch);
    holdings.write(
        batch,
        claims.keySet(),
        (key, now) -> now.map(h -> h.withClaim(Objects.requireNonNull(claims.get(key)))));
    events.settled(receipts);
    return new PeerFrame.Ok();
  }

  /** Which claims are meant; must not suspend. */
  interface Which {
    boolean is(Holding.Claim claim);
  }

  /**
   * Drops those claims of the account; what nobody else wants is removed. That nothing is kept is
   * told of what was not kept either: an index server may know of it by an old receipt. Suspends.
   */
  void release(AccountId owner, List<StorageKey> keys, Which which) throws StoreException {
    Map<StorageKey, Holding> changed =
        holdings.write(
            new BlockStore.Batch(),
            keys,
            (key, now) ->
                now.filter(h -> h.claimOf(owner).filter(which::is).isPresent())
                    .map(h -> h.without(claim -> claim.owner().equals(owner))));
    List<StorageKey> free =
        keys.stream()
            .filter(key -> holdings.of(key).flatMap(h -> h.claimOf(owner)).isEmpty())
            .toList();
    if (!free.isEmpty()) {
      events.freed(owner, moment(), free, goneOf(changed));
    }
  }

  /** Nothing is kept any more, and it can't be written down. Never suspends. */
  void lostAll() {
    for (Map.Entry<AccountId, List<StorageKey>> entry : expired(Long.MAX_VALUE).entrySet()) {
      List<StorageKey> keys = entry.getValue();
      for (int at = 0; at < keys.size(); at += Limits.ANNOUNCE_KEYS) {
        List<StorageKey> part = keys.subList(at, Math.min(keys.size(), at + Limits.ANNOUNCE_KEYS));
        events.freed(entry.getKey(), moment(), part, part);
      }
    }
  }

  /** Claims whose time is over at that moment, by account. Never suspends. */
  Map<AccountId, List<StorageKey>> expired(long now) {
    Map<AccountId, List<StorageKey>> expired = new HashMap<>();
    holdings
        .snapshot()
        .forEach(
            (key, holding) -> {
              for (Holding.Claim claim : holding.claims()) {
                if (claim.expires() < now) {
                  expired.computeIfAbsent(claim.owner(), o -> new ArrayList<>()).add(key);
                }
              }
            });
    return expired;
  }

  /** Forgets used tickets that nobody could use again. Suspends. */
  void forgetSpent(long now) throws StoreException {
    BlockStore.Batch batch = new BlockStore.Batch();
    for (Map.Entry<Bytes, Bytes> entry : store.records(BlockStore.Table.SPENT).entrySet()) {
      Optional<Spent> spent = decoded(entry.getValue());
      if (spent.isEmpty() || spent.get().until() < now) {
        batch.removeRecord(BlockStore.Table.SPENT, entry.getKey());
      }
    }
    if (!batch.isEmpty()) {
      store.apply(batch);
    }
  }

  /** What there is to sign for a used ticket; empty if nothing was stored by it. */
  private Optional<Stored> storedBy(Bytes serial) throws StoreException {
    synchronized (stored) {
      Stored remembered = stored.get(serial);
      if (remembered != null) {
        return Optional.of(remembered);
      }
    }
    Optional<Spent> spent =
        store.record(BlockStore.Table.SPENT, serial).flatMap(ReceiptDesk::decoded);
    if (spent.isEmpty()) {
      return Optional.empty();
    }
    StorageKey key = spent.get().key();
    Optional<Bytes> encoded = store.block(key);
    try {
      ReceiptTerms terms =
          encoded.isEmpty() ? null : ReceiptTerms.of(serial, key, Block.decode(encoded.get()));
      return Optional.of(new Stored(spent.get().owner(), terms));
    } catch (MalformedFrameException e) {
      throw new StoreException(StoreException.Reason.DAMAGED, "a kept block");
    }
  }

  private static Optional<Spent> decoded(Bytes record) {
    try {
      return Optional.of(Spent.decode(record));
    } catch (MalformedFrameException e) {
      return Optional.empty();
    }
  }

  private static List<StorageKey> goneOf(Map<StorageKey, Holding> changed) {
    return changed.entrySet().stream()
        .filter(entry -> !entry.getValue().isNeeded())
        .map(Map.Entry::getKey)
        .toList();
  }
}
