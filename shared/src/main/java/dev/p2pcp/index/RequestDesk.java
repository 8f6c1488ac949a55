package dev.p2pcp.index;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.placement.Candidate;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.quota.AccountLedger.Holder;
import dev.p2pcp.quota.AccountLedger.Kept;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers the requests of logged-in agents: the one definition for an index server in this process
 * and for the members of a cluster. Calls may wait where the ports say so; requests of different
 * sessions are served at once.
 */
public final class RequestDesk {
  /** After how many milliseconds to ask again what there was no room for. */
  private static final int BUSY_PAUSE = 1_000;

  private final Ledgers ledgers;
  private final Locations locations;
  private final Lenders lenders;
  private final Signing signing;
  private final Oversight oversight;
  private final Signalling signalling;
  private final Gathering gathering;
  private final Clock clock;
  private final MendDesk mending;
  private final Presenting presenting;
  private final Stating stating;

  public RequestDesk(
      Ledgers ledgers,
      Locations locations,
      Lenders lenders,
      Signing signing,
      Oversight oversight,
      Meeting meeting,
      Clock clock) {
    this.ledgers = ledgers;
    this.locations = locations;
    this.lenders = lenders;
    this.signing = signing;
    this.oversight = oversight;
    this.signalling = meeting.signals();
    this.gathering = meeting.topics();
    this.clock = clock;
    this.mending = new MendDesk(ledgers, locations, lenders, signing);
    this.stating = new Stating(ledgers, signing, clock);
    this.presenting = new Presenting(ledgers, lenders, signing, oversight, clock);
  }

  /** Who asks. */
  public interface Client {
    /** The number of the session. */
    int session();

    /** The device that is logged in. */
    DeviceCertificate certificate();

    /** What the session has promised to bring. */
    ManifestCheck manifest();

    /** Ends the session, which was caught cheating. Never waits. */
    void end(Refusal why);

    /** So many storage keys more (or fewer) are announced by the session. Never waits. */
    void announced(int difference);
  }

  /** Whether there is something for {@link #verifySome}. */
  public boolean hasUnverified() {
    return presenting.hasUnverified();
  }

  /**
   * Verifies so many of the receipt batches that were not verified when they came; to be called
   * whenever there is time.
   *
   * @return whether more wait
   */
  public boolean verifySome(int batches) {
    return presenting.verifySome(batches);
  }

  /** The answer to a request of that client. */
  public SessionFrame.Answer serve(Client client, SessionFrame.Request request) {
    return switch (request) {
      case SessionFrame.Announce r ->
          announced(client, r, locations.announce(client.session(), r.keys()));
      case SessionFrame.Withdraw r ->
          withdrawn(client, r, locations.withdraw(client.session(), r.keys()));
      case SessionFrame.Pledge r -> pledge(client, r);
      case SessionFrame.Manifest r -> presenting.manifest(client, r);
      case SessionFrame.State r -> stating.state(client.certificate(), r);
      case SessionFrame.Present r -> presenting.present(client, r);
      case SessionFrame.Freed r -> freed(client.certificate(), r);
      case SessionFrame.Lookup r -> new SessionFrame.Found(r.id(), locations.lookup(r.keys()));
      case SessionFrame.Reserve r -> reserve(client.certificate().account(), r);
      case SessionFrame.Renew r -> renew(client.certificate().account(), r);
      case SessionFrame.Copies r ->
          lenders.found(r.id(), copies(client.certificate().account(), r.keys()).copies());
      case SessionFrame.Forgo r -> forgo(client.certificate().account(), r);
      case SessionFrame.Servers r -> new SessionFrame.ServersFound(r.id(), signing.servers());
      case SessionFrame.Mend r -> mending.mend(client.certificate(), r);
      case SessionFrame.Signal r -> signal(client.certificate().device(), r);
      case SessionFrame.Join r -> join(client, r);
      case SessionFrame.Leave r -> {
        gathering.leave(client.session(), r.topics());
        yield new SessionFrame.Done(r.id());
      }
      case SessionFrame.Pull r -> signalling.pull(client.certificate().device(), r.id());
      case SessionFrame.Ice r -> signalling.ice(client.certificate().device(), r.id());
    };
  }

