package dev.p2pcp.testing;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Delivery;
import dev.p2pcp.index.ProofCheck;
import dev.p2pcp.index.ReceiptRules;
import dev.p2pcp.index.Reservations;
import dev.p2pcp.index.SessionRules;
import dev.p2pcp.index.SessionStep;
import dev.p2pcp.index.SlotBook;
import dev.p2pcp.index.TunnelRelay;
import dev.p2pcp.placement.Candidate;
import dev.p2pcp.placement.Placement;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An index server in this process, made of the very rules of production: it can be killed and
 * started again with another key and an empty memory, and peers can be cut off or made silent.
 */
public final class MemoryIndex {
  private static final int HEARTBEAT = 30_000;

  private final Platform platform;
  private final String origin;
  private final Map<Integer, Session> sessions = new HashMap<>();
  private final Set<PeerId> silent = new HashSet<>();
  private final Map<AccountId, AccountLedger> ledgers = new HashMap<>();
  private final Map<StorageKey, Set<PeerId>> locations = new HashMap<>();
  private final Map<Class<?>, Integer> requests = new HashMap<>();
  private SlotBook slots = new SlotBook();
  private TunnelRelay relay = new TunnelRelay();
  private Reservations reservations;
  private Crypto.SigningKey key;
  private boolean up = true;
  private int nextSession;
  private long ticketLife = Ticket.MAX_LIFE;

  MemoryIndex(Platform platform, String origin) {
    this.platform = platform;
    this.origin = origin;
    this.key = freshKey();
    this.reservations = freshReservations();
  }

  /** One agent's connection. */
  private static final class Session {
    final int number;
    final SessionFrame.Challenge challenge;
    final SessionRules rules;
    final MemoryWire wire;
    final Set<StorageKey> announced = new LinkedHashSet<>();
    @Nullable DeviceCertificate member;

    Session(int number, SessionFrame.Challenge challenge, MemoryWire wire) {
      this.number = number;
      this.challenge = challenge;
      this.rules = new SessionRules(challenge);
      this.wire = wire;
    }

    Optional<PeerId> peer() {
      return Optional.ofNullable(member).map(DeviceCertificate::device);
    }
  }

  public String origin() {
    return origin;
  }

  /** Ends all sessions and forgets everything. */
  public synchronized void kill() {
    up = false;
    List.copyOf(sessions.values()).forEach(session -> gone(session, "server died"));
    ledgers.clear();
    locations.clear();
    slots = new SlotBook();
    relay = new TunnelRelay();
  }

  /** Starts again, with nothing but a fresh key. */
  public synchronized void restart() {
    key = freshKey();
    reservations = freshReservations();
    up = true;
  }

  /** Names the other's key as its own from now on. */
  public synchronized void impersonate(MemoryIndex other) {
    key = other.key;
  }

  /** Tickets issued from now on are good for so many milliseconds. */
  public synchronized void ticketLife(long millis) {
    ticketLife = millis;
    reservations = freshReservations();
  }

  /** Closes the peer's connection; it may come back. */
  public synchronized void cut(PeerId peer) {
    for (Session session : List.copyOf(sessions.values())) {
      if (session.peer().equals(Optional.of(peer))) {
        gone(session, "connection lost");
      }
    }
  }

  /** The peer's connection stays open, but nothing comes through it any more, either way. */
  public synchronized void silence(PeerId peer) {
    silent.add(peer);
  }

  /** Ends {@link #silence}: the peer has to connect anew. */
  public synchronized void heal(PeerId peer) {
    silent.remove(peer);
    cut(peer);
  }

  /** Asks an agent to go away for so many milliseconds. */
  public synchronized void sendAway(PeerId peer, int retryAfter) {
    for (Session session : List.copyOf(sessions.values())) {
      if (session.peer().equals(Optional.of(peer))) {
        Refusal why = Refusal.of(Refusal.DRAINING, "away", retryAfter);
        carryOut(session, session.rules.end(why, retryAfter));
      }
    }
  }

  public synchronized boolean isConnected(PeerId peer) {
    return sessions.values().stream().anyMatch(s -> s.peer().equals(Optional.of(peer)));
  }

  /** Peers that announced each key. */
  public synchronized Map<StorageKey, Set<PeerId>> locations() {
    Map<StorageKey, Set<PeerId>> copy = new HashMap<>();
    locations.forEach((k, peers) -> copy.put(k, Set.copyOf(peers)));
    copy.values().removeIf(Set::isEmpty);
    return copy;
  }

  /** The account's figures. */
  public synchronized Allowance figures(AccountId account) {
    return ledger(account).allowance(platform.clock().now());
  }

  /** Logins, and requests of each kind, since the beginning. */
  public synchronized int count(Class<? extends SessionFrame> kind) {
    return requests.getOrDefault(kind, 0);
  }

