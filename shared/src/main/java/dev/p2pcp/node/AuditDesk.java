package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.BlockVerifier;
import dev.p2pcp.block.Excerpt;
import dev.p2pcp.block.Leaves;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.PeerHandler;
import dev.p2pcp.trust.DayBudget;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows that blocks are kept. What turns out to be lost or damaged is given up at once, so that its
 * owner hears of it and nobody takes this holder for a liar. It counts what audits come to in a
 * day, as index servers do that forget and of which there may be several: with more, it rests.
 */
final class AuditDesk {
  private static final Bytes RECORD = Bytes.utf8("audited");

  /** Who rests does so until so many bytes may be spent again, or it would rest at every other. */
  private static final int RESTED = 8 * 1024;

  private final Platform platform;
  private final BlockStore store;
  private final Holdings holdings;
  private final Device device;
  private final ReceiptDesk desk;
  private volatile @Nullable DayBudget budget;
  private boolean resting;

  AuditDesk(
      Platform platform, BlockStore store, Holdings holdings, Device device, ReceiptDesk desk) {
    this.platform = platform;
    this.store = store;
    this.holdings = holdings;
    this.device = device;
    this.desk = desk;
  }

  PeerFrame.Reply audit(PeerId from, PeerFrame.Audit audit) throws StoreException {
    if (!from.equals(PeerHandler.NOBODY)) {
      // Only what servers ask for is counted: others could use up what is for them.
      return answer(from, audit);
    }
    DayBudget spent = budget();
    PeerFrame.Reply reply = rests(spent, 0) ? busy() : answer(from, audit);
    int bytes = DayBudget.ENVELOPES + length(audit) + length(reply);
    BlockStore.Batch batch = new BlockStore.Batch();
    synchronized (this) {
      if (rests(spent, bytes)) {
        return busy();
      }
      spent.spend(bytes, platform.clock().now());
      batch.putRecord(BlockStore.Table.PROFILE, RECORD, spent.encoded());
    }
    store.apply(batch);
    return reply;
  }

  private static int length(PeerFrame frame) {
    return FrameCodec.encode(frame).length();
  }

  private static PeerFrame.Reply busy() {
    return Holder.denied(Refusal.BUSY, "audited enough today");
  }

  /** Whether so many bytes more are too many. Never suspends. */
  private synchronized boolean rests(DayBudget spent, int bytes) {
    int room = DayBudget.LIMIT - spent.spent(platform.clock().now());
    resting = resting ? room < RESTED : room < bytes;
    return resting;
  }

  private DayBudget budget() throws StoreException {
    DayBudget known = budget;
    if (known == null) {
      Optional<Bytes> record = store.record(BlockStore.Table.PROFILE, RECORD);
      try {
        known = record.isPresent() ? DayBudget.decode(record.get()) : new DayBudget();
      } catch (MalformedFrameException e) {
        throw new StoreException(StoreException.Reason.DAMAGED, "what audits came to");
      }
      synchronized (this) {
        // Another audit may have read it meanwhile.
        known = budget == null ? known : budget;
        budget = known;
      }
    }
    return known;
  }

  private PeerFrame.Reply answer(PeerId from, PeerFrame.Audit audit) throws StoreException {
    StorageKey key = audit.key();
    List<Holding.Claim> claims = holdings.of(key).map(Holding::claims).orElse(List.of());
    boolean claimed = claims.stream().anyMatch(claim -> claim.owner().equals(audit.owner()));
    boolean server = from.equals(PeerHandler.NOBODY);
    Optional<Block> block = claimed ? genuine(key, server) : Optional.empty();
    if (block.isPresent()) {
      return show(audit, block.get());
    }
    if (claimed) {
      giveUp(key);
    } else if (server) {
      // A server counts a copy by an old receipt. Others could make this agent talk without end.
      desk.release(audit.owner(), List.of(key), c -> true);
    }
    return Holder.denied(Refusal.NOT_FOUND, "not kept here");
  }

  /** Whether what is kept is as it should be; what is not is given up for all who claim it. */
  boolean isSound(StorageKey key) throws StoreException {
    Optional<Holding> holding = holdings.of(key);
    if (holding.isEmpty() || genuine(key, true).isPresent()) {
      return true;
    }
    giveUp(key);
    return false;
  }

  /** A block is given up for all who claim it. */
  void giveUp(StorageKey key) throws StoreException {
    for (Holding.Claim claim : holdings.of(key).map(Holding::claims).orElse(List.of())) {
      desk.release(claim.owner(), List.of(key), c -> true);
    }
  }

  private PeerFrame.Reply show(PeerFrame.Audit audit, Block block) {
    Bytes whole = block instanceof Block.Signed ? block.payload() : block.encoded();
    List<Hash> leaves = Leaves.hashes(whole);
    int index = Leaves.index(audit.part(), leaves.size());
    Bytes shown =
        block instanceof Block.Signed signed ? Excerpt.of(signed, index) : Leaves.at(whole, index);
    return shown(audit, MerkleTree.proof(leaves, index), shown);
  }

  private PeerFrame.Reply shown(PeerFrame.Audit audit, List<Hash> proof, Bytes shown) {
    long now = platform.clock().now();
    return new PeerFrame.Audited(
        now, device.key().sign(Domain.AUDIT, audit.signed(now, shown)), proof, shown);
  }

  /** The block as it must be; empty if it is not here, or not as it was. */
  private Optional<Block> genuine(StorageKey key, boolean must) throws StoreException {
    try {
      Optional<Bytes> encoded = must ? store.shown(key) : store.block(key);
      return encoded.isPresent()
              && new BlockVerifier(platform.crypto()).verify(key, encoded.get())
                  instanceof BlockVerifier.Genuine genuine
          ? Optional.of(genuine.block())
          : Optional.empty();
    } catch (StoreException e) {
      if (e.reason() == StoreException.Reason.DAMAGED) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
