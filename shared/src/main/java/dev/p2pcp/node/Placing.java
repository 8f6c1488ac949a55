package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Parallel;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Grant;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptHeader;
import dev.p2pcp.quota.ReceiptOffer;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.transport.Link;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Brings copies to holders by tickets: puts, lets the holder sign for all that it took,
 * countersigns, and makes the receipts known.
 */
final class Placing {
  private static final int HOLDERS_AT_ONCE = 8;
  private static final int PUTS_AT_ONCE = 8;

  /** Time for all, and for a holder to answer one thing, in milliseconds. */
  private static final long TIME = 60_000;

  private static final long CALL_TIME = 15_000;

  /** Batches remembered that are not agreed yet; what is beyond is placed anew. */
  private static final int UNAGREED = 1_000;

  private final Platform platform;
  private final Depositing depositing;
  private final BlockStore store;
  private final Device device;
  private final OwnBlocks own;
  private final Receipts receipts;
  private final Servers servers;
  private final Settlements settlements;
  private final List<Unagreed> unagreed = new ArrayList<>();

  Placing(
      Platform platform,
      BlockStore store,
      Device device,
      OwnBlocks own,
      Receipts receipts,
      Servers servers,
      Depositing depositing) {
    this.platform = platform;
    this.depositing = depositing;
    this.store = store;
    this.device = device;
    this.own = own;
    this.receipts = receipts;
    this.servers = servers;
    this.settlements = new Settlements(device.account(), receipts.all());
  }

  /** A copy that a holder took: by which grant, and which version. */
  private record Taken(Grant grant, ReceiptTerms terms, long version) {}

  /** What a holder took without that both signed for it. */
  private record Unagreed(PeerId holder, List<Taken> taken) {
    List<StorageKey> keys() {
      return taken.stream().map(one -> one.grant().ticket().key()).toList();
    }
  }

  /**
   * Uses all grants for what was asked; those that fail are lost, and the copies wanted again by
   * the next round. A holder that has a copy already is only asked to keep it on. Suspends.
   */
  void place(Set<StorageKey> keys, Servers.Reserved reserved) {
    Map<PeerId, List<Grant>> byHolder = new LinkedHashMap<>();
    for (Grant grant : reserved.tickets().grants()) {
      boolean fits =
          grant.ticket().owner().equals(device.account()) && keys.contains(grant.ticket().key());
      if (fits) {
        byHolder.computeIfAbsent(grant.ticket().holder(), h -> new ArrayList<>()).add(grant);
      }
    }
    Deadline deadline = platform.deadline(TIME);
    Parallel.forEach(
        platform,
        List.copyOf(byHolder.entrySet()),
        HOLDERS_AT_ONCE,
        deadline,
        entry -> {
          Link link = reserved.via().linkTo(entry.getKey());
          for (List<Grant> part : parts(entry.getValue())) {
            placeAt(link, part, deadline);
          }
        });
  }

  /**
   * Tells holders once more of receipts that they may not have heard of, and gives up copies of
   * which a holder says that they are gone. Suspends.
   *
   * @return whether all receipts are settled
   */
  boolean settleAgain() throws StoreException {
    agreeAgain();
    List<ReceiptBatch> open = settlements.open(platform.clock().now());
    if (open.isEmpty()) {
      return isAllAgreed();
    }
    Map<StorageKey, List<Servers.Location>> where = servers.lookup(keysOf(open));
    for (ReceiptBatch batch : open) {
      Optional<Servers.Location> at = at(batch.header().holder(), where, keysOf(batch));
      if (at.isPresent()) {
        settle(at.get().link(), batch, platform.deadline(CALL_TIME));
      } else if (settlements.isOverdue(batch, platform.clock().now())) {
        giveUp(batch);
      }
    }
    return settlements.isEmpty() && isAllAgreed();
  }

  private boolean isAllAgreed() {
    synchronized (unagreed) {
      return unagreed.isEmpty();
    }
  }

  private static List<StorageKey> keysOf(ReceiptBatch batch) {
    return batch.entries().stream().map(entry -> entry.terms().key()).toList();
  }

  private static List<StorageKey> keysOf(List<ReceiptBatch> batches) {
    return batches.stream().flatMap(batch -> keysOf(batch).stream()).distinct().toList();
  }

