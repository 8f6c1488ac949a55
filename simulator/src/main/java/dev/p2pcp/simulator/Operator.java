package dev.p2pcp.simulator;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Network;
import dev.p2pcp.inprocess.MemoryIndex;
import dev.p2pcp.quota.Allowance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Somebody who comes with many accounts from one network, over storage for {@link
 * SimAgent#ANCHOR_SLOTS} blocks that each of them claims to have alone; and beside, for comparison,
 * somebody with as much storage and one account. All store as much of their own as they may.
 */
final class Operator {
  /** The network of all its accounts; that of the other has a number of its own. */
  private static final long NETWORK = -1;

  private static final int AT_ONCE = 64;

  private final SimAgent single;
  private final List<SimAgent> sybils;
  private final SharedRoom room;
  private final MemoryIndex index;
  private final int copies;
  private final Map<PeerId, Network> homes = new HashMap<>();

  Operator(SimAgent single, List<SimAgent> sybils, SharedRoom room, MemoryIndex index, int copies) {
    this.single = single;
    this.sybils = sybils;
    this.room = room;
    this.index = index;
    this.copies = copies;
  }

  /**
   * What it came to.
   *
   * @param accounts of the operator
   * @param kept different blocks in its storage
   * @param gained copies of its blocks that others keep
   * @param singleKept blocks in the storage of the one account
   * @param singleGained copies of its blocks that others keep
   */
  record Outcome(int accounts, int kept, int gained, int singleKept, int singleGained) {
    static final Outcome NONE = new Outcome(0, 0, 0, 0, 0);

    /**
     * What the many gained, by what one account would have that keeps as much: what is kept earns
     * as much again, and the rest is the share that needs no proof. Which of the two is given more
     * to keep is chance.
     */
    double ratio() {
      return (double) gained / Math.max(1, singleGained - singleKept + kept);
    }
  }

  /** All accounts of both. */
  List<SimAgent> accounts() {
    List<SimAgent> all = new ArrayList<>(sybils);
    all.add(single);
    return all;
  }

  /** Where a peer connects from. */
  Network network(PeerId peer) {
    return homes.getOrDefault(peer, new Network(peer.bytes().longAt(0), true));
  }

  /** The first visit. Suspends. */
  void begin(SimAgent agent) throws Exception {
    agent.begin(copies, List.of());
    if (agent != single) {
      homes.put(agent.peer(), new Network(NETWORK, true));
    }
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
    Set<StorageKey> ofMany = new HashSet<>();
    sybils.forEach(sybil -> ofMany.addAll(sybil.items().values()));
    Set<StorageKey> ofSingle = Set.copyOf(single.items().values());
    int gained = 0;
    int singleGained = 0;
    for (SimAgent holder : people) {
      for (StorageKey key : holder.blocksOnDisk()) {
        gained += ofMany.contains(key) ? 1 : 0;
        singleGained += ofSingle.contains(key) ? 1 : 0;
      }
    }
    int singleKept = single.blocksOnDisk().size();
    return new Outcome(sybils.size(), room.size(), gained, singleKept, singleGained);
  }
}