  private SessionFrame.Answer join(Client client, SessionFrame.Join request) {
    PeerId peer = client.certificate().device();
    return gathering
        .join(client.session(), peer, request.topics())
        .<SessionFrame.Answer>map(refusal -> refused(request, refusal))
        .orElseGet(
            () -> new SessionFrame.Sampled(request.id(), gathering.sample(peer, request.topics())));
  }

  private SessionFrame.Answer signal(PeerId from, SessionFrame.Signal request) {
    return signalling
        .post(from, request.to(), request.sealed())
        .<SessionFrame.Answer>map(refusal -> refused(request, refusal))
        .orElseGet(() -> new SessionFrame.Done(request.id()));
  }

  /** The answer to an announce of which this became. Never waits. */
  public static SessionFrame.Answer announced(
      Client client, SessionFrame.Announce request, Locations.Announced announced) {
    client.announced(announced.added());
    return announced.refused() == 0
        ? new SessionFrame.Done(request.id())
        : refused(request, Refusal.of(Refusal.BUSY, "locations", BUSY_PAUSE));
  }

  /** The answer to a withdrawal by which so many locations went. Never waits. */
  public static SessionFrame.Answer withdrawn(
      Client client, SessionFrame.Withdraw request, int count) {
    client.announced(-count);
    return new SessionFrame.Done(request.id());
  }

  private SessionFrame.Answer pledge(Client client, SessionFrame.Pledge request) {
    DeviceCertificate who = client.certificate();
    lenders.lends(
        who.device(),
        request.alwaysOn() ? Candidate.Kind.ANCHOR : Candidate.Kind.TAB,
        request.free());
    oversight.vet(who.account());
    return change(
        request,
        who.account(),
        new LedgerCommand.Pledge(who.device(), client.session(), request.slots()));
  }

  private SessionFrame.Answer freed(DeviceCertificate who, SessionFrame.Freed request) {
    Holder holder = new Holder(who.device(), who.account());
    // Also a holder whose clock is off is not to be accused of what it says that it lost.
    oversight.freed(holder, request.owner(), request.keys());
    Optional<Refusal> flaw = ReceiptRules.checkFreed(request.time(), clock.now());
    if (flaw.isPresent()) {
      return refused(request, flaw.get());
    }
    return change(
        request, request.owner(), new LedgerCommand.Free(holder, request.time(), request.keys()));
  }

  private SessionFrame.Answer reserve(AccountId owner, SessionFrame.Reserve request) {
    int wanted = request.items().stream().mapToInt(SessionFrame.Reserve.Item::copies).sum();
    if (wanted > TicketBatch.MAX) {
      return refused(request, Refusal.of(Refusal.OVER_LIMIT, "tickets", TicketBatch.MAX, wanted));
    }
    List<StorageKey> keys = request.items().stream().map(SessionFrame.Reserve.Item::key).toList();
    List<Ticket> tickets =
        lenders.allot(owner, request.items(), keepers(owner, keys), announcers(keys));
    if (tickets.isEmpty()) {
      return refused(request, Refusal.of(Refusal.NO_HOLDERS, "nobody has room", wanted, 0));
    }
    boolean handedOut = false;
    try {
      SessionFrame.Answer answer = enter(owner, request, tickets);
      handedOut = answer instanceof SessionFrame.Reserved;
      return answer;
    } finally {
      if (!handedOut) {
        lenders.giveBack(tickets);
      }
    }
  }

  /** Who says that it has each block; that it takes no slot makes the wait worth it. */
  private Map<StorageKey, List<PeerId>> announcers(List<StorageKey> keys) {
    Map<StorageKey, List<PeerId>> announcers = new HashMap<>();
    List<List<PeerId>> found = locations.lookup(keys);
    for (int i = 0; i < keys.size(); i++) {
      announcers.put(keys.get(i), found.get(i));
    }
    return announcers;
  }

