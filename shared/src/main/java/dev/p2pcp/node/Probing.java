package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.Origin;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.trust.Candour;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks whether index servers tell what they know, by the canaries of others, among keys that
 * nobody has; hears of further servers; and lets others stand in while all chosen ones are away.
 */
final class Probing {
  /**
   * Between two looks while a person watches, while no server is there, and else, and a random part
   * more: milliseconds. What a look finds is for people to see, and costs more than all else that
   * most agents do.
   */
  private static final int LOOK = 3_000;

  private static final int LONELY = 10_000;
  private static final int REST = 6 * 60 * 60_000;

  /** Keys that nobody has in each look. */
  private static final int NOTHINGS = 4;

  private static final int LEAST_KEYS = 16;
  private static final long CALL_TIME = 5_000;

  /** Before somebody is asked again who did not answer, in milliseconds. */
  private static final long AGAIN = 60_000;

  /** All chosen servers must be away for so many milliseconds before others stand in. */
  private static final long ALONE = 30_000;

  private static final int STAND_INS = 2;

  /** Answers of servers that lack somebody altogether, before others are asked in their stead. */
  private static final int MISSED = 10;

  /** Looks after which a server must know who is reached by it. */
  private static final int HIDDEN = 10;

  private final Platform platform;
  private final Servers servers;
  private final KnownServers known;
  private final Replicator watched;
  private final Map<PeerId, Witness> witnesses = new LinkedHashMap<>();
  private final Map<PeerId, Long> notBefore = new HashMap<>();
  private volatile Pending<Boolean> wake;
  private volatile boolean stopped;
  private volatile boolean often;
  private long nextLook;
  private volatile long aloneSince = -1;

  Probing(Platform platform, Servers servers, KnownServers known, Replicator watched) {
    this.platform = platform;
    this.servers = servers;
    this.known = known;
    this.watched = watched;
    this.wake = platform.tasks().pending();
  }

  /** Somebody who has planted canaries for this agent. */
  private static final class Witness {
    final Bytes seed;
    final List<StorageKey> keys;
    private final Map<String, Integer> hidden = new HashMap<>();
    int away;

    Witness(Bytes seed) {
      this.seed = seed;
      this.keys = List.copyOf(Canaries.grow(seed).keySet());
    }

    /**
     * Whether a server must know of it. One that is told of nowhere may not have said yet what it
     * has, which takes time where that is much.
     */
    boolean isThere(String origin, boolean seen, boolean reached) {
      int before = hidden.getOrDefault(origin, 0);
      hidden.put(origin, seen || !reached ? 0 : before + 1);
      return seen || (reached && before >= HIDDEN);
    }
  }

  /** What one server answered: who has each key. */
  private record Told(IndexSession session, Map<StorageKey, List<PeerId>> where) {}

  /** Looks soon: a person does too. Never suspends. */
  void wake() {
    wake.complete(true);
  }

  /** The state of a server changed. Never suspends. */
  void changed() {
    boolean lost = !often && servers.sessions().isEmpty();
    if (lost || (aloneSince >= 0 && servers.isAnyChosenOpen())) {
      wake();
    }
  }

  void stop() {
    stopped = true;
    wake();
  }

  /** Suspends until {@link #stop}. */
  void run() {
    known.load();
    rest();
    while (true) {
      wake = platform.tasks().pending();
      // After the new wake is in place, so that no call to stop goes unheard.
      if (!stopped) {
        wake.await(platform.deadline(pause()));
      }
      if (stopped) {
        return;
      }
      standIn();
      boolean due = watched.isWatched() || platform.clock().ticks() >= nextLook;
      if (due && !servers.sessions().isEmpty()) {
        meet();
        look();
        rest();
      }
    }
  }

  /** A server that is new here is asked soon which others it knows. Never suspends. */
  void greet(IndexSession session) {
    platform.tasks().spawn("greet", () -> askForServers(session));
  }

  private void askForServers(IndexSession session) {
    try {
      SessionFrame.ServersFound found =
          session.ask(SessionFrame.Servers::new, SessionFrame.ServersFound.class);
      known.told(session.serverKey(), session.origin(), found.servers(), isLocal());
    } catch (LinkException | RefusedException e) {
      // It is asked again at the next login.
      return;
    }
  }

  private long pause() {
    boolean lonely = servers.sessions().isEmpty();
    often = lonely || watched.isWatched();
    if (!often) {
      return Math.max(1, nextLook - platform.clock().ticks());
    }
    int least = lonely ? LONELY : LOOK;
    return (long) least + platform.entropy().below(least);
  }

  private void rest() {
    nextLook = platform.clock().ticks() + REST + platform.entropy().below(REST);
  }

  /** Whether the person lives on servers of the home or office network. */
  private boolean isLocal() {
    return servers.loops().stream().anyMatch(loop -> Origin.isLocal(loop.origin()));
  }

