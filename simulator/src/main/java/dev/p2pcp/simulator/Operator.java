package dev.p2pcp.simulator;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Network;
import dev.p2pcp.inprocess.MemoryIndex;
import dev.p2pcp.quota.Allowance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Accounts that want more than they are due, and beside them, for comparison, honest ones. Either
 * somebody comes with many accounts from one network, over storage for {@link
 * SimAgent#ANCHOR_SLOTS} blocks that each of them claims to have alone, beside one account with as
 * much storage; or there are {@link Pact}s, beside as many accounts in none. All store as much of
 * their own as they may.
 */
final class Operator {
  /** The network of all accounts of one operator; any other has a number of its own. */
  private static final long NETWORK = -1;

  private static final int AT_ONCE = 64;

  private final List<SimAgent> honest;
  private final List<SimAgent> many;
  private final Optional<SharedRoom> room;
  private final List<Pact> pacts;
  private final MemoryIndex index;
  private final int copies;
  private final Map<PeerId, Network> homes = new HashMap<>();

  private Operator(
      List<SimAgent> honest,
      List<SimAgent> many,
      Optional<SharedRoom> room,
      List<Pact> pacts,
      MemoryIndex index,
      int copies) {
    this.honest = List.copyOf(honest);
    this.many = List.copyOf(many);
    this.room = room;
    this.pacts = List.copyOf(pacts);
    this.index = index;
    this.copies = copies;
  }

  /** One operator of many accounts, over that room. */
  static Operator ofSybils(
      SimAgent single, List<SimAgent> sybils, SharedRoom room, MemoryIndex index, int copies) {
    return new Operator(List.of(single), sybils, Optional.of(room), List.of(), index, copies);
  }

  /** Pacts, and as many accounts in none. */
  static Operator ofPacts(List<SimAgent> honest, List<Pact> pacts, MemoryIndex index, int copies) {
    List<SimAgent> members = new ArrayList<>();
    pacts.forEach(pact -> members.addAll(pact.members()));
    return new Operator(honest, members, Optional.empty(), pacts, index, copies);
  }

  /**
   * What it came to.
   *
   * @param accounts that want more
   * @param kept different blocks that they keep
   * @param gained copies of their blocks that others keep
   * @param honestKept blocks that the honest ones keep
   * @param honestGained copies of their blocks that others keep
   */
  record Outcome(int accounts, int kept, int gained, int honestKept, int honestGained) {
    static final Outcome NONE = new Outcome(0, 0, 0, 0, 0);

    /**
     * What the many gained, by what the honest would have if they kept as much: what is kept earns
     * as much again, and the rest is the share that needs no proof. Who of them is given more to
     * keep is chance.
     */
    double ratio() {
      return (double) gained / Math.max(1, honestGained - honestKept + kept);
    }
  }

  /** All accounts. */
  List<SimAgent> accounts() {
    List<SimAgent> all = new ArrayList<>(many);
    all.addAll(honest);
    return all;
  }

  List<Pact> pacts() {
    return pacts;
  }

  /** Where a peer connects from. */
  Network network(PeerId peer) {
    return homes.getOrDefault(peer, new Network(peer.bytes().longAt(0), true));
  }

  /** The first visit. Suspends. */
  void begin(SimAgent agent) throws Exception {
    agent.begin(copies, List.of());
    if (room.isPresent() && many.contains(agent)) {
      homes.put(agent.peer(), new Network(NETWORK, true));
    }
  }

  /** Signs, and comes back with it. Suspends. */
  void sign(Pact pact) throws Exception {
    pact.sign(copies);
  }

  /** Stores what the index allows by now, as the owner of the account sees it. Suspends. */
  void storeMore(SimAgent agent) throws Exception {
    Allowance figures = index.figures(agent.account());
    // What a person stores is listed in one block more.
    for (int more = AT_ONCE;
        more > 0 && (agent.items().size() + 2) * copies <= figures.lent();
        more--) {
      agent.store(Bytes.utf8("note " + agent.items().size()));
    }
  }

  /** All of it. */
  Outcome outcome(List<SimAgent> people) {
    List<SimAgent> holders = new ArrayList<>(people);
    if (room.isEmpty()) {
      holders.addAll(accounts());
    }
    int own = pacts.size() * 2 * Pact.BLOCKS;
    int kept = room.map(SharedRoom::size).orElseGet(() -> onDisks(many) - own);
    return new Outcome(
        many.size(), kept, gained(many, holders), onDisks(honest), gained(honest, holders));
  }

  private static int onDisks(List<SimAgent> agents) {
    return agents.stream().mapToInt(agent -> agent.blocksOnDisk().size()).sum();
  }

  /** Copies that neither their owner keeps nor who is in a pact with the owner. */
  private int gained(List<SimAgent> owners, List<SimAgent> holders) {
    Map<StorageKey, SimAgent> owned = new HashMap<>();
    owners.forEach(owner -> owner.items().values().forEach(key -> owned.put(key, owner)));
    int gained = 0;
    for (SimAgent holder : holders) {
      for (StorageKey key : holder.blocksOnDisk()) {
        SimAgent owner = owned.get(key);
        if (owner != null && owner != holder && !areInLeague(owner, holder)) {
          gained++;
        }
      }
    }
    return gained;
  }

  private boolean areInLeague(SimAgent one, SimAgent other) {
    return pacts.stream().anyMatch(pact -> pact.isBetween(one, other));
  }
}
