package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.Optional;

/**
 * Where others leave blocks in the bucket of a holder, by a ticket as if they brought them: the
 * name there is the ticket's and not the block's, so that nothing that is kept can be overwritten.
 */
final class DepositDesk {
  private final Clock clock;
  private final BlockStore store;
  private final Holdings holdings;
  private final Holder holder;

  DepositDesk(Clock clock, BlockStore store, Holdings holdings, Holder holder) {
    this.clock = clock;
    this.store = store;
    this.holdings = holdings;
    this.holder = holder;
  }

  /** Says where a block can be left by its ticket. Suspends. */
  PeerFrame.Reply place(PeerFrame.Deposit deposit) throws StoreException {
    Ticket ticket = deposit.grant().ticket();
    Optional<Refusal> flaw =
        holder.flawOf(deposit.grant(), deposit.owner(), deposit.signature(), Domain.PUT);
    if (flaw.isPresent()) {
      return new PeerFrame.Denied(flaw.get());
    }
    if (deposit.length() > ticket.size()) {
      return Holder.denied(Refusal.OVER_LIMIT, "block over the ticket's size", ticket.size());
    }
    boolean room = holdings.of(ticket.key()).isPresent() || holdings.freeForOthers() > 0;
    Optional<String> url =
        room
            ? store.place(ticket.serial(), deposit.length(), deposit.checksum().bytes())
            : Optional.empty();
    return url.isPresent()
        ? new PeerFrame.Elsewhere(url.get())
        : Holder.denied(Refusal.NOT_FOUND, "no place to leave it");
  }

  /** Keeps what was left, if it is the block of the ticket. Suspends. */
  PeerFrame.Reply take(PeerFrame.Deposited deposited) throws StoreException {
    Ticket ticket = deposited.grant().ticket();
    Optional<Refusal> flaw =
        holder.flawOf(deposited.grant(), deposited.owner(), deposited.signature(), Domain.PUT);
    if (flaw.isPresent()) {
      return new PeerFrame.Denied(flaw.get());
    }
    Optional<Bytes> left = store.left(ticket.serial());
    return left.isEmpty()
        ? Holder.denied(Refusal.NOT_FOUND, "nothing was left")
        : holder.keep(ticket, left.get(), clock.now() + ReceiptDesk.TIME_TO_SETTLE);
  }
}