  private void standIn() {
    long now = platform.clock().ticks();
    if (servers.isAnyChosenOpen()) {
      aloneSince = -1;
      servers.standIn(List.of());
    } else if (aloneSince < 0) {
      aloneSince = now;
    } else if (now - aloneSince >= ALONE) {
      List<String> others = new ArrayList<>();
      for (KnownServers.Known one : known.all()) {
        if (!one.operator().isEmpty() && others.size() < STAND_INS) {
          others.add(one.origin());
        }
      }
      servers.standIn(others);
    }
  }

  /** Asks some of those who were seen for canaries. */
  private void meet() {
    long now = platform.clock().ticks();
    notBefore.values().removeIf(until -> until <= now);
    for (PeerId peer : servers.met()) {
      boolean asked = witnesses.containsKey(peer) || notBefore.containsKey(peer);
      if (!asked && witnesses.size() < Candour.WITNESSES) {
        notBefore.put(peer, now + AGAIN);
        try {
          PeerFrame.Reply reply =
              servers.callByTunnel(peer, new PeerFrame.Acquaint(), platform.deadline(CALL_TIME));
          if (reply instanceof PeerFrame.Acquainted acquainted) {
            witnesses.put(peer, new Witness(acquainted.seed()));
            known.heard(peer, acquainted.servers(), isLocal());
          }
        } catch (LinkException e) {
          // Others are asked; this one again after a while.
          continue;
        }
      }
    }
  }

  private void look() {
    List<StorageKey> keys = new ArrayList<>();
    witnesses.values().forEach(witness -> keys.addAll(witness.keys));
    List<StorageKey> nothings = new ArrayList<>();
    for (int i = 0; i < NOTHINGS; i++) {
      nothings.add(new StorageKey(platform.entropy().bytes(StorageKey.LENGTH)));
    }
    keys.addAll(nothings);
    for (int i = keys.size() - 1; i > 0; i--) {
      int other = platform.entropy().below(i + 1);
      StorageKey key = keys.get(i);
      keys.set(i, keys.get(other));
      keys.set(other, key);
    }
    for (Told told :
        servers.all(keys.size() / LEAST_KEYS, session -> new Told(session, ask(session, keys)))) {
      judge(told, nothings);
    }
    // Who is nowhere to be seen makes room for others.
    witnesses.values().removeIf(witness -> witness.away > MISSED);
  }

  /** In lookups of all sizes, as others are. */
  private Map<StorageKey, List<PeerId>> ask(IndexSession session, List<StorageKey> keys)
      throws LinkException, RefusedException {
    Map<StorageKey, List<PeerId>> where = new HashMap<>();
    int at = 0;
    while (at < keys.size()) {
      int size = LEAST_KEYS + platform.entropy().below(Limits.LOOKUP_KEYS - LEAST_KEYS + 1);
      List<StorageKey> part = keys.subList(at, Math.min(keys.size(), at + size));
      List<List<PeerId>> found =
          session
              .ask(id -> new SessionFrame.Lookup(id, part), SessionFrame.Found.class)
              .locations();
      for (int i = 0; i < Math.min(part.size(), found.size()); i++) {
        where.put(part.get(i), found.get(i));
      }
      at += part.size();
    }
    return where;
  }

  private void judge(Told told, List<StorageKey> nothings) {
    Candour candour = told.session.candour();
    int omitted = candour.omitted();
    candour.askedForNothing(
        nothings.stream().anyMatch(key -> !told.where.getOrDefault(key, List.of()).isEmpty()));
    for (Map.Entry<PeerId, Witness> entry : List.copyOf(witnesses.entrySet())) {
      PeerId peer = entry.getKey();
      Witness witness = entry.getValue();
      if (!told.where.containsKey(witness.keys.get(0))) {
        // Its canaries are others since they were asked for.
        continue;
      }
      int seen = 0;
      boolean others = false;
      for (StorageKey key : witness.keys) {
        List<PeerId> at = told.where.getOrDefault(key, List.of());
        seen += at.contains(peer) ? 1 : 0;
        others |= at.size() > (at.contains(peer) ? 1 : 0);
      }
      boolean reached = seen > 0 || isReached(told.session, peer, witness);
      boolean there = witness.isThere(told.session.origin(), seen > 0, reached);
      witness.away = reached ? 0 : witness.away + 1;
      candour.looked(peer, platform.clock().ticks(), there, witness.keys.size(), seen, others);
    }
    if (omitted != candour.omitted()) {
      servers.changed();
    }
  }

  /**
   * Whether who is told of nowhere is reached by the tunnel of that very server, and has the
   * canaries still: a page that was loaded again has not.
   */
  private boolean isReached(IndexSession session, PeerId peer, Witness witness) {
    try {
      PeerFrame.Reply reply =
          session.tunnelTo(peer).call(new PeerFrame.Acquaint(), platform.deadline(CALL_TIME));
      if (reply instanceof PeerFrame.Acquainted acquainted) {
        if (acquainted.seed().equals(witness.seed)) {
          return true;
        }
        witnesses.put(peer, new Witness(acquainted.seed()));
      }
      return false;
    } catch (LinkException e) {
      return false;
    }
  }
}
