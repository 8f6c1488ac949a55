package dev.p2pcp.server.slot;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Absences;
import dev.p2pcp.index.Calm;
import dev.p2pcp.index.Lenders;
import dev.p2pcp.index.Repairs;
import dev.p2pcp.index.Reservations;
import dev.p2pcp.index.SlotBook;
import dev.p2pcp.index.SlotBook.Lending;
import dev.p2pcp.index.SlotBook.Promised;
import dev.p2pcp.placement.Candidate;
import dev.p2pcp.placement.Placement;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.server.admission.Settings;
import dev.p2pcp.server.cluster.ClusterSecret;
import dev.p2pcp.server.member.LinkFrame;
import dev.p2pcp.server.member.LinkUser;
import dev.p2pcp.server.member.MemberLink;
import dev.p2pcp.server.member.MemberLinks;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Peers of all members that lend slots, and who of them is asked to keep a copy. Members tell each
 * other what their peers lend and what they promise, so that any can pick holders on any. Sections
 * are short and never wait.
 */
@Component
public class Holders implements LinkUser, Lenders {
  /** In a promise: it is over. */
  private static final long OVER = 0;

  private final SlotBook slots = new SlotBook();
  private final Reservations reservations;
  private final Repairs repairs;
  private final MemberLinks links;
  private final Clock clock;

  Holders(
      ClusterSecret secret, Entropy entropy, Clock clock, Settings settings, MemberLinks links) {
    long ticketLife = settings.ticketLife().toMillis();
    this.reservations = new Reservations(slots, new Placement(secret.bytes()), entropy, ticketLife);
    this.clock = clock;
    Calm calm = new Calm(clock.now(), settings.calm().toMillis());
    this.repairs = new Repairs(slots, new Absences(clock.now()), calm, reservations);
    this.links = links;
    links.join(this);
  }

  /** A peer is connected from that network. */
  public synchronized void connect(PeerId peer, AccountId account, long network) {
    slots.connect(peer, account, network, clock.now());
    repairs.noticed(peer, clock.now());
  }

  /** A peer is gone. */
  public synchronized void disconnect(PeerId peer) {
    slots.disconnect(peer);
    repairs.noticed(peer, clock.now());
    links.broadcast(new LinkFrame.Left(peer));
  }

  @Override
  public synchronized void lends(PeerId peer, Candidate.Kind kind, int free) {
    slots.lends(peer, kind, free);
    slots
        .lending(peer)
        .ifPresent(lending -> links.broadcast(new LinkFrame.Lends(List.of(lending))));
  }

  @Override
  public synchronized void settle(PeerId peer, AccountId owner, List<StorageKey> keys) {
    keys.forEach(key -> slots.settle(peer, owner, key));
    tell(keys.stream().map(key -> new Promised(peer, owner, key, OVER)).toList());
  }

  @Override
  public synchronized List<Ticket> allot(
      AccountId owner,
      List<SessionFrame.Reserve.Item> items,
      Map<StorageKey, List<AccountLedger.Holder>> keepers,
      Map<StorageKey, List<PeerId>> announcers) {
    return told(reservations.allot(owner, items, keepers, announcers, clock.now()));
  }

  @Override
  public synchronized SessionFrame.CopiesFound found(
      long id, List<List<AccountLedger.Kept>> blocks) {
    return repairs.found(id, blocks, clock.now());
  }

  @Override
  public synchronized boolean mayForgo(PeerId holder) {
    return repairs.mayForgo(holder, clock.now());
  }

  @Override
  public synchronized boolean isAskingTooOften(PeerId holder) {
    return repairs.isAskingTooOften(holder, clock.now());
  }

  @Override
  public synchronized List<Ticket> mend(
      AccountLedger.Holder asker, boolean leaving, AccountId owner, List<Repairs.Torn> blocks) {
    return told(repairs.mend(asker, leaving, owner, blocks, clock.now()));
  }

  private List<Ticket> told(List<Ticket> tickets) {
    tell(tickets.stream().map(ticket -> promised(ticket, ticket.expires())).toList());
    return tickets;
  }

  @Override
  public synchronized List<Ticket> renew(
      AccountId owner,
      List<SessionFrame.Renew.Copy> copies,
      Map<StorageKey, List<AccountLedger.Holder>> keepers) {
    return reservations.renew(owner, copies, keepers, clock.now());
  }

  @Override
  public synchronized void giveBack(List<Ticket> tickets) {
    reservations.giveBack(tickets);
    tell(tickets.stream().map(ticket -> promised(ticket, OVER)).toList());
  }

  /** The other member is told what is lent and promised here. */
  @Override
  public synchronized void up(MemberLink link) {
    pieces(slots.lendings()).forEach(piece -> link.send(new LinkFrame.Lends(piece)));
    pieces(slots.promises(clock.now())).forEach(piece -> link.send(new LinkFrame.Promises(piece)));
  }

  @Override
  public void received(MemberLink link, LinkFrame frame) {
    switch (frame) {
      case LinkFrame.Lends lends -> lend(link.number(), lends.lendings());
      case LinkFrame.Left left -> leave(link.number(), left.peer());
      case LinkFrame.Promises promises -> promise(promises.promises());
      default -> {
        // The rest is for tunnels.
      }
    }
  }

  @Override
  public synchronized void down(MemberLink link) {
    List<PeerId> gone = slots.at(link.number());
    slots.disconnectAll(link.number());
    gone.forEach(peer -> repairs.noticed(peer, clock.now()));
  }

  private synchronized void lend(int home, List<Lending> lendings) {
    for (Lending lending : lendings) {
      slots.lend(home, lending);
      repairs.noticed(lending.peer(), clock.now());
    }
  }

  private synchronized void leave(int home, PeerId peer) {
    slots.disconnect(home, peer);
    repairs.noticed(peer, clock.now());
  }

  private synchronized void promise(List<Promised> promises) {
    for (Promised promised : promises) {
      if (promised.until() == OVER) {
        slots.settle(promised.peer(), promised.owner(), promised.key());
      } else {
        slots.promise(promised.peer(), promised.owner(), promised.key(), promised.until());
      }
    }
  }

  private void tell(List<Promised> promises) {
    pieces(promises).forEach(piece -> links.broadcast(new LinkFrame.Promises(piece)));
  }

  private static Promised promised(Ticket ticket, long until) {
    return new Promised(ticket.holder(), ticket.owner(), ticket.key(), until);
  }

  private static <T> List<List<T>> pieces(List<T> list) {
    List<List<T>> pieces = new ArrayList<>();
    for (int at = 0; at < list.size(); at += LinkFrame.LIST) {
      pieces.add(List.copyOf(list.subList(at, Math.min(at + LinkFrame.LIST, list.size()))));
    }
    return pieces;
  }
}
