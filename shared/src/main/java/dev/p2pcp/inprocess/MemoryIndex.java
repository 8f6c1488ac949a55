package dev.p2pcp.inprocess;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Calm;
import dev.p2pcp.index.Delivery;
import dev.p2pcp.index.Meeting;
import dev.p2pcp.index.Network;
import dev.p2pcp.index.Oversight;
import dev.p2pcp.index.ProofCheck;
import dev.p2pcp.index.RequestDesk;
import dev.p2pcp.index.SessionStep;
import dev.p2pcp.index.TunnelRelay;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.trust.Conduct;
import dev.p2pcp.trust.Verdict;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An index server in this process, made of the very rules of production: it can be killed and
 * started again with another key and an empty memory, and peers can be cut off or made silent.
 */
public final class MemoryIndex {
  /** What agents are told unless {@link #heartbeat} is called, in milliseconds. */
  private static final int HEARTBEAT = 30_000;

  /** Between two lots of receipts that are verified late, in milliseconds; and batches in one. */
  private static final long VERIFY_PAUSE = 20;

  private static final int VERIFY_AT_ONCE = 64;

  /** Pairs of holder and owner that are looked at in one turn. */
  private static final int REVIEWED = 5_000;

  private final Platform platform;
  private final String origin;
  private final Map<Integer, Session> sessions = new HashMap<>();
  private final Map<AccountId, Set<Session>> members = new HashMap<>();
  private final Set<PeerId> silent = new HashSet<>();
  private final Map<Class<?>, Integer> requests = new HashMap<>();
  private TunnelRelay relay = new TunnelRelay();
  private MemoryTables tables;
  private Oversight oversight;
  private MemoryAudits audits;
  private AuditTraffic auditTraffic = (peer, bytes) -> {};
  private MemorySignals signals;
  private MemoryTopics topics;
  private RequestDesk desk;
  private Function<PeerId, Network> networks = peer -> new Network(0, false);
  private LedgerWitness witness = (account, command) -> {};
  private boolean up = true;
  private boolean hanging;
  private boolean verifying;
  private int nextSession;
  private int heartbeat = HEARTBEAT;
  private long ticketLife = Ticket.MAX_LIFE;
  private long calm = Calm.AFTER_START;

  MemoryIndex(Platform platform, String origin) {
    this.platform = platform;
    this.origin = origin;
    this.tables = freshTables();
    this.oversight = freshOversight();
    this.audits = new MemoryAudits(relay, oversight, platform.clock(), this::audited);
    this.signals = new MemorySignals(platform.clock(), this::ring);
    this.topics = new MemoryTopics(platform);
    this.desk = deskOver(tables);
  }

  public String origin() {
    return origin;
  }

  /** Ends all sessions and forgets everything. */
  public synchronized void kill() {
    up = false;
    List.copyOf(sessions.values()).forEach(session -> gone(session, "server died"));
    tables = freshTables();
    oversight = freshOversight();
    verifying = false;
    relay = new TunnelRelay();
    audits = new MemoryAudits(relay, oversight, platform.clock(), this::audited);
    signals = new MemorySignals(platform.clock(), this::ring);
    topics = new MemoryTopics(platform);
    desk = deskOver(tables);
  }

  /** Tells agents of itself, and that it recommends these others; until it is killed. */
  public synchronized void recommend(List<String> others) {
    tables.tellOf(List.of(origin), others);
  }

  /** Takes connections and messages from now on and answers nothing, or answers again. */
  public synchronized void hang(boolean now) {
    hanging = now;
  }

  /** Starts again, with nothing but a fresh key. */
  public synchronized void restart() {
    up = true;
  }

  /**
   * Where peers connect from, from now on; until it is said they all are on this machine, and all
   * that they lend counts.
   */
  public synchronized void networks(Function<PeerId, Network> from) {
    networks = from;
  }

  /** Sends the challenges that are due, and lets ledgers know what their accounts are worth. */
  public synchronized void audit() {
    audits.turn().forEach(this::deliver);
    oversight.review(REVIEWED);
  }

  /** So many audits came to that, since the start of the server. */
  public synchronized int count(Verdict verdict) {
    return audits.count(verdict);
  }

  /** Tells from now on what audits cost each peer, in bytes both ways. */
  public synchronized void auditTraffic(AuditTraffic ears) {
    auditTraffic = ears;
  }

  private void audited(PeerId peer, int bytes) {
    auditTraffic.bytes(peer, bytes);
  }

  /** What audits of the account's devices came to. */
  public synchronized Conduct conduct(AccountId account) {
    return tables.conduct(account);
  }

  /** Names the other's key as its own from now on. */
  public synchronized void impersonate(MemoryIndex other) {
    tables.signWith(other.tables.key());
  }

  /** Tickets issued from now on are good for so many milliseconds. */
  public synchronized void ticketLife(long millis) {
    ticketLife = millis;
    tables.ticketLife(millis);
  }

  /** Agents that log in from now on are to be heard of so often, in milliseconds. */
  public synchronized void heartbeat(int millis) {
    heartbeat = millis;
  }

  /** Begins again, with nothing known, so that for so many milliseconds nothing is repaired. */
  public synchronized void calm(long millis) {
    calm = millis;
    kill();
    restart();
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
    return tables.locations();
  }

  /** The account's figures. */
  public synchronized Allowance figures(AccountId account) {
    return tables.figures(account);
  }

  /** Copies of all ledgers. */
  public synchronized Map<AccountId, AccountLedger> ledgers() {
    return tables.ledgers();
  }

  /** Shows that witness what is entered in ledgers from now on, over all lives of the server. */
  public synchronized void show(LedgerWitness to) {
    witness = to;
  }

