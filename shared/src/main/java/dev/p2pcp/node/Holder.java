package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.BlockVerifier;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.KeyedGate;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Grant;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptHeader;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.transport.PeerHandler;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps blocks for others and answers who asks for them. It believes nothing: a new block needs a
 * ticket of a trusted index server, used by its owner, once; a newer version needs the signature of
 * who may write it.
 */
final class Holder implements PeerHandler {
  /** Longest wait for another request on the same block, in milliseconds. */
  private static final long TURN = 20_000;

  /** What the rest of the agent must know of. Calls must not suspend unless they say so. */
  interface Events {
    /** Whether tickets signed by this key count here. */
    boolean trusts(PublicKey issuer);

    /** A block can be read here from now on. */
    void kept(StorageKey key);

    /**
     * Another device of this account wrote a newer version of an own block. Suspends.
     *
     * @return whether it is durable here
     */
    boolean ownChanged(StorageKey key, Block.Signed newer) throws StoreException;

    /**
     * At that moment blocks were no longer kept for an account, and those of them that went are
     * gone from here.
     */
    void freed(AccountId owner, long time, List<StorageKey> keys, List<StorageKey> gone);

    void settled(ReceiptBatch receipts);

    /** An agent asks for canaries, and which servers there are. */
    PeerFrame.Reply acquaint(PeerId from);

    /** A block that is here for somebody to see whether it is told of. */
    Optional<Bytes> canary(StorageKey key);

    /** An owner states what it needs. Suspends. */
    PeerFrame.Reply vouched(Statement statement) throws StoreException;
  }

  private final Platform platform;
  private final BlockStore store;
  private final Holdings holdings;
  private final Device device;
  private final Events events;
  private final BlockVerifier verifier;
  private final KeyedGate<StorageKey> turns;
  private final ReceiptDesk desk;
  private final AuditDesk audits;
  private final DepositDesk deposits;

  Holder(Platform platform, BlockStore store, Holdings holdings, Device device, Events events) {
    this.platform = platform;
    this.store = store;
    this.holdings = holdings;
    this.device = device;
    this.events = events;
    this.verifier = new BlockVerifier(platform.crypto());
    this.turns = new KeyedGate<>(platform.tasks());
    this.desk = new ReceiptDesk(platform, store, holdings, device, events);
    this.deposits = new DepositDesk(platform.clock(), store, holdings, this);
    this.audits = new AuditDesk(platform, store, holdings, device, desk);
  }

  @Override
  public PeerFrame.Reply answer(PeerId from, PeerFrame.Request request) {
    try {
      return switch (request) {
        case PeerFrame.Get get -> get(from, get.key());
        case PeerFrame.Carry carry -> carried(carry.key());
        case PeerFrame.Deposit deposit ->
            inTurn(List.of(deposit.grant().ticket().key()), () -> deposits.place(deposit));
        case PeerFrame.Deposited left ->
            inTurn(List.of(left.grant().ticket().key()), () -> deposits.take(left));
        case PeerFrame.Put put -> inTurn(List.of(put.grant().ticket().key()), () -> put(put));
        case PeerFrame.Keep keep ->
            inTurn(List.of(keep.grant().ticket().key()), () -> keepOn(keep));
        case PeerFrame.Update update ->
            inTurn(List.of(update.key()), () -> update(update.key(), update.block()));
        case PeerFrame.Acknowledge acknowledge -> desk.acknowledge(acknowledge.serials());
        case PeerFrame.Settle settle ->
            inTurn(keysOf(settle.batch()), () -> desk.settle(settle.batch()));
        case PeerFrame.Acquaint acquaint -> events.acquaint(from);
        case PeerFrame.Vouch vouch -> events.vouched(vouch.statement());
        case PeerFrame.Audit audit -> inTurn(List.of(audit.key()), () -> audits.audit(from, audit));
        case PeerFrame.Entrust entrust ->
            inTurn(List.of(entrust.grant().ticket().key()), () -> entrust(entrust));
        case PeerFrame.Gossip gossip -> denied(Refusal.NOT_FOUND, "no such topic");
        case PeerFrame.Ask ask -> denied(Refusal.NOT_FOUND, "no such topic");
        case PeerFrame.Release release -> inTurn(release.keys(), () -> release(release));
      };
    } catch (StoreException e) {
      return e.reason() == StoreException.Reason.FULL
          ? denied(Refusal.FULL, "storage is full")
          : denied(Refusal.INTERNAL, "storage failed");
    }
  }