  /** Tells the holder of those copies of a batch that are still counted and wanted. */
  private void settle(Link link, ReceiptBatch batch, Deadline deadline) throws StoreException {
    ReceiptBatch current = batch.only(terms -> isCounted(batch, terms.key()));
    if (current.entries().isEmpty()) {
      settlements.done(batch);
      return;
    }
    try {
      PeerFrame.Reply reply = link.call(new PeerFrame.Settle(current), deadline);
      if (reply instanceof PeerFrame.Ok) {
        settlements.done(batch);
      } else if (reply instanceof PeerFrame.Denied denied
          && denied.refusal().code() != Refusal.BUSY
          && denied.refusal().code() != Refusal.INTERNAL) {
        giveUp(batch);
      }
    } catch (LinkException e) {
      // Whether the holder heard it is not known: it is told again.
      return;
    }
  }

  /** The holder lets go of what was not settled: these are no copies, and it is to say so. */
  private void giveUp(ReceiptBatch batch) throws StoreException {
    PeerId holder = batch.header().holder();
    for (ReceiptBatch.Entry entry : batch.entries()) {
      own.change(
          entry.terms().key(),
          block -> isCounted(batch, block) ? block.withLeaving(List.of(holder)) : block);
    }
    settlements.done(batch);
  }

  private boolean isCounted(ReceiptBatch batch, StorageKey key) {
    return own.get(key).filter(b -> !b.released() && isCounted(batch, b)).isPresent();
  }

  private static boolean isCounted(ReceiptBatch batch, OwnBlock block) {
    long expires = batch.header().expires();
    return block
        .lastingWith(batch.header().holder())
        .filter(copy -> copy.expires() == expires)
        .isPresent();
  }

  /** As many as one receipt batch holds. */
  private static List<List<Grant>> parts(List<Grant> grants) {
    List<List<Grant>> parts = new ArrayList<>();
    int most = ReceiptHeader.MAX_COUNT;
    for (int at = 0; at < grants.size(); at += most) {
      parts.add(grants.subList(at, Math.min(grants.size(), at + most)));
    }
    return parts;
  }

  private void placeAt(Link link, List<Grant> grants, Deadline deadline) {
    List<Taken> taken = new ArrayList<>();
    Parallel.forEach(
        platform,
        grants,
        PUTS_AT_ONCE,
        deadline,
        grant ->
            put(link, grant)
                .ifPresent(
                    one -> {
                      synchronized (taken) {
                        taken.add(one);
                      }
                    }));
    List<Taken> all;
    synchronized (taken) {
      all = List.copyOf(taken);
    }
    if (!all.isEmpty()) {
      agree(link, all);
    }
  }

  private Optional<Taken> put(Link link, Grant grant) {
    StorageKey key = grant.ticket().key();
    try {
      Optional<OwnBlock> block = own.get(key);
      Optional<Bytes> encoded = store.block(key);
      if (block.isEmpty() || block.get().released() || encoded.isEmpty()) {
        return Optional.empty();
      }
      Optional<OwnBlock.Copy> there = block.get().lastingWith(link.peer());
      Signature signature = device.key().sign(Domain.PUT, grant.ticket().encoded());
      // Others may have brought it there while no device of the account was.
      boolean keep = there.isPresent() || own.online(key).contains(link.peer());
      PeerFrame.Reply reply = new PeerFrame.Ok();
      if (keep) {
        reply =
            link.call(
                new PeerFrame.Keep(grant, device.certificate(), signature),
                platform.deadline(CALL_TIME));
        if (isGone(reply)) {
          own.change(key, current -> current.withLeaving(List.of(link.peer())));
          keep = false;
        }
      }
      if (!keep) {
        reply = depositing.put(link, grant, signature, encoded.get());
      }
      if (!(reply instanceof PeerFrame.Ok)) {
        return Optional.empty();
      }
      own.seenOnlineToo(key, link.peer());
      Block put = Block.decode(encoded.get());
      long sent = put instanceof Block.Signed signed ? signed.version() : 0;
      long version = keep ? there.map(OwnBlock.Copy::version).orElse(0L) : sent;
      return Optional.of(
          new Taken(grant, ReceiptTerms.of(grant.ticket().serial(), key, put), version));
    } catch (LinkException | StoreException e) {
      return Optional.empty();
    } catch (MalformedFrameException e) {
      throw new IllegalStateException("an own block is damaged", e);
    }
  }

