package dev.p2pcp.index;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.quota.AccountLedger.Holder;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Answers holders that ask where to bring blocks of owners who are away. */
final class MendDesk {
  private final Ledgers ledgers;
  private final Locations locations;
  private final Lenders lenders;
  private final Signing signing;

  MendDesk(Ledgers ledgers, Locations locations, Lenders lenders, Signing signing) {
    this.ledgers = ledgers;
    this.locations = locations;
    this.lenders = lenders;
    this.signing = signing;
  }

  SessionFrame.Answer mend(DeviceCertificate who, SessionFrame.Mend request) {
    if (!request.leaving() && lenders.isAskingTooOften(who.device())) {
      return refused(request, Refusal.of(Refusal.BUSY, "mending", Repairs.ASKING));
    }
    Map<AccountId, List<SessionFrame.Mend.Item>> byOwner = new LinkedHashMap<>();
    request
        .items()
        .forEach(item -> byOwner.computeIfAbsent(item.owner(), o -> new ArrayList<>()).add(item));
    Holder asker = new Holder(who.device(), who.account());
    List<Ticket> tickets = new ArrayList<>();
    byOwner.forEach((owner, items) -> tickets.addAll(mend(asker, request.leaving(), owner, items)));
    return tickets.isEmpty()
        ? refused(request, Refusal.of(Refusal.NOT_FOUND, "nothing is torn"))
        : new SessionFrame.Reserved(request.id(), signing.issue(tickets));
  }

  private List<Ticket> mend(
      Holder asker, boolean leaving, AccountId owner, List<SessionFrame.Mend.Item> items) {
    List<StorageKey> keys = items.stream().map(SessionFrame.Mend.Item::key).toList();
    if (!(ledgers.ask(owner, new LedgerCommand.Holders(keys)) instanceof LedgerReply.Done done)
        || done.allowance().lent() > 0) {
      // It has a device that is here: what it lacks it places itself.
      return List.of();
    }
    List<List<PeerId>> announcers = locations.lookup(keys);
    List<Repairs.Torn> torn = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      torn.add(new Repairs.Torn(items.get(i), done.copies().get(i), Set.copyOf(announcers.get(i))));
    }
    return lenders.mend(asker, leaving, owner, torn);
  }

  private static SessionFrame.Answer refused(SessionFrame.Request request, Refusal refusal) {
    return new SessionFrame.Refused(request.id(), refusal);
  }
}
