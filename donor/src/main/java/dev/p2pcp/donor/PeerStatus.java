package dev.p2pcp.donor;

import dev.p2pcp.node.NodeStatus;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code ./p2pcp peer status}. */
@Command(
    name = "status",
    sortOptions = false,
    usageHelpWidth = 100,
    mixinStandardHelpOptions = true,
    description = "Who you are, what your account lends and needs, and which servers are reached.")
final class PeerStatus extends Visit {
  @Override
  int run(HeadlessAgent agent) throws DonorException, dev.p2pcp.node.AgentException {
    NodeStatus status = Donor.status(agent);
    String identity = agent.agent().keys().did().toString();
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("identity", identity);
    told.put("account", agent.node().device().account().toString());
    told.put("peer", agent.node().device().peer().toString());
    told.put("blocks", status.account().blocks());
    told.put("copies", status.account().copies());
    told.put("needed", status.account().needed());
    told.put("lent", status.account().lent());
    told.put("paidUntil", status.account().paidUntil());
    told.put("items", status.items().total());
    told.put("itemsDone", status.items().done());
    told.put(
        "servers",
        status.servers().stream()
            .map(server -> Map.of("origin", server.origin(), "state", server.state()))
            .toList());
    StringBuilder lines = new StringBuilder();
    lines.append(identity).append('\n');
    lines.append(
        String.format(
            Locale.ROOT,
            "%d items, %d with all copies; %d blocks in %d copies need %d slots, %d are lent%n",
            status.items().total(),
            status.items().done(),
            status.account().blocks(),
            status.account().copies(),
            status.account().needed(),
            status.account().lent()));
    status
        .servers()
        .forEach(
            server ->
                lines
                    .append(server.origin())
                    .append(": ")
                    .append(server.state().toLowerCase(Locale.ROOT))
                    .append('\n'));
    answer(lines.toString().stripTrailing(), told);
    return ExitCode.OK;
  }
}
