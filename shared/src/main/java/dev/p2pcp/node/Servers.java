package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.transport.Link;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.PeerHandler;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * All index servers that this agent lives on: tells each what changes here, and merges what they
 * answer.
 */
final class Servers {
  /** Index servers at once. */
  static final int MAX = 8;

  /** Agents remembered that were seen. */
  private static final int MET = 32;

  /** How long changes are gathered before they are told, in milliseconds. */
  private static final long GATHER = 15;

  private final Platform platform;
  private final Transport transport;
  private final Device device;
  private final Inventory inventory;
  private final PeerHandler handler;
  private final ServerLoop.Events events;
  private final List<ServerLoop> loops = new ArrayList<>();
  private final Set<StorageKey> toAnnounce = new LinkedHashSet<>();
  private final Set<StorageKey> toWithdraw = new LinkedHashSet<>();
  private final Set<PeerId> met = new LinkedHashSet<>();
  private List<String> chosen = List.of();
  private List<String> standIns = List.of();
  private boolean telling;
  private volatile Beside beside = key -> List.of();

  /** Knows of places besides those that servers tell of. Never suspends. */
  interface Beside {
    List<Location> of(StorageKey key);
  }

  void lookBeside(Beside places) {
    beside = places;
  }

  Servers(
      Platform platform,
      Transport transport,
      Device device,
      Inventory inventory,
      PeerHandler handler,
      ServerLoop.Events events) {
    this.platform = platform;
    this.transport = transport;
    this.device = device;
    this.inventory = inventory;
    this.handler = handler;
    this.events = events;
  }

  /** Where a block can be read. */
  interface Location {
    PeerId peer();

    Link link();
  }

  /** An agent that is logged in. */
  record Online(PeerId peer, IndexSession via) implements Location {
    @Override
    public Link link() {
      return via.linkTo(peer);
    }
  }

  /**
   * Tickets, and the session of the server that issued them, through which their holders are
   * reached.
   */
  record Reserved(TicketBatch tickets, IndexSession via) {}

  /** Lives on these origins from now on; leaves the others. Never suspends. */
  void use(List<String> origins) {
    synchronized (this) {
      chosen = List.copyOf(origins);
    }
    standIn(List.of());
  }

  /** Lives on these as well for as long as none that was chosen is there. Never suspends. */
  void standIn(List<String> others) {
    List<ServerLoop> started = new ArrayList<>();
    List<ServerLoop> stopped;
    synchronized (this) {
      standIns = others.stream().filter(origin -> !chosen.contains(origin)).toList();
      List<String> origins = new ArrayList<>(chosen);
      origins.addAll(standIns);
      stopped = loops.stream().filter(loop -> !origins.contains(loop.origin())).toList();
      loops.removeAll(stopped);
      for (String origin : origins) {
        if (loops.size() < MAX && loops.stream().noneMatch(l -> l.origin().equals(origin))) {
          ServerLoop loop =
              new ServerLoop(
                  platform, transport, origin, device, handler, inventory, new Others(), events);
          loops.add(loop);
          started.add(loop);
        }
      }
    }
    stopped.forEach(ServerLoop::stop);
    started.forEach(loop -> platform.tasks().spawn("index server", loop::run));
  }

  synchronized boolean isStandIn(ServerLoop loop) {
    return standIns.contains(loop.origin());
  }

  /** Whether one of those that were chosen has a session open. */
  boolean isAnyChosenOpen() {
    return loops().stream().anyMatch(l -> l.session().isPresent() && !isStandIn(l));
  }

  /** Some of the agents that were seen lately. */
  synchronized List<PeerId> met() {
    return List.copyOf(met);
  }

  /** An agent was seen. Never suspends. */
  synchronized void met(PeerId peer) {
    if (met.add(peer) && met.size() > MET) {
      met.remove(met.iterator().next());
    }
  }

  /** Something in the state of servers changed. */
  void changed() {
    loops().stream().findFirst().ifPresent(events::changed);
  }

  synchronized List<ServerLoop> loops() {
    return List.copyOf(loops);
  }

  void stop() {
    use(List.of());
  }

  /** Open sessions, those first that answer soonest. */
  List<IndexSession> sessions() {
    List<IndexSession> open = new ArrayList<>();
    loops().forEach(loop -> loop.session().ifPresent(open::add));
    if (open.size() > 1) {
      Map<IndexSession, Long> patience = new HashMap<>();
      open.forEach(one -> patience.put(one, one.isLate() ? Long.MAX_VALUE : one.patience()));
      open.sort(Comparator.comparing(one -> Objects.requireNonNull(patience.get(one))));
    }
    return open;
  }