  Transport.Connection connect(Transport.Listener listener) throws LinkException {
    MemoryWire wire = new MemoryWire(platform.tasks(), listener);
    Session session;
    synchronized (this) {
      if (!up) {
        throw new LinkException("nobody listens at " + origin);
      }
      Bytes nonce = platform.entropy().bytes(SessionFrame.NONCE_LENGTH);
      session =
          new Session(
              nextSession++,
              new SessionFrame.Challenge(nonce, key.publicKey(), platform.clock().now()),
              wire);
      sessions.put(session.number, session);
    }
    return new Transport.Connection() {
      @Override
      public void send(Bytes message) throws LinkException {
        received(session, message);
      }

      @Override
      public void close() {
        synchronized (MemoryIndex.this) {
          gone(session, "closed");
        }
      }
    };
  }

  private synchronized void received(Session session, Bytes message) throws LinkException {
    if (!sessions.containsKey(session.number)) {
      throw new LinkException("closed");
    }
    if (session.peer().filter(silent::contains).isEmpty()) {
      carryOut(session, session.rules.received(message));
    }
  }

  private void carryOut(Session session, SessionStep step) {
    switch (step) {
      case SessionStep.Send send -> send(session, send.frame());
      case SessionStep.Prove prove -> prove(session, prove);
      case SessionStep.Serve serve -> {
        requests.merge(serve.request().getClass(), 1, Integer::sum);
        SessionFrame.Answer answer = serve(session, serve.request());
        session.rules.answered(answer.id());
        send(session, answer);
      }
      case SessionStep.Relay relayed ->
          relay
              .received(session.number, relayed.frame())
              .forEach(d -> send(sessions.get(d.session()), d.frame()));
      case SessionStep.Ignore ignore -> {}
      case SessionStep.End end -> {
        send(session, end.goAway());
        gone(session, "went away");
      }
    }
  }

  private void prove(Session session, SessionStep.Prove prove) {
    Optional<Refusal> flaw =
        ProofCheck.check(
            platform.crypto(),
            prove.challenge(),
            SessionFrame.Challenge.hostOf(origin),
            prove.proof(),
            platform.clock().now());
    Allowance figures = new Allowance(0, 0, 0);
    if (flaw.isEmpty()) {
      DeviceCertificate member = prove.proof().certificate();
      for (Session other : List.copyOf(sessions.values())) {
        if (other.peer().equals(Optional.of(member.device()))) {
          carryOut(other, other.rules.end(Refusal.of(Refusal.REPLACED, "again"), 0));
        }
      }
      session.member = member;
      requests.merge(SessionFrame.Proof.class, 1, Integer::sum);
      relay.connect(session.number, member.device());
      long now = platform.clock().now();
      long network = member.device().bytes().longAt(0);
      slots.connect(member.device(), member.account(), Candidate.Kind.TAB, network, now);
      figures = figures(member.account());
    }
    carryOut(session, session.rules.proved(flaw, HEARTBEAT, figures));
  }

  private SessionFrame.Answer serve(Session session, SessionFrame.Request request) {
    DeviceCertificate who = Objects.requireNonNull(session.member);
    return switch (request) {
      case SessionFrame.Announce r -> {
        r.keys().forEach(k -> announce(session, k));
        yield new SessionFrame.Done(r.id());
      }
      case SessionFrame.Withdraw r -> {
        r.keys().forEach(k -> withdraw(session, k));
        yield new SessionFrame.Done(r.id());
      }
      case SessionFrame.Pledge r -> {
        slots.free(who.device(), r.free());
        ledger(who.account()).pledge(who.device(), 0, r.slots());
        standing(who.account());
        yield new SessionFrame.Done(r.id());
      }
      case SessionFrame.Present r -> present(who, r);
      case SessionFrame.Freed r -> {
        Optional<Refusal> flaw = ReceiptRules.checkFreed(r.time(), platform.clock().now());
        if (flaw.isPresent()) {
          yield new SessionFrame.Refused(r.id(), flaw.get());
        }
        ledger(r.owner())
            .free(new AccountLedger.Holder(who.device(), who.account()), r.keys(), r.time());
        standing(r.owner());
        yield new SessionFrame.Done(r.id());
      }
      case SessionFrame.Lookup r ->
          new SessionFrame.Found(
              r.id(),
              r.keys().stream()
                  .map(k -> locations.getOrDefault(k, Set.of()))
                  .map(peers -> peers.stream().limit(Limits.LOCATIONS).toList())
                  .toList());
      case SessionFrame.Reserve r -> reserve(who, r);
      case SessionFrame.Renew r -> renew(who, r);
      case SessionFrame.Copies r -> notYet(r);
      case SessionFrame.Forgo r -> notYet(r);
      case SessionFrame.Mend r -> notYet(r);
    };
  }

  private static SessionFrame.Answer notYet(SessionFrame.Request request) {
    return new SessionFrame.Refused(request.id(), Refusal.of(Refusal.INTERNAL, ""));
  }

  private void announce(Session session, StorageKey block) {
    PeerId peer = session.peer().orElseThrow();
    if (session.announced.add(block)) {
      session.rules.announced(1);
    }
    locations.computeIfAbsent(block, k -> new LinkedHashSet<>()).add(peer);
  }

