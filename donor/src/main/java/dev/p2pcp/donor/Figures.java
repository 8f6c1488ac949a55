package dev.p2pcp.donor;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.donor.bucket.Bucket;
import dev.p2pcp.donor.bucket.Budget;
import dev.p2pcp.node.NodeStatus;
import dev.p2pcp.node.StoreCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a donor does at one moment, in figures that hold nothing about who keeps what here. */
record Figures(
    NodeStatus status,
    StoreCheck.Progress check,
    MeteredStore.Traffic traffic,
    Map<StoreException.Reason, Long> failures,
    Optional<Cost> cost) {
  /** What a bucket was asked for since the start, and in this month of its budget. */
  record Cost(Bucket.Traffic traffic, Budget.Spent month, boolean isSpent) {}

  /** How a donor is. */
  enum State {
    /** At least one index server is reached. */
    UP,
    /** None is; what is kept stays. */
    OFFLINE
  }

  static final String CONNECTED = "CONNECTED";
  private static final double MEGABYTE = 1e6;

  State state() {
    return connected() > 0 ? State.UP : State.OFFLINE;
  }

  /** Index servers that are reached. */
  long connected() {
    return status.servers().stream().filter(server -> server.state().equals(CONNECTED)).count();
  }

  /** Slots that others may still fill: a share of them stays for own blocks. */
  int free() {
    NodeStatus.Lending lending = status.lending();
    int copies = status.account().copies();
    int forOwn = Math.max(lending.own(), copies == 1 ? 0 : lending.slots() / copies);
    return Math.max(0, lending.slots() - forOwn - lending.forOthers());
  }

  /** One line for a person. */
  String line() {
    NodeStatus.Lending lending = status.lending();
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%s: %d of %d servers; lends %d slots, %d for others, %d own, %d free; keeps %.1f MB for %d accounts",
            state().name().toLowerCase(Locale.ROOT),
            connected(),
            status.servers().size(),
            lending.slots(),
            lending.forOthers(),
            lending.own(),
            free(),
            lending.bytesForOthers() / MEGABYTE,
            lending.accounts()));
    if (!check.over()) {
      line.append(String.format(Locale.ROOT, "; checked %d of %d", check.checked(), check.of()));
    }
    if (check.damaged() > 0) {
      line.append(String.format(Locale.ROOT, "; %d were damaged and given up", check.damaged()));
    }
    if (cost.isPresent() && cost.get().isSpent()) {
      line.append("; this month's budget is spent: nothing is taken or read until the next");
    }
    return line.toString();
  }

  /** What a change of which is worth a line. */
  String gist() {
    return state()
        + " "
        + connected()
        + " "
        + check.over()
        + " "
        + check.damaged()
        + " "
        + cost.map(Cost::isSpent);
  }

  /** For the status port. */
  String json() {
    NodeStatus.Lending lending = status.lending();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("status", state().name());
    all.put(
        "servers",
        status.servers().stream()
            .map(server -> Map.of("origin", server.origin(), "state", server.state()))
            .toList());
    all.put("slots", lending.slots());
    all.put("free", free());
    all.put("forOthers", lending.forOthers());
    all.put("own", lending.own());
    all.put("accounts", lending.accounts());
    all.put("bytes", lending.bytes());
    all.put("checked", check.checked());
    all.put("toCheck", check.of());
    all.put("damaged", check.damaged());
    cost.ifPresent(
        c -> {
          all.put("monthRequests", c.month().requests());
          all.put("monthBytes", c.month().bytes());
          all.put("budgetSpent", c.isSpent());
        });
    return Json.of(all);
  }

  /** As Prometheus reads it (text format 0.0.4). */
  String metrics() {
    NodeStatus.Lending lending = status.lending();
    Page page = new Page();
    page.gauge("p2pcp_donor_up", "Whether an index server is reached", state() == State.UP ? 1 : 0);
    page.gauge("p2pcp_donor_servers_connected", "Index servers reached", connected());
    page.gauge("p2pcp_donor_slots", "Slots lent", lending.slots());
    page.gauge("p2pcp_donor_slots_free", "Slots that others may still fill", free());
    page.gauge("p2pcp_donor_blocks_others", "Blocks kept for others", lending.forOthers());
    page.gauge("p2pcp_donor_blocks_own", "Own blocks kept", lending.own());
    page.gauge("p2pcp_donor_bytes", "Bytes of blocks kept", lending.bytes());
    page.gauge("p2pcp_donor_accounts", "Accounts that blocks are kept for", lending.accounts());
    page.gauge("p2pcp_donor_check_left", "Blocks still to check", check.of() - check.checked());
    page.counter("p2pcp_donor_damaged_total", "Blocks that were given up", check.damaged());
    page.counter("p2pcp_donor_blocks_read_total", "Blocks read", traffic.blocksRead());
    page.counter("p2pcp_donor_bytes_read_total", "Bytes of blocks read", traffic.bytesRead());
    page.counter("p2pcp_donor_blocks_written_total", "Blocks written", traffic.blocksWritten());
    page.counter("p2pcp_donor_bytes_written_total", "Bytes written", traffic.bytesWritten());
    List.copyOf(failures.keySet())
        .forEach(
            reason ->
                page.counter(
                    "p2pcp_donor_store_failures_"
                        + reason.name().toLowerCase(Locale.ROOT)
                        + "_total",
                    "Calls to the store that failed so",
                    failures.getOrDefault(reason, 0L)));
    cost.ifPresent(c -> costs(page, c));
    return page.text.toString();
  }

  private static void costs(Page page, Cost cost) {
    page.counter("p2pcp_donor_bucket_puts_total", "Objects stored", cost.traffic().puts());
    page.counter("p2pcp_donor_bucket_gets_total", "Objects read", cost.traffic().gets());
    page.counter("p2pcp_donor_bucket_deletes_total", "Objects removed", cost.traffic().deletes());
    page.counter("p2pcp_donor_bucket_lists_total", "Listings", cost.traffic().lists());
    page.counter("p2pcp_donor_bucket_in_bytes_total", "Bytes stored", cost.traffic().bytesIn());
    page.counter("p2pcp_donor_bucket_out_bytes_total", "Bytes read", cost.traffic().bytesOut());
    page.gauge(
        "p2pcp_donor_bucket_month_requests",
        "Requests for blocks in this month",
        cost.month().requests());
    page.gauge("p2pcp_donor_bucket_month_bytes", "Bytes in this month", cost.month().bytes());
    page.gauge("p2pcp_donor_bucket_budget_spent", "Whether the budget is", cost.isSpent() ? 1 : 0);
  }

  private static final class Page {
    private final StringBuilder text = new StringBuilder();

    void gauge(String name, String help, long value) {
      metric(name, "gauge", help, value);
    }

    void counter(String name, String help, long value) {
      metric(name, "counter", help, value);
    }

    private void metric(String name, String kind, String help, long value) {
      text.append("# HELP ").append(name).append(' ').append(help).append('\n');
      text.append("# TYPE ").append(name).append(' ').append(kind).append('\n');
      text.append(name).append(' ').append(value).append('\n');
    }
  }
}
