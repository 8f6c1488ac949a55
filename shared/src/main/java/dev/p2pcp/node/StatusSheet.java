package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.wire.Limits;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes the figures that a person sees of what an agent does. Never suspends. */
record StatusSheet(
    Holdings holdings,
    OwnBlocks own,
    Servers servers,
    KnownServers known,
    Replicator replicator,
    Links links) {
  NodeStatus of(BlockStore.Usage usage, Allowance allowance, List<ItemView> items, long now) {
    List<NodeStatus.Server> states = servers.loops().stream().map(this::server).toList();
    return new NodeStatus(
        lending(usage), account(allowance, now), states, heardOf(), reached(), counts(items));
  }

  private NodeStatus.Server server(ServerLoop loop) {
    return new NodeStatus.Server(
        loop.origin(),
        loop.state().name(),
        loop.retryIn(),
        loop.why(),
        loop.awaySince(),
        loop.candour().omitted(),
        loop.candour().isForging(),
        servers.isStandIn(loop));
  }

  private List<NodeStatus.HeardOf> heardOf() {
    List<String> used = servers.loops().stream().map(ServerLoop::origin).toList();
    return known.all().stream()
        .filter(one -> !used.contains(one.origin()))
        .map(one -> new NodeStatus.HeardOf(one.origin(), one.operator(), one.agents()))
        .toList();
  }

  private NodeStatus.Links reached() {
    Links.Counts counts = links.counts();
    return new NodeStatus.Links(
        counts.direct(), counts.relayed(), counts.tunnel(), counts.left(), links.isRelayOnly());
  }

  private NodeStatus.Lending lending(BlockStore.Usage usage) {
    Set<AccountId> accounts = new HashSet<>();
    long bytes = 0;
    for (Holding holding : holdings.snapshot().values()) {
      if (holding.isForOthers()) {
        bytes += holding.size();
        holding.claims().forEach(claim -> accounts.add(claim.owner()));
      }
    }
    long room = Math.max(0, usage.grantedBytes()) / Block.MAX_LENGTH;
    return new NodeStatus.Lending(
        holdings.slots(),
        holdings.own(),
        holdings.forOthers(),
        (int) Math.min(Limits.SLOTS, room),
        holdings.bytes(),
        usage.persistent(),
        accounts.size(),
        bytes);
  }

  private NodeStatus.Account account(Allowance allowance, long now) {
    long until = Long.MAX_VALUE;
    for (OwnBlock block : own.snapshot().values()) {
      until = Math.min(until, block.paidUntil(now));
    }
    return new NodeStatus.Account(
        allowance.blocks(),
        replicator.wanted(),
        allowance.needed(),
        allowance.lent(),
        until == Long.MAX_VALUE ? 0 : until);
  }

  private static NodeStatus.Counts counts(List<ItemView> items) {
    int[] counts = new int[ItemView.Placement.values().length];
    int total = 0;
    int repairing = 0;
    for (ItemView view : items) {
      if (!view.path().text().startsWith(Catalogue.RESERVED)) {
        total++;
        counts[view.placement().ordinal()]++;
        repairing += view.copies().repairing() > 0 ? 1 : 0;
      }
    }
    return new NodeStatus.Counts(total, counts[0], counts[1], counts[2], repairing);
  }
}
