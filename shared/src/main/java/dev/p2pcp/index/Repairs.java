package dev.p2pcp.index;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.placement.Candidate;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an index server says of copies whose holders are away: to their owners, which of them they
 * may forgo, and to surviving holders, where to bring a block whose owner is away as well.
 *
 * <p>Times are wall time in milliseconds. Not safe for use by several threads at once.
 */
public final class Repairs {
  /** Mended blocks remembered; of more, the eldest are forgotten. */
  static final int MAX_MENDED = 100_000;

  /** Between two questions of one holder for what to mend, in milliseconds. */
  public static final long ASKING = 10_000;

  /** Holders remembered to have asked; more than ask within {@link #ASKING} on a large server. */
  private static final int MAX_ASKING = 10_000;

  private final SlotBook slots;
  private final Absences absences;
  private final Calm calm;
  private final Reservations reservations;
  private final Map<Owned, Map<PeerId, Mended>> mended = new LinkedHashMap<>();
  private final Map<PeerId, Long> asked = new LinkedHashMap<>();

  public Repairs(SlotBook slots, Absences absences, Calm calm, Reservations reservations) {
    this.slots = slots;
    this.absences = absences;
    this.calm = calm;
    this.reservations = reservations;
  }

  /** An owner's block, of which copies are made in the stead of holders that are lost. */
  private record Owned(AccountId owner, StorageKey key) {}

  /** Who was given a ticket for it, and until when that is good. */
  private record Mended(AccountLedger.Holder by, long until) {}

  /** A block that a holder asks to mend, and what is known of it. */
  public record Torn(
      SessionFrame.Mend.Item item, List<AccountLedger.Kept> copies, Set<PeerId> announcers) {}

  /** That peer has come or gone, as the book of slots says. */
  public void noticed(PeerId peer, long now) {
    if (slots.lending(peer).isPresent()) {
      absences.connected(peer, now);
    } else {
      absences.disconnected(peer, now);
    }
    calm.sessions(slots.size(), now);
  }

  /** What an owner is told of the counted copies of each block. */
  public SessionFrame.CopiesFound found(long id, List<List<AccountLedger.Kept>> blocks, long now) {
    List<List<SessionFrame.CopiesFound.Kept>> told = new ArrayList<>();
    for (List<AccountLedger.Kept> copies : blocks) {
      told.add(copies.stream().limit(Limits.KEPT).map(kept -> told(kept, now)).toList());
    }
    int left = (int) Math.min(Integer.MAX_VALUE, calm.left(now));
    return new SessionFrame.CopiesFound(id, left, told);
  }

  private SessionFrame.CopiesFound.Kept told(AccountLedger.Kept kept, long now) {
    PeerId peer = kept.holder().peer();
    return new SessionFrame.CopiesFound.Kept(
        peer,
        kept.expires(),
        absences.seen(peer, now),
        (int) (absences.grace(peer) / 1000),
        slots.lending(peer).filter(l -> l.kind() == Candidate.Kind.ANCHOR).isPresent());
  }

  /**
   * Whether an owner may give up counting what that holder keeps. Of who was not here since the
   * start only the owner knows for how long, and is believed. Who returns is counted again.
   */
  public boolean mayForgo(PeerId holder, long now) {
    return absences.mayBeLost(holder, now) || absences.seen(holder, now) == 0;
  }

  /** Whether the holder asked so lately that it is to wait; if not, it has asked now. */
  public boolean isAskingTooOften(PeerId holder, long now) {
    Long last = asked.get(holder);
    if (last != null && now - last < ASKING && now >= last) {
      return true;
    }
    asked.remove(holder);
    asked.put(holder, now);
    trim(asked, MAX_ASKING);
    return false;
  }

  /**
   * Tickets of an owner who is away, for as many copies as were lost of each block, none of them
   * signed yet. A copy is made once in the stead of each that is lost, or of the asker's own if it
   * leaves.
   */
  public List<Ticket> mend(
      AccountLedger.Holder asker, boolean leaving, AccountId owner, List<Torn> blocks, long now) {
    List<Ticket> tickets = new ArrayList<>();
    if (calm.left(now) > 0 && !leaving) {
      return tickets;
    }
    for (Torn torn : blocks) {
      if (torn.copies.stream().noneMatch(kept -> kept.holder().equals(asker))) {
        continue;
      }
      if (leaving) {
        mendOne(owner, torn, asker.peer(), now, tickets);
        continue;
      }
      for (AccountLedger.Kept kept : torn.copies) {
        PeerId peer = kept.holder().peer();
        if (absences.isLost(peer, now)) {
          mendOne(owner, torn, peer, now, tickets);
        }
      }
    }
    trim(mended, MAX_MENDED);
    return tickets;
  }

  private void mendOne(AccountId owner, Torn torn, PeerId instead, long now, List<Ticket> tickets) {
    StorageKey key = torn.item.key();
    Owned owned = new Owned(owner, key);
    Map<PeerId, Mended> made = mended.getOrDefault(owned, new HashMap<>());
    made.values().removeIf(copy -> !isThere(copy, torn.announcers, now));
    if (made.containsKey(instead)) {
      return;
    }
    List<AccountLedger.Holder> keepers = new ArrayList<>();
    torn.copies.forEach(kept -> keepers.add(kept.holder()));
    made.values().forEach(copy -> keepers.add(copy.by));
    List<SessionFrame.Reserve.Item> one =
        List.of(new SessionFrame.Reserve.Item(key, torn.item.size(), 1));
    for (Ticket ticket : reservations.allot(owner, one, Map.of(key, keepers), now)) {
      AccountLedger.Holder by = new AccountLedger.Holder(ticket.holder(), ticket.holderAccount());
      made.put(instead, new Mended(by, ticket.expires()));
      tickets.add(ticket);
    }
    mended.remove(owned);
    if (!made.isEmpty()) {
      mended.put(owned, made);
    }
  }

  /** Whether the copy is on its way, or here, or with somebody who is likely to come back. */
  private boolean isThere(Mended copy, Set<PeerId> announcers, long now) {
    PeerId peer = copy.by.peer();
    return copy.until > now
        || announcers.contains(peer)
        || (!absences.isConnected(peer) && !absences.isLost(peer, now));
  }

  private static <K, V> void trim(Map<K, V> map, int most) {
    var eldest = map.keySet().iterator();
    while (map.size() > most) {
      eldest.next();
      eldest.remove();
    }
  }
}