  /** What all of them answer, without those that are late. Suspends. */
  <A> List<A> all(int requests, Poll.Question<A> question) {
    return Poll.all(platform, sessions(), requests, question);
  }

  /** What a loop is to know of the others. */
  private final class Others implements ServerLoop.Others {
    @Override
    public boolean reach(PublicKey cluster, ServerLoop asking) {
      return others(asking).stream().anyMatch(session -> session.serverKey().equals(cluster));
    }

    @Override
    public boolean areAway(ServerLoop asking) {
      return others(asking).isEmpty();
    }

    private List<IndexSession> others(ServerLoop asking) {
      List<IndexSession> others = new ArrayList<>();
      for (ServerLoop loop : loops()) {
        if (!loop.equals(asking)) {
          loop.session().ifPresent(others::add);
        }
      }
      return others;
    }
  }

  boolean trusts(PublicKey issuer) {
    return loops().stream().anyMatch(loop -> loop.signsWith(issuer));
  }

  /** The account's figures: of several servers, those that see the most need and the least lent. */
  Optional<Allowance> allowance() {
    return loops().stream()
        .flatMap(loop -> loop.allowance().stream())
        .reduce(
            (a, b) ->
                new Allowance(
                    Math.max(a.blocks(), b.blocks()),
                    Math.max(a.needed(), b.needed()),
                    Math.min(a.lent(), b.lent())));
  }

  /**
   * Who has each block, this device left out; nobody, if no server answers. Suspends. Servers that
   * do not answer are left out.
   */
  Map<StorageKey, List<Location>> lookup(List<StorageKey> keys) {
    Map<StorageKey, List<Location>> nowhere = new LinkedHashMap<>();
    keys.forEach(key -> nowhere.put(key, List.of()));
    Map<StorageKey, List<Location>> found = find(keys).orElse(nowhere);
    for (Map.Entry<StorageKey, List<Location>> entry : found.entrySet()) {
      List<Location> all = new ArrayList<>(entry.getValue());
      all.addAll(beside.of(entry.getKey()));
      entry.setValue(all);
    }
    return found;
  }

  /** As {@link #lookup}; empty if no server answers, so that nothing is known. Suspends. */
  Optional<Map<StorageKey, List<Location>>> find(List<StorageKey> keys) {
    Map<StorageKey, List<Location>> found = new LinkedHashMap<>();
    keys.forEach(key -> found.put(key, new ArrayList<>()));
    List<StorageKey> distinct = List.copyOf(found.keySet());
    int requests = (distinct.size() + Limits.LOOKUP_KEYS - 1) / Limits.LOOKUP_KEYS;
    List<Boolean> answers =
        all(
            requests,
            session -> {
              boolean answered = false;
              for (int at = 0; at < distinct.size(); at += Limits.LOOKUP_KEYS) {
                int end = Math.min(distinct.size(), at + Limits.LOOKUP_KEYS);
                answered |= lookup(session, distinct.subList(at, end), found);
              }
              if (!answered) {
                throw new LinkException("no answer");
              }
              return true;
            });
    Map<StorageKey, List<Location>> settled = new LinkedHashMap<>();
    synchronized (found) {
      found.forEach((key, locations) -> settled.put(key, List.copyOf(locations)));
    }
    return !answers.isEmpty() || keys.isEmpty() ? Optional.of(settled) : Optional.empty();
  }

  /**
   * Asks the server that answers soonest, and others while none grants tickets. Suspends.
   *
   * @throws RefusedException if none does: that more must be lent rather than that nobody has room
   */
  Reserved reserve(List<SessionFrame.Reserve.Item> items) throws LinkException, RefusedException {
    return tickets(id -> new SessionFrame.Reserve(id, items));
  }

  /** As {@link #reserve}, for copies that are there already. Suspends. */
  Reserved renew(List<SessionFrame.Renew.Copy> copies) throws LinkException, RefusedException {
    return tickets(id -> new SessionFrame.Renew(id, copies));
  }

  /** Where to bring blocks of owners who are away; as {@link #reserve}. Suspends. */
  Reserved mend(List<SessionFrame.Mend.Item> items, boolean leaving)
      throws LinkException, RefusedException {
    return tickets(id -> new SessionFrame.Mend(id, leaving, items));
  }

  private Reserved tickets(LongFunction<SessionFrame.Request> request)
      throws LinkException, RefusedException {
    return Poll.first(
        platform,
        sessions(),
        session ->
            new Reserved(session.ask(request, SessionFrame.Reserved.class).tickets(), session));
  }