  /** Signals that were relayed since the start of the server, each as it was sent. */
  public synchronized List<SessionFrame.Signal> relayedSignals() {
    return List.copyOf(signals.relayed);
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
              this,
              nextSession++,
              new SessionFrame.Challenge(nonce, tables.key().publicKey(), platform.clock().now()),
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
    if (!isSilent(session)) {
      carryOut(session, session.rules.received(message));
    }
  }

  private void carryOut(Session session, SessionStep step) {
    switch (step) {
      case SessionStep.Send send -> send(session, send.frame());
      case SessionStep.Prove prove -> prove(session, prove);
      case SessionStep.Serve serve -> {
        requests.merge(serve.request().getClass(), 1, Integer::sum);
        SessionFrame.Answer answer = desk.serve(session, serve.request());
        verifySoon();
        session.rules.answered(answer.id());
        send(session, answer);
      }
      case SessionStep.Relay relayed ->
          relay.received(session.number, relayed.frame()).forEach(this::deliver);
      case SessionStep.Ignore ignore -> {}
      case SessionStep.End end -> {
        send(session, end.goAway());
        gone(session, "went away");
      }
    }
  }

  private boolean isSilent(Session session) {
    return hanging || !silent.isEmpty() && session.peer().filter(silent::contains).isPresent();
  }

  /** Ends a session soon, that may be being served just now. */
  void endSoon(Session session, Refusal why) {
    platform.tasks().spawn("end", () -> end(session, why));
  }

  private synchronized void end(Session session, Refusal why) {
    if (sessions.containsKey(session.number)) {
      carryOut(session, session.rules.end(why, heartbeat));
    }
  }

  /** Verifies in a task of its own what was not verified when it came. */
  private void verifySoon() {
    RequestDesk current = desk;
    if (verifying || !current.hasUnverified()) {
      return;
    }
    verifying = true;
    platform.tasks().spawn("verify", () -> verifyAll(current));
  }

  private void verifyAll(RequestDesk current) {
    boolean more = true;
    while (more) {
      platform.tasks().sleep(VERIFY_PAUSE);
      synchronized (this) {
        more = current == desk && current.verifySome(VERIFY_AT_ONCE);
        verifying = more;
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
      for (Session other : sessionsOf(member.account())) {
        if (other.peer().equals(Optional.of(member.device()))) {
          carryOut(other, other.rules.end(Refusal.of(Refusal.REPLACED, "again"), 0));
        }
      }
      session.member = member;
      members.computeIfAbsent(member.account(), a -> new LinkedHashSet<>(2)).add(session);
      requests.merge(SessionFrame.Proof.class, 1, Integer::sum);
      relay.connect(session.number, member.device());
      signals.connect(member.device());
      PeerId peer = member.device();
      Network network = networks.apply(peer);
      // Peers of which nothing is said fail apart.
      long apart = network.isPublic() ? network.number() : peer.bytes().longAt(0);
      tables.enter(session.number, member, apart);
      oversight.connect(peer, member.account(), network);
      figures = figures(member.account());
      session.told = figures;
    }
    carryOut(session, session.rules.proved(flaw, heartbeat, figures));
  }

  /** Tells the account's devices of its figures, if they are other than what they were told. */
  private void standing(AccountId account) {
    for (Session session : sessionsOf(account)) {
      Allowance now = figures(account);
      if (session.rules.isOpen() && !now.equals(session.told)) {
        session.told = now;
        send(session, new SessionFrame.Standing(now));
      }
    }
  }

  private List<Session> sessionsOf(AccountId account) {
    return List.copyOf(members.getOrDefault(account, Set.of()));
  }

  private void gone(Session session, String why) {
    if (sessions.remove(session.number) == null) {
      return;
    }
    if (session.member != null) {
      AccountId account = session.member.account();
      members.computeIfPresent(
          account, (a, all) -> all.remove(session) && all.isEmpty() ? null : all);
    }
    List<Delivery> last = new ArrayList<>(relay.disconnect(session.number));
    tables.leave(session.number);
    topics.gone(session.number);
    session.peer().ifPresent(oversight::disconnect);
    session.peer().filter(peer -> !isConnected(peer)).ifPresent(signals::disconnect);
    last.forEach(this::deliver);
    session.wire.close(why);
  }

  private void ring(PeerId peer) {
    for (Session session : sessions.values()) {
      if (session.peer().equals(Optional.of(peer))) {
        send(session, new SessionFrame.Ringing());
      }
    }
  }

  private void deliver(Delivery delivery) {
    if (delivery.session() == MemoryAudits.END) {
      audits.received(delivery.frame());
    } else {
      send(sessions.get(delivery.session()), delivery.frame());
    }
  }

  private void send(@Nullable Session session, Frame frame) {
    if (session != null && !isSilent(session)) {
      session.wire.send(FrameCodec.encode(frame));
    }
  }

  private MemoryTables freshTables() {
    Crypto.SigningKey key = platform.crypto().signingKey(platform.entropy().bytes(32));
    MemoryTables.Terms terms = new MemoryTables.Terms(ticketLife, calm);
    LedgerWitness seeing = (account, command) -> witness.entered(account, command);
    return new MemoryTables(platform, key, this::standing, seeing, terms);
  }

  private Oversight freshOversight() {
    return new Oversight(tables, tables, platform.entropy(), platform.clock());
  }

  private RequestDesk deskOver(MemoryTables over) {
    Meeting meeting = Meeting.of(signals, topics);
    return new RequestDesk(over, over, over, over, oversight, meeting, platform.clock());
  }
}