  /** One request's work on the store. */
  interface Work {
    PeerFrame.Reply run() throws StoreException;
  }

  /** Does work on blocks when nobody else works on any of them. Suspends. */
  PeerFrame.Reply inTurn(List<StorageKey> keys, Work work) throws StoreException {
    Deadline deadline = platform.deadline(TURN);
    // In the order of the keys, so that two requests never wait for each other.
    List<StorageKey> sorted = keys.stream().distinct().sorted().toList();
    List<StorageKey> entered = new ArrayList<>();
    try {
      for (StorageKey key : sorted) {
        if (!turns.enter(key, deadline)) {
          return denied(Refusal.BUSY, "block is busy", TURN);
        }
        entered.add(key);
      }
      return work.run();
    } finally {
      entered.forEach(turns::leave);
    }
  }

  private static List<StorageKey> keysOf(ReceiptBatch receipts) {
    return receipts.entries().stream().map(entry -> entry.terms().key()).toList();
  }

  /** What is in a bucket the reader fetches there; a server does not follow URLs. */
  private PeerFrame.Reply get(PeerId from, StorageKey key) throws StoreException {
    if (from.equals(PeerHandler.NOBODY)) {
      return carried(key);
    }
    Optional<String> url = store.link(key);
    return url.isPresent() ? new PeerFrame.Elsewhere(url.get()) : get(key);
  }

  /** What comes from a bucket may have been spoiled there, and would pass for a forgery of ours. */
  private PeerFrame.Reply carried(StorageKey key) throws StoreException {
    PeerFrame.Reply reply = get(key);
    return reply instanceof PeerFrame.BlockReply block
            && !(verifier.verify(key, block.block()) instanceof BlockVerifier.Genuine)
            && !isSound(key)
        ? denied(Refusal.NOT_FOUND, "not kept here")
        : reply;
  }

  private PeerFrame.Reply get(StorageKey key) throws StoreException {
    Optional<Bytes> block;
    try {
      block = store.block(key);
    } catch (StoreException e) {
      if (e.reason() != StoreException.Reason.DAMAGED || isSound(key)) {
        throw e;
      }
      block = Optional.empty();
    }
    if (block.isEmpty()) {
      block = events.canary(key);
    }
    return block.isEmpty()
        ? denied(Refusal.NOT_FOUND, "not kept here")
        : new PeerFrame.BlockReply(block.get());
  }

  private PeerFrame.Reply put(PeerFrame.Put put) throws StoreException {
    Ticket ticket = put.grant().ticket();
    Optional<Refusal> flaw = flawOf(put.grant(), put.owner(), put.signature(), Domain.PUT);
    return flaw.isPresent()
        ? new PeerFrame.Denied(flaw.get())
        : keep(ticket, put.block(), platform.clock().now() + ReceiptDesk.TIME_TO_SETTLE);
  }

  /** Another holder brings a block in its owner's stead, for as long as it keeps it itself. */
  private PeerFrame.Reply entrust(PeerFrame.Entrust entrust) throws StoreException {
    Ticket ticket = entrust.grant().ticket();
    Optional<Refusal> flaw =
        flawOf(entrust.grant(), entrust.mender(), entrust.signature(), Domain.MEND);
    if (flaw.isPresent()) {
      return new PeerFrame.Denied(flaw.get());
    }
    ReceiptHeader header = entrust.receipt().header();
    boolean agreed =
        header.owner().equals(ticket.owner())
            && header.holder().equals(entrust.mender().device())
            && header.holderAccount().equals(entrust.mender().account())
            && keysOf(entrust.receipt()).equals(List.of(ticket.key()))
            && header.isCurrent(platform.clock().now())
            && entrust.receipt().isGenuine(platform.crypto());
    return agreed
        ? keep(ticket, entrust.block(), header.expires())
        : denied(Refusal.TICKET_INVALID, "the owner did not agree with that holder");
  }

  private PeerFrame.Reply keepOn(PeerFrame.Keep keep) throws StoreException {
    Ticket ticket = keep.grant().ticket();
    Optional<Refusal> flaw = flawOf(keep.grant(), keep.owner(), keep.signature(), Domain.PUT);
    if (flaw.isPresent()) {
      return new PeerFrame.Denied(flaw.get());
    }
    Optional<Holding> kept = holdings.of(ticket.key());
    if (kept.isEmpty()) {
      return denied(Refusal.NOT_FOUND, "not kept here");
    }
    if (isFull(kept.get(), ticket)) {
      return denied(Refusal.FULL, "kept for too many already");
    }
    write(ticket, Optional.empty(), platform.clock().now() + ReceiptDesk.TIME_TO_SETTLE);
    return new PeerFrame.Ok();
  }