  /** Tells all servers soon that these can be read here. Never suspends. */
  void announce(List<StorageKey> keys) {
    synchronized (this) {
      toAnnounce.addAll(keys);
      keys.forEach(toWithdraw::remove);
    }
    tellSoon();
  }

  /** Tells all servers soon that these are gone from here. Never suspends. */
  void withdraw(List<StorageKey> keys) {
    synchronized (this) {
      toWithdraw.addAll(keys);
      keys.forEach(toAnnounce::remove);
    }
    tellSoon();
  }

  /** Tells all servers soon what is lent and free. Never suspends. */
  void pledge() {
    tellSoon();
  }

  /** Waits until all servers know what they are to be told so far. Suspends. */
  void flush(Deadline deadline) {
    for (ServerLoop loop : loops()) {
      loop.telling().flush(deadline);
    }
  }

  /**
   * Asks an agent through one server after the other until it answers. Suspends.
   *
   * @throws LinkException if it can't be reached through any
   */
  PeerFrame.Reply call(PeerId peer, PeerFrame.Request request, Deadline deadline)
      throws LinkException {
    return call(peer, true, request, deadline);
  }

  /** As {@link #call}, by tunnels only: for what is worth no channel. Suspends. */
  PeerFrame.Reply callByTunnel(PeerId peer, PeerFrame.Request request, Deadline deadline)
      throws LinkException {
    return call(peer, false, request, deadline);
  }

  private PeerFrame.Reply call(
      PeerId peer, boolean straight, PeerFrame.Request request, Deadline deadline)
      throws LinkException {
    for (IndexSession session : sessions()) {
      try {
        Link link = straight ? session.linkTo(peer) : session.tunnelTo(peer);
        return link.call(request, deadline);
      } catch (LinkException e) {
        // It may live on another server.
        continue;
      }
    }
    throw new LinkException("not reached");
  }

  /** Tells all servers what this device states now. */
  void state() {
    toAll(loop -> loop.telling()::state);
  }

  void present(ReceiptBatch receipts) {
    toAll(loop -> session -> loop.telling().present(session, List.of(receipts)));
  }

  /** At most {@link Limits#ANNOUNCE_KEYS} keys. */
  void freed(AccountId owner, long time, List<StorageKey> keys) {
    toAll(
        loop ->
            session ->
                session.ask(
                    id -> new SessionFrame.Freed(id, owner, time, keys), SessionFrame.Done.class));
  }

  private boolean lookup(
      IndexSession session, List<StorageKey> keys, Map<StorageKey, List<Location>> found) {
    try {
      List<List<PeerId>> peers =
          session
              .ask(id -> new SessionFrame.Lookup(id, keys), SessionFrame.Found.class)
              .locations();
      synchronized (found) {
        for (int i = 0; i < Math.min(keys.size(), peers.size()); i++) {
          List<Location> known = Objects.requireNonNull(found.get(keys.get(i)));
          for (PeerId peer : peers.get(i)) {
            boolean old = known.stream().anyMatch(l -> l.peer().equals(peer));
            if (!old && !peer.equals(device.peer())) {
              known.add(new Online(peer, session));
              met(peer);
            }
          }
        }
      }
      return true;
    } catch (LinkException | RefusedException e) {
      // The other servers' answers stand; a broken session shows in the loop's state.
      return false;
    }
  }

  private void tellSoon() {
    synchronized (this) {
      if (telling) {
        return;
      }
      telling = true;
    }
    platform
        .tasks()
        .spawn(
            "tell servers",
            () -> {
              platform.tasks().sleep(GATHER);
              List<StorageKey> here;
              List<StorageKey> gone;
              synchronized (this) {
                telling = false;
                here = List.copyOf(toAnnounce);
                gone = List.copyOf(toWithdraw);
                toAnnounce.clear();
                toWithdraw.clear();
              }
              toAll(loop -> session -> tellChanges(loop.telling(), session, here, gone));
            });
  }

  private static void tellChanges(
      Telling telling, IndexSession session, List<StorageKey> here, List<StorageKey> gone)
      throws LinkException, RefusedException {
    telling.announce(session, here);
    telling.withdraw(session, gone);
    telling.pledge(session);
  }

  /** Makes what a server is told. */
  private interface Making {
    Telling.News of(ServerLoop loop);
  }

  private void toAll(Making news) {
    for (ServerLoop loop : loops()) {
      loop.telling().tell(news.of(loop));
    }
  }
}
