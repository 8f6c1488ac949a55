package dev.p2pcp.index;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.placement.Candidate;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.wire.SessionFrame;
import java.util.List;
import java.util.Map;

/** Peers that lend slots, and who of them is asked to keep a copy. Nothing here waits. */
public interface Lenders {
  /** A connected peer says what it is and how many of its slots are free. */
  void lends(PeerId peer, Candidate.Kind kind, int free);

  /** Tickets for those blocks were used with that peer. */
  void settle(PeerId peer, AccountId owner, List<StorageKey> keys);

  /**
   * Unsigned tickets for as many of the wanted copies as there is room; their slots are promised.
   *
   * @param keepers who keeps each block by receipts
   * @param announcers who has each block, and is asked first
   */
  List<Ticket> allot(
      AccountId owner,
      List<SessionFrame.Reserve.Item> items,
      Map<StorageKey, List<AccountLedger.Holder>> keepers,
      Map<StorageKey, List<PeerId>> announcers);

  /** Unsigned tickets for those of the copies that are counted; they take no slots. */
  List<Ticket> renew(
      AccountId owner,
      List<SessionFrame.Renew.Copy> copies,
      Map<StorageKey, List<AccountLedger.Holder>> keepers);

  /** As {@link Repairs#found}. */
  SessionFrame.CopiesFound found(long id, List<List<AccountLedger.Kept>> blocks);

  /** As {@link Repairs#mayForgo}. */
  boolean mayForgo(PeerId holder);

  /** As {@link Repairs#isAskingTooOften}. */
  boolean isAskingTooOften(PeerId holder);

  /** As {@link Repairs#mend}; the slots are promised. */
  List<Ticket> mend(
      AccountLedger.Holder asker, boolean leaving, AccountId owner, List<Repairs.Torn> blocks);

  /** The tickets will not be handed out. */
  void giveBack(List<Ticket> tickets);
}
