package dev.p2pcp.index;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.placement.Candidate;
import dev.p2pcp.placement.Placement;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Answers a reserve: joins who has room with who keeps the blocks already. What comes out is
 * promised at once, so that two requests cannot be given the same slot; if the ledger then refuses,
 * it is to be given back. An owner that asks again, since its last tickets were lost or their use
 * was cut off, is sent to the same holders, so that it pays for no slot twice.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class Reservations {
  private final SlotBook slots;
  private final Placement placement;
  private final Entropy entropy;
  private final long ticketLife;

  /** With the time a ticket is good for, in milliseconds, at most {@link Ticket#MAX_LIFE}. */
  public Reservations(SlotBook slots, Placement placement, Entropy entropy, long ticketLife) {
    if (ticketLife < 1 || ticketLife > Ticket.MAX_LIFE) {
      throw new IllegalArgumentException("ticket life out of range");
    }
    this.slots = slots;
    this.placement = placement;
    this.entropy = entropy;
    this.ticketLife = ticketLife;
  }

  /**
   * Tickets for as many of the wanted copies as holders have room, none of them signed yet.
   *
   * @param keepers who keeps each block by receipts, as the owner's ledger says
   */
  public List<Ticket> allot(
      AccountId owner,
      List<SessionFrame.Reserve.Item> items,
      Map<StorageKey, List<AccountLedger.Holder>> keepers,
      long now) {
    return allot(owner, items, keepers, Map.of(), now);
  }

  /**
   * As above, with those first who have the block already: they only need to keep it.
   *
   * @param announcers who says of each block that it is there
   */
  public List<Ticket> allot(
      AccountId owner,
      List<SessionFrame.Reserve.Item> items,
      Map<StorageKey, List<AccountLedger.Holder>> keepers,
      Map<StorageKey, List<PeerId>> announcers,
      long now) {
    Map<PeerId, Candidate> room = new HashMap<>();
    slots.candidates(now).forEach(candidate -> room.put(candidate.peer(), candidate));
    Map<StorageKey, List<Candidate>> asked = slots.asked(owner, now);
    List<Ticket> tickets = new ArrayList<>();
    Set<StorageKey> seen = new HashSet<>();
    for (SessionFrame.Reserve.Item item : items) {
      if (!seen.add(item.key())) {
        continue;
      }
      Placement.Taken taken = taken(owner, keepers.getOrDefault(item.key(), List.of()), room);
      List<Candidate> again = new ArrayList<>(asked.getOrDefault(item.key(), List.of()));
      List<PeerId> there = announcers.getOrDefault(item.key(), List.of());
      again.removeIf(candidate -> there.contains(candidate.peer()));
      there.forEach(peer -> slots.holding(peer, now).ifPresent(again::add));
      List<Candidate> chosen = placement.choose(item.key(), item.copies(), again, taken);
      chosen.forEach(candidate -> tickets.add(promised(owner, item, candidate, now)));
      Placement.Taken also = with(chosen, taken);
      int further = item.copies() - chosen.size();
      for (Candidate candidate : placement.choose(item.key(), further, room.values(), also)) {
        tickets.add(promised(owner, item, candidate, now));
        room.put(candidate.peer(), candidate.withFree(candidate.free() - 1));
      }
    }
    return tickets;
  }

  /**
   * Tickets for those of the copies that are counted, none of them signed yet. They take no slot:
   * the holders have the blocks.
   *
   * @param keepers who keeps each block by receipts, as the owner's ledger says
   */
  public List<Ticket> renew(
      AccountId owner,
      List<SessionFrame.Renew.Copy> copies,
      Map<StorageKey, List<AccountLedger.Holder>> keepers,
      long now) {
    List<Ticket> tickets = new ArrayList<>();
    for (SessionFrame.Renew.Copy copy : copies) {
      for (AccountLedger.Holder keeper : keepers.getOrDefault(copy.key(), List.of())) {
        if (keeper.peer().equals(copy.holder())) {
          tickets.add(ticket(owner, copy.key(), Block.MAX_LENGTH, keeper, now));
        }
      }
    }
    return tickets;
  }

  /** The tickets will not be handed out. */
  public void giveBack(List<Ticket> tickets) {
    tickets.forEach(ticket -> slots.settle(ticket.holder(), ticket.owner(), ticket.key()));
  }

  /** What the tickets claim of the owner's allowance. */
  public static List<AccountLedger.Claim> claims(List<Ticket> tickets) {
    List<AccountLedger.Claim> claims = new ArrayList<>();
    for (Ticket ticket : tickets) {
      AccountLedger.Holder holder =
          new AccountLedger.Holder(ticket.holder(), ticket.holderAccount());
      claims.add(new AccountLedger.Claim(ticket.key(), holder, ticket.expires()));
    }
    return claims;
  }

  private Ticket promised(
      AccountId owner, SessionFrame.Reserve.Item item, Candidate holder, long now) {
    slots.promise(holder.peer(), owner, item.key(), now + ticketLife);
    AccountLedger.Holder keeper = new AccountLedger.Holder(holder.peer(), holder.account());
    return ticket(owner, item.key(), item.size(), keeper, now);
  }

  private Ticket ticket(
      AccountId owner, StorageKey key, int size, AccountLedger.Holder holder, long now) {
    return new Ticket(
        entropy.bytes(Ticket.SERIAL_LENGTH),
        owner,
        holder.peer(),
        holder.account(),
        key,
        size,
        now,
        now + ticketLife);
  }

  private static Placement.Taken taken(
      AccountId owner, List<AccountLedger.Holder> keepers, Map<PeerId, Candidate> room) {
    Set<PeerId> peers = new HashSet<>();
    Set<AccountId> accounts = new HashSet<>();
    Set<Long> networks = new HashSet<>();
    boolean anchored = false;
    for (AccountLedger.Holder keeper : keepers) {
      peers.add(keeper.peer());
      accounts.add(keeper.account());
      Candidate known = room.get(keeper.peer());
      if (known != null) {
        anchored |= known.kind() == Candidate.Kind.ANCHOR;
        networks.add(known.network());
      }
    }
    return new Placement.Taken(owner, peers, accounts, networks, anchored);
  }

  private static Placement.Taken with(List<Candidate> chosen, Placement.Taken taken) {
    Set<PeerId> peers = new HashSet<>(taken.peers());
    Set<AccountId> accounts = new HashSet<>(taken.accounts());
    Set<Long> networks = new HashSet<>(taken.networks());
    boolean anchored = taken.anchored();
    for (Candidate candidate : chosen) {
      peers.add(candidate.peer());
      accounts.add(candidate.account());
      networks.add(candidate.network());
      anchored |= candidate.kind() == Candidate.Kind.ANCHOR;
    }
    return new Placement.Taken(taken.owner(), peers, accounts, networks, anchored);
  }
}
