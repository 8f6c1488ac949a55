package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.BlockVerifier;
import dev.p2pcp.block.Excerpt;
import dev.p2pcp.block.Leaves;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.PeerHandler;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * Shows that blocks are kept. What turns out to be lost or damaged is given up at once, so that its
 * owner hears of it and nobody takes this holder for a liar.
 */
final class AuditDesk {
  private final Platform platform;
  private final BlockStore store;
  private final Holdings holdings;
  private final Device device;
  private final ReceiptDesk desk;

  AuditDesk(
      Platform platform, BlockStore store, Holdings holdings, Device device, ReceiptDesk desk) {
    this.platform = platform;
    this.store = store;
    this.holdings = holdings;
    this.device = device;
    this.desk = desk;
  }

  PeerFrame.Reply audit(PeerId from, PeerFrame.Audit audit) throws StoreException {
    StorageKey key = audit.key();
    List<Holding.Claim> claims = holdings.of(key).map(Holding::claims).orElse(List.of());
    boolean claimed = claims.stream().anyMatch(claim -> claim.owner().equals(audit.owner()));
    Optional<Block> block = claimed ? genuine(key) : Optional.empty();
    if (block.isPresent()) {
      return show(audit, block.get());
    }
    if (claimed) {
      giveUp(key, claims);
    } else if (from.equals(PeerHandler.NOBODY)) {
      // A server counts a copy by an old receipt. Others could make this agent talk without end.
      desk.release(audit.owner(), List.of(key), c -> true);
    }
    return Holder.denied(Refusal.NOT_FOUND, "not kept here");
  }

  /** Whether what is kept is as it should be; what is not is given up for all who claim it. */
  boolean isSound(StorageKey key) throws StoreException {
    Optional<Holding> holding = holdings.of(key);
    if (holding.isEmpty() || genuine(key).isPresent()) {
      return true;
    }
    giveUp(key, holding.get().claims());
    return false;
  }

  private void giveUp(StorageKey key, List<Holding.Claim> claims) throws StoreException {
    for (Holding.Claim claim : claims) {
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
  private Optional<Block> genuine(StorageKey key) throws StoreException {
    try {
      Optional<Bytes> encoded = store.block(key);
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