  /** What is wrong with a ticket, or with who uses it: its owner, or a holder to mend. */
  Optional<Refusal> flawOf(Grant grant, DeviceCertificate user, Signature signature, Domain domain)
      throws StoreException {
    Ticket ticket = grant.ticket();
    long now = platform.clock().now();
    if (!ticket.isCurrent(now)) {
      return Optional.of(Refusal.of(Refusal.EXPIRED, "ticket is out of its time"));
    }
    boolean fits =
        ticket.holder().equals(device.peer())
            && ticket.holderAccount().equals(device.account())
            && events.trusts(grant.issuer())
            && grant.isGenuine(platform.crypto());
    if (!fits) {
      return Optional.of(Refusal.of(Refusal.TICKET_INVALID, "ticket is not for this holder"));
    }
    boolean rightful =
        (domain == Domain.MEND || user.account().equals(ticket.owner()))
            && user.verify(platform.crypto(), now) == DeviceCertificate.Verdict.VALID
            && platform
                .crypto()
                .verify(user.device().publicKey(), domain, ticket.encoded(), signature);
    if (!rightful) {
      return Optional.of(Refusal.of(Refusal.NOT_YOURS, "ticket is someone else's"));
    }
    return store.record(BlockStore.Table.SPENT, ticket.serial()).isPresent()
        ? Optional.of(Refusal.of(Refusal.TICKET_SPENT, "ticket was used"))
        : Optional.empty();
  }

  PeerFrame.Reply keep(Ticket ticket, Bytes encoded, long until) throws StoreException {
    if (encoded.length() > ticket.size()) {
      return denied(Refusal.OVER_LIMIT, "block over the ticket's size", ticket.size());
    }
    if (!(verifier.verify(ticket.key(), encoded) instanceof BlockVerifier.Genuine genuine)) {
      return denied(Refusal.BAD_SIGNATURE, "block is not what its key names");
    }
    Block block = genuine.block();
    Optional<Holding> before = holdings.of(ticket.key());
    boolean isNew = before.isEmpty();
    if (isNew && !holdings.takeRoom()) {
      return denied(Refusal.FULL, "no slot is free");
    }
    try {
      if (before.isPresent() && isFull(before.get(), ticket)) {
        return denied(Refusal.FULL, "kept for too many already");
      }
      // A newer version of an own item comes in by an update, which takes the item over whole.
      boolean mine = before.map(Holding::own).orElse(false);
      boolean write = isNew || (!mine && isNewer(ticket.key(), block));
      write(ticket, write ? Optional.of(block) : Optional.empty(), until);
    } finally {
      if (isNew) {
        holdings.giveRoom();
      }
    }
    desk.stored(ticket, block);
    events.kept(ticket.key());
    return new PeerFrame.Ok();
  }

  private static boolean isFull(Holding holding, Ticket ticket) {
    return holding.claims().size() >= Holding.MAX_CLAIMS
        && holding.claimOf(ticket.owner()).isEmpty();
  }

  /** Block, unless the one that is here stays; claim; used ticket: they become durable together. */
  private void write(Ticket ticket, Optional<Block> block, long until) throws StoreException {
    long now = platform.clock().now();
    Holding.Claim claim = new Holding.Claim(ticket.owner(), ticket.serial(), now, until, false);
    BlockStore.Batch batch = new BlockStore.Batch();
    block.ifPresent(b -> batch.putBlock(ticket.key(), b.encoded()));
    batch.putRecord(BlockStore.Table.SPENT, ticket.serial(), spent(ticket));
    holdings.write(
        batch,
        List.of(ticket.key()),
        (key, kept) -> {
          if (kept.isEmpty() && block.isEmpty()) {
            return Optional.empty();
          }
          Holding holding = kept.orElseGet(() -> Holding.of(block.orElseThrow()));
          int size = block.map(b -> b.encoded().length()).orElse(holding.size());
          return Optional.of(holding.withOwn(holding.own(), size).withClaim(claim));
        });
  }

  /**
   * What is remembered of a used ticket: its block, owner, and until when it could be used again.
   */
  private static Bytes spent(Ticket ticket) {
    return new ByteWriter()
        .bytes(ticket.key().bytes())
        .bytes(ticket.owner().bytes())
        .u64(ticket.expires() + Ticket.CLOCK_SKEW + ReceiptDesk.TIME_TO_SETTLE)
        .toBytes();
  }

