package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Parallel;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Grant;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings blocks that are kept here for owners who are away to further holders, where an index
 * server says that a copy is lost; and all of them, before this device leaves. It asks about a few
 * blocks at a time and takes them in turn, so that a large store makes no more noise than a small
 * one.
 */
final class Mending {
  /** Between two questions, in milliseconds, and a random part more: copies are lost in days. */
  private static final long PAUSE = 20 * 60_000;

  private static final int PAUSE_SPREAD = 10 * 60_000;

  private static final int AT_ONCE = 4;
  private static final long CALL_TIME = 20_000;

  private final Platform platform;
  private final BlockStore store;
  private final Device device;
  private final Holdings holdings;
  private final Receipts receipts;
  private final Servers servers;
  private final RepairBudget budget;
  private final Deque<Kept> ahead = new ArrayDeque<>();

  Mending(
      Platform platform,
      BlockStore store,
      Device device,
      Holdings holdings,
      Receipts receipts,
      Servers servers) {
    this.platform = platform;
    this.store = store;
    this.device = device;
    this.holdings = holdings;
    this.receipts = receipts;
    this.servers = servers;
    this.budget = new RepairBudget(platform.clock());
  }

  /** A block kept for an owner. */
  private record Place(AccountId owner, StorageKey key) {}

  /** One that is, and the batch with its receipt. */
  private record Kept(AccountId owner, StorageKey key, ReceiptBatch batch) {
    boolean fits(Grant grant) {
      return grant.ticket().owner().equals(owner) && grant.ticket().key().equals(key);
    }
  }

  /** Hears what was handed over. Suspends. */
  interface Handed {
    void over(AccountId owner, List<StorageKey> keys) throws StoreException;
  }

  /** Works until that is complete. Suspends. */
  void run(Pending<Boolean> stopping) {
    while (stopping.await(pause()).isEmpty()) {
      round();
    }
  }

  /** Asks about the next few blocks. Suspends. */
  void round() {
    List<Kept> some = next();
    if (!some.isEmpty()) {
      bring(some, false);
    }
  }

  private Deadline pause() {
    return platform.deadline(PAUSE + platform.entropy().below(PAUSE_SPREAD));
  }

  /** Brings what is kept to others, and tells what got there, until the deadline. Suspends. */
  void handOver(Deadline deadline, Handed handed) throws StoreException {
    List<Kept> all = all();
    for (int at = 0; at < all.size() && !deadline.passed(platform.clock()); ) {
      int end = Math.min(all.size(), at + Limits.MEND_ITEMS);
      for (Kept there : bring(all.subList(at, end), true)) {
        handed.over(there.owner, List.of(there.key));
      }
      at = end;
    }
  }

  /** All kept by receipts that run. */
  private List<Kept> all() {
    long now = platform.clock().now();
    Map<Place, Kept> all = new LinkedHashMap<>();
    for (ReceiptBatch batch : receipts.all()) {
      AccountId owner = batch.header().owner();
      if (batch.header().holder().equals(device.peer()) && batch.header().expires() > now) {
        for (ReceiptBatch.Entry entry : batch.entries()) {
          StorageKey key = entry.terms().key();
          if (isKept(owner, key)) {
            all.putIfAbsent(new Place(owner, key), new Kept(owner, key, batch));
          }
        }
      }
    }
    return new ArrayList<>(all.values());
  }

  private boolean isKept(AccountId owner, StorageKey key) {
    return holdings.of(key).flatMap(holding -> holding.claimOf(owner)).isPresent();
  }

  /** The next few of one way through all of them. */
  private List<Kept> next() {
    if (ahead.isEmpty()) {
      ahead.addAll(all());
    }
    long now = platform.clock().now();
    List<Kept> next = new ArrayList<>();
    while (next.size() < Limits.MEND_ITEMS && !ahead.isEmpty()) {
      Kept kept = ahead.remove();
      if (kept.batch.header().expires() > now && isKept(kept.owner, kept.key)) {
        next.add(kept);
      }
    }
    return next;
  }

  /** Asks where to bring these, and brings them there; those that were taken. Suspends. */
  private List<Kept> bring(List<Kept> some, boolean leaving) {
    List<SessionFrame.Mend.Item> items = new ArrayList<>();
    for (Kept kept : some) {
      int size = holdings.of(kept.key).map(Holding::size).orElse(0);
      if (size > 0) {
        items.add(new SessionFrame.Mend.Item(kept.owner, kept.key, size));
      }
    }
    List<Kept> taken = new ArrayList<>();
    Servers.Reserved reserved;
    try {
      reserved = servers.mend(items, leaving);
    } catch (LinkException | RefusedException e) {
      // Mostly there is nothing to do; else it is asked again.
      return taken;
    }
    Parallel.forEach(
        platform,
        reserved.tickets().grants(),
        AT_ONCE,
        platform.deadline(2 * CALL_TIME),
        grant -> {
          for (Kept kept : some) {
            if (kept.fits(grant) && entrust(reserved.via(), kept, grant, leaving)) {
              synchronized (taken) {
                taken.add(kept);
              }
            }
          }
        });
    synchronized (taken) {
      return List.copyOf(taken);
    }
  }

  private boolean entrust(IndexSession via, Kept kept, Grant grant, boolean leaving) {
    try {
      Optional<Bytes> block = store.block(kept.key);
      if (block.isEmpty() || !(leaving || budget.take(block.get().length()))) {
        return false;
      }
      PeerFrame.Entrust request =
          new PeerFrame.Entrust(
              grant,
              device.certificate(),
              device.key().sign(Domain.MEND, grant.ticket().encoded()),
              kept.batch.only(terms -> terms.key().equals(kept.key)),
              block.get());
      PeerFrame.Reply reply =
          via.linkTo(grant.ticket().holder()).call(request, platform.deadline(CALL_TIME));
      return reply instanceof PeerFrame.Ok;
    } catch (LinkException | StoreException e) {
      // Another holder is asked for when the index server sees that it is not there.
      return false;
    }
  }
}