  private static boolean isGone(PeerFrame.Reply reply) {
    return reply instanceof PeerFrame.Denied denied && denied.refusal().code() == Refusal.NOT_FOUND;
  }

  private void agree(Link link, List<Taken> taken) {
    List<Bytes> serials = taken.stream().map(one -> one.grant().ticket().serial()).toList();
    try {
      PeerFrame.Reply reply =
          link.call(new PeerFrame.Acknowledge(serials), platform.deadline(CALL_TIME));
      if (!(reply instanceof PeerFrame.Acknowledged acknowledged)
          || !isRight(acknowledged.offer(), link.peer(), taken)) {
        return;
      }
      ReceiptBatch batch = acknowledged.offer().countersign(device.key(), device.certificate());
      remember(link.peer(), batch, taken);
      servers.present(batch);
      settle(link, batch, platform.deadline(CALL_TIME));
    } catch (LinkException | StoreException e) {
      // The copies are there but not agreed: the tickets are spent, so that is tried again.
      synchronized (unagreed) {
        if (unagreed.size() < UNAGREED) {
          unagreed.add(new Unagreed(link.peer(), taken));
        }
      }
    }
  }

  /** Agrees on what holders took before, while they still keep it. Suspends. */
  private void agreeAgain() {
    List<Unagreed> again;
    synchronized (unagreed) {
      again = List.copyOf(unagreed);
      unagreed.clear();
    }
    if (again.isEmpty()) {
      return;
    }
    long now = platform.clock().now();
    List<StorageKey> keys = again.stream().flatMap(one -> one.keys().stream()).distinct().toList();
    Map<StorageKey, List<Servers.Location>> where = servers.lookup(keys);
    for (Unagreed one : again) {
      Optional<Servers.Location> at = at(one.holder(), where, one.keys());
      if (at.isPresent()) {
        agree(at.get().link(), one.taken());
      } else if (now < one.taken().get(0).grant().ticket().expires()) {
        synchronized (unagreed) {
          unagreed.add(one);
        }
      }
    }
  }

  /** A way to the holder, if it is seen to have any of these. */
  private static Optional<Servers.Location> at(
      PeerId holder, Map<StorageKey, List<Servers.Location>> where, List<StorageKey> keys) {
    return keys.stream()
        .flatMap(key -> where.getOrDefault(key, List.of()).stream())
        .filter(location -> location.peer().equals(holder))
        .findFirst();
  }

  /**
   * The holder signed for just what it took. Sizes of updated blocks may differ; keys and roots
   * not.
   */
  private boolean isRight(ReceiptOffer offer, PeerId holder, List<Taken> taken) {
    if (!offer.header().holder().equals(holder)
        || !offer.header().owner().equals(device.account())
        || offer.terms().size() != taken.size()) {
      return false;
    }
    for (int i = 0; i < taken.size(); i++) {
      ReceiptTerms given = offer.terms().get(i);
      ReceiptTerms wanted = taken.get(i).terms();
      if (!given.serial().equals(wanted.serial())
          || !given.key().equals(wanted.key())
          || !given.auditRoot().equals(wanted.auditRoot())) {
        return false;
      }
    }
    long age = platform.clock().now() - offer.header().stored();
    return Math.abs(age) <= DeviceCertificate.CLOCK_SKEW && offer.isGenuine(platform.crypto());
  }

  private void remember(PeerId holder, ReceiptBatch batch, List<Taken> taken)
      throws StoreException {
    own.write(
        (now, changes) -> {
          Receipts.add(batch, changes);
          Map<StorageKey, OwnBlock> changed = new HashMap<>();
          for (Taken one : taken) {
            StorageKey key = one.grant().ticket().key();
            // What was removed in the meantime has a copy all the same, and is to be released.
            OwnBlock block = now.getOrDefault(key, OwnBlock.REMOVED);
            long known = block.lastingWith(holder).map(OwnBlock.Copy::version).orElse(0L);
            OwnBlock.Copy copy =
                new OwnBlock.Copy(holder, Math.max(known, one.version()), batch.header().expires());
            changed.put(key, block.withCopy(copy));
          }
          return changed;
        },
        store::apply);
    receipts.added(batch);
    settlements.begun(batch);
  }
}