  private PeerFrame.Reply update(StorageKey key, Bytes encoded) throws StoreException {
    Optional<Holding> holding = holdings.of(key);
    if (holding.isEmpty()) {
      return denied(Refusal.TICKET_REQUIRED, "not kept here");
    }
    if (!(verifier.verify(key, encoded) instanceof BlockVerifier.Genuine genuine)) {
      return denied(Refusal.BAD_SIGNATURE, "block is not what its key names");
    }
    if (!(genuine.block() instanceof Block.Signed signed)) {
      return new PeerFrame.Ok();
    }
    Optional<Block.Signed> kept = signedAt(key);
    if (kept.isPresent() && kept.get().version() >= signed.version()) {
      boolean same = kept.get().encoded().equals(encoded);
      return same
          ? new PeerFrame.Ok()
          : denied(Refusal.STALE_VERSION, "not newer", kept.get().version());
    }
    if (holding.get().own()) {
      return events.ownChanged(key, signed)
          ? new PeerFrame.Ok()
          : denied(Refusal.BUSY, "can't be taken over now", TURN);
    }
    BlockStore.Batch batch = new BlockStore.Batch().putBlock(key, encoded);
    holdings.write(
        batch, List.of(key), (k, now) -> now.map(h -> h.withOwn(h.own(), encoded.length())));
    return new PeerFrame.Ok();
  }

  private boolean isNewer(StorageKey key, Block block) throws StoreException {
    return block instanceof Block.Signed signed && signedAt(key).map(signed::replaces).orElse(true);
  }

  private Optional<Block.Signed> signedAt(StorageKey key) throws StoreException {
    Optional<Bytes> encoded = store.block(key);
    if (encoded.isPresent()
        && verifier.verify(key, encoded.get()) instanceof BlockVerifier.Genuine genuine
        && genuine.block() instanceof Block.Signed signed) {
      return Optional.of(signed);
    }
    return Optional.empty();
  }

  private PeerFrame.Reply release(PeerFrame.Release release) throws StoreException {
    long now = platform.clock().now();
    if (!release.holder().equals(device.peer()) || !release.isGenuine(platform.crypto(), now)) {
      return denied(Refusal.NOT_YOURS, "release is not by the owner");
    }
    if (!release.isCurrent(now)) {
      return denied(Refusal.EXPIRED, "release is out of its time");
    }
    desk.release(release.account(), release.keys(), claim -> claim.since() <= release.time());
    return new PeerFrame.Ok();
  }

  /** Lets go of what is over. Suspends. */
  void sweep() throws StoreException {
    long now = platform.clock().now();
    for (Map.Entry<AccountId, List<StorageKey>> entry : desk.expired(now).entrySet()) {
      List<StorageKey> keys = entry.getValue();
      for (int at = 0; at < keys.size(); at += ReceiptHeader.MAX_COUNT) {
        List<StorageKey> part =
            keys.subList(at, Math.min(keys.size(), at + ReceiptHeader.MAX_COUNT));
        inTurn(
            part,
            () -> {
              desk.release(entry.getKey(), part, claim -> claim.expires() < now);
              return new PeerFrame.Ok();
            });
      }
    }
    desk.forgetSpent(now);
  }

  /** Whether a kept block is as it should be; if not it is given up. Suspends. */
  boolean isSound(StorageKey key) throws StoreException {
    boolean[] sound = {true};
    inTurn(
        List.of(key),
        () -> {
          sound[0] = audits.isSound(key);
          return new PeerFrame.Ok();
        });
    return sound[0];
  }

  /** A block is given up for all who claim it. Suspends. */
  void gaveUp(StorageKey key) throws StoreException {
    inTurn(
        List.of(key),
        () -> {
          audits.giveUp(key);
          return new PeerFrame.Ok();
        });
  }

  /** The store is gone, and with it all that was kept. Never suspends. */
  void lostAll() {
    desk.lostAll();
  }

  /** Lets go of blocks that others keep in this holder's stead. Suspends. */
  void letGo(AccountId owner, List<StorageKey> keys) throws StoreException {
    desk.release(owner, keys, claim -> true);
  }

  static PeerFrame.Denied denied(int code, String text, long... figures) {
    return new PeerFrame.Denied(Refusal.of(code, text, figures));
  }
}