  private void withdraw(Session session, StorageKey block) {
    if (session.announced.remove(block)) {
      session.rules.announced(-1);
    }
    session.peer().ifPresent(peer -> locations.getOrDefault(block, new HashSet<>()).remove(peer));
  }

  private SessionFrame.Answer present(DeviceCertificate who, SessionFrame.Present request) {
    for (ReceiptBatch batch : request.batches()) {
      Optional<Refusal> flaw =
          ReceiptRules.check(platform.crypto(), who, batch, platform.clock().now());
      if (flaw.isPresent()) {
        return new SessionFrame.Refused(request.id(), flaw.get());
      }
      AccountLedger.Holder holder =
          new AccountLedger.Holder(batch.header().holder(), batch.header().holderAccount());
      for (ReceiptBatch.Entry entry : batch.entries()) {
        slots.settle(holder.peer(), batch.header().owner(), entry.terms().key());
        ledger(batch.header().owner())
            .place(entry.terms().key(), holder, batch.header().stored(), batch.header().expires());
      }
      standing(batch.header().owner());
    }
    return new SessionFrame.Done(request.id());
  }

  private SessionFrame.Answer reserve(DeviceCertificate who, SessionFrame.Reserve request) {
    long now = platform.clock().now();
    Map<StorageKey, List<AccountLedger.Holder>> keepers = new LinkedHashMap<>();
    AccountLedger ledger = ledger(who.account());
    request.items().forEach(item -> keepers.put(item.key(), ledger.holders(item.key(), now)));
    List<Ticket> tickets = reservations.allot(who.account(), request.items(), keepers, now);
    int wanted = request.items().stream().mapToInt(SessionFrame.Reserve.Item::copies).sum();
    if (tickets.isEmpty()) {
      return new SessionFrame.Refused(
          request.id(), Refusal.of(Refusal.NO_HOLDERS, "nobody has room", wanted, 0));
    }
    SessionFrame.Answer answer = enter(who, request, tickets);
    if (answer instanceof SessionFrame.Refused) {
      reservations.giveBack(tickets);
    }
    return answer;
  }

  private SessionFrame.Answer renew(DeviceCertificate who, SessionFrame.Renew request) {
    long now = platform.clock().now();
    AccountLedger ledger = ledger(who.account());
    Map<StorageKey, List<AccountLedger.Holder>> keepers = new LinkedHashMap<>();
    request.copies().forEach(copy -> keepers.put(copy.key(), ledger.holders(copy.key(), now)));
    List<Ticket> tickets = reservations.renew(who.account(), request.copies(), keepers, now);
    return tickets.isEmpty()
        ? new SessionFrame.Refused(request.id(), Refusal.of(Refusal.NOT_FOUND, "not counted"))
        : enter(who, request, tickets);
  }

  private SessionFrame.Answer enter(
      DeviceCertificate who, SessionFrame.Request request, List<Ticket> tickets) {
    AccountLedger.Outcome outcome =
        ledger(who.account()).reserve(Reservations.claims(tickets), platform.clock().now());
    if (outcome instanceof AccountLedger.OverAllowance over) {
      Allowance a = over.allowance();
      return new SessionFrame.Refused(
          request.id(),
          Refusal.of(Refusal.OVER_ALLOWANCE, "lend more", a.blocks(), a.needed(), a.lent()));
    }
    standing(who.account());
    return new SessionFrame.Reserved(request.id(), TicketBatch.issue(key, tickets));
  }

  private void standing(AccountId account) {
    for (Session session : sessions.values()) {
      if (session.rules.isOpen()
          && session.member != null
          && session.member.account().equals(account)) {
        send(session, new SessionFrame.Standing(figures(account)));
      }
    }
  }

  private void gone(Session session, String why) {
    if (sessions.remove(session.number) == null) {
      return;
    }
    List.copyOf(session.announced).forEach(k -> withdraw(session, k));
    List<Delivery> last = new ArrayList<>(relay.disconnect(session.number));
    session.peer().ifPresent(slots::disconnect);
    if (session.member != null) {
      ledger(session.member.account()).pledge(session.member.device(), 0, 0);
      standing(session.member.account());
    }
    last.forEach(d -> send(sessions.get(d.session()), d.frame()));
    session.wire.close(why);
  }

  private void send(@Nullable Session session, Frame frame) {
    if (session != null && session.peer().filter(silent::contains).isEmpty()) {
      session.wire.send(FrameCodec.encode(frame));
    }
  }

  private AccountLedger ledger(AccountId account) {
    return ledgers.computeIfAbsent(account, a -> new AccountLedger());
  }

  private Crypto.SigningKey freshKey() {
    return platform.crypto().signingKey(platform.entropy().bytes(32));
  }

  private Reservations freshReservations() {
    Placement placement = new Placement(platform.entropy().bytes(32));
    return new Reservations(slots, placement, platform.entropy(), ticketLife);
  }
}
