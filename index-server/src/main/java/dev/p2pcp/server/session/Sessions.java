package dev.p2pcp.server.session;

import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.server.cluster.Members;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** The connections of this member, and who is logged in on them. */
@Component
class Sessions {
  private final Members members;
  private final AtomicInteger counter = new AtomicInteger();
  private final Map<Integer, AgentSession> connected = new ConcurrentHashMap<>();
  private final Map<PeerId, AgentSession> byPeer = new ConcurrentHashMap<>();
  private final Map<AccountId, Set<AgentSession>> byAccount = new ConcurrentHashMap<>();

  Sessions(Members members, MeterRegistry meters) {
    this.members = members;
    Gauge.builder("p2pcp.connections", connected, Map::size)
        .description("Open connections of agents, logged in or not")
        .register(meters);
    Gauge.builder("p2pcp.sessions", byPeer, Map::size)
        .description("Agents that are logged in")
        .register(meters);
  }

  /** A number above 0 that no other connection in the cluster has, nor had one lately. */
  int freeNumber() {
    int number;
    do {
      number = members.sessionNumber(counter.incrementAndGet());
    } while (connected.containsKey(number));
    return number;
  }

  void add(AgentSession session) {
    connected.put(session.number(), session);
  }

  void remove(AgentSession session) {
    connected.remove(session.number());
  }

  /** The session is logged in; the one that the same device had before, if any. */
  Optional<AgentSession> enter(AgentSession session, Member member) {
    AgentSession before = byPeer.put(member.peer(), session);
    byAccount.compute(
        member.account(),
        (account, sessions) -> {
          Set<AgentSession> all = sessions == null ? ConcurrentHashMap.newKeySet() : sessions;
          all.add(session);
          return all;
        });
    return Optional.ofNullable(before);
  }

  void leave(AgentSession session, Member member) {
    byPeer.remove(member.peer(), session);
    byAccount.computeIfPresent(
        member.account(),
        (account, sessions) -> {
          sessions.remove(session);
          return sessions.isEmpty() ? null : sessions;
        });
  }

  /** The connection of that number. */
  Optional<AgentSession> find(int number) {
    return Optional.ofNullable(connected.get(number));
  }

  Collection<AgentSession> all() {
    return connected.values();
  }

  int size() {
    return connected.size();
  }

  /** Accounts of which a device is logged in. */
  Set<AccountId> accounts() {
    return Set.copyOf(byAccount.keySet());
  }

  /** The account's sessions here. */
  List<AgentSession> of(AccountId account) {
    return List.copyOf(byAccount.getOrDefault(account, Set.of()));
  }
}