  /** Copies of holders that may be lost; the others, and what is not counted, are left alone. */
  private SessionFrame.Answer forgo(AccountId owner, SessionFrame.Forgo request) {
    List<StorageKey> keys =
        request.copies().stream().map(SessionFrame.Renew.Copy::key).distinct().toList();
    List<List<Kept>> kept = copies(owner, keys).copies();
    Map<Holder, List<StorageKey>> lost = new HashMap<>();
    for (int i = 0; i < kept.size(); i++) {
      for (Kept copy : kept.get(i)) {
        PeerId peer = copy.holder().peer();
        boolean asked = request.copies().contains(new SessionFrame.Renew.Copy(keys.get(i), peer));
        if (asked && lenders.mayForgo(peer)) {
          lost.computeIfAbsent(copy.holder(), h -> new ArrayList<>()).add(keys.get(i));
        }
      }
    }
    lost.forEach((holder, of) -> ledgers.ask(owner, new LedgerCommand.Forgo(holder, of)));
    if (!lost.isEmpty()) {
      ledgers.changed(owner);
    }
    return new SessionFrame.Done(request.id());
  }

  private SessionFrame.Answer renew(AccountId owner, SessionFrame.Renew request) {
    List<StorageKey> keys =
        request.copies().stream().map(SessionFrame.Renew.Copy::key).distinct().toList();
    List<Ticket> tickets = lenders.renew(owner, request.copies(), keepers(owner, keys));
    return tickets.isEmpty()
        ? refused(request, Refusal.of(Refusal.NOT_FOUND, "not counted"))
        : enter(owner, request, tickets);
  }

  /** Signed tickets, if the account lends enough for them. */
  private SessionFrame.Answer enter(
      AccountId owner, SessionFrame.Request request, List<Ticket> tickets) {
    oversight.vet(owner);
    LedgerReply reply = ledgers.ask(owner, new LedgerCommand.Reserve(Reservations.claims(tickets)));
    Optional<Refusal> refusal = refusalOf(reply);
    if (refusal.isPresent()) {
      return refused(request, refusal.get());
    }
    noted(owner, reply);
    ledgers.changed(owner);
    return new SessionFrame.Reserved(request.id(), signing.issue(tickets));
  }

  /** Who keeps each of the blocks by receipts. */
  private Map<StorageKey, List<Holder>> keepers(AccountId owner, List<StorageKey> keys) {
    Map<StorageKey, List<Holder>> keepers = new HashMap<>();
    List<List<Kept>> copies = copies(owner, keys).copies();
    for (int i = 0; i < keys.size(); i++) {
      keepers.put(keys.get(i), copies.get(i).stream().map(Kept::holder).toList());
    }
    return keepers;
  }

  private LedgerReply.Done copies(AccountId owner, List<StorageKey> keys) {
    if (ledgers.ask(owner, new LedgerCommand.Holders(keys)) instanceof LedgerReply.Done done) {
      return done;
    }
    throw new IllegalStateException("a question was refused");
  }

  private SessionFrame.Answer change(
      SessionFrame.Request request, AccountId account, LedgerCommand command) {
    LedgerReply reply = ledgers.ask(account, command);
    noted(account, reply);
    ledgers.changed(account);
    return refusalOf(reply)
        .<SessionFrame.Answer>map(refusal -> refused(request, refusal))
        .orElseGet(() -> new SessionFrame.Done(request.id()));
  }

  private void noted(AccountId account, LedgerReply reply) {
    if (reply instanceof LedgerReply.Done done) {
      oversight.figures(account, done.allowance());
    }
  }

  private static SessionFrame.Answer refused(SessionFrame.Request request, Refusal refusal) {
    return new SessionFrame.Refused(request.id(), refusal);
  }

  static Optional<Refusal> refusalOf(LedgerReply reply) {
    return switch (reply) {
      case LedgerReply.Done done -> Optional.empty();
      case LedgerReply.Keeps keeps -> Optional.empty();
      case LedgerReply.OverAllowance over -> {
        Allowance a = over.allowance();
        yield Optional.of(
            Refusal.of(Refusal.OVER_ALLOWANCE, "lend more", a.blocks(), a.needed(), a.lent()));
      }
      case LedgerReply.OverLimit over ->
          Optional.of(Refusal.of(Refusal.OVER_LIMIT, "ledger", over.limit(), over.limit() + 1L));
      case LedgerReply.Stale stale ->
          Optional.of(Refusal.of(Refusal.STALE_VERSION, "statement", stale.number()));
    };
  }
}
