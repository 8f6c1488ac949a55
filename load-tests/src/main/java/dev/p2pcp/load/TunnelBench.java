package dev.p2pcp.load;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * What relaying costs: messages of 60 KiB in streams between four pairs of peers, through the index
 * server and, in turn, the same frames through HAProxy in TCP mode. Then, at half of the rate that
 * the server reached, how much later messages arrive than without anything in between. Last, the
 * pairs have their ends at two members of a cluster, whose times are added. The relays have one
 * core, the peers the other. Figures are medians of three rounds.
 */
final class TunnelBench implements Bench.Benchmark {
  private static final int ROUNDS = 3;

  /** Until the server's compiler, which shares its core, is done. */
  private static final int WARM_UP = 6;

  /** Streams of each pair in a round: half a gigabyte in all. */
  private static final int STREAMS = 512;

  /** Streams of each pair of which the latency is measured. */
  private static final int PACED = 256;

  @Override
  public String run(List<String> arguments) throws IOException {
    MeasuredProcess.pinGenerator();
    Figures figures = new Figures("tunnel");
    try (Relay server = Relay.server();
        Relay haproxy = Relay.haproxy();
        Relay direct = Relay.direct()) {
      Cost[] ours = new Cost[ROUNDS];
      Cost[] theirs = new Cost[ROUNDS];
      for (int round = 0; round < WARM_UP; round++) {
        Cost _ = round(server);
      }
      Cost _ = round(haproxy);
      for (int round = 0; round < ROUNDS; round++) {
        ours[round] = round(server);
        theirs[round] = round(haproxy);
      }
      double cpu = median(ours, Cost::cpuPerGigabyte);
      double floor = median(theirs, Cost::cpuPerGigabyte);
      double rate = median(ours, Cost::bytesPerSecond);
      figures
          .add("relay_cpu_ratio", cpu / floor, 2)
          .add("cpu_s_per_gb", cpu, 2)
          .add("haproxy_cpu_s_per_gb", floor, 2)
          .add("mb_s", rate / 1e6, 0)
          .add("haproxy_mb_s", median(theirs, Cost::bytesPerSecond) / 1e6, 0);
      latencies(server, haproxy, direct, rate / 2, figures);
      double across = acrossMembers();
      figures
          .add("cross_member_cpu_ratio", across / floor, 2)
          .add("cross_member_cpu_s_per_gb", across, 2);
    }
    return figures.json();
  }

  private static double acrossMembers() throws IOException {
    try (Relay members = Relay.members()) {
      for (int round = 0; round < WARM_UP; round++) {
        Cost _ = round(members);
      }
      Cost[] costs = new Cost[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        costs[round] = round(members);
      }
      return median(costs, Cost::cpuPerGigabyte);
    }
  }

  /** What a round took. */
  private record Cost(double cpuPerGigabyte, double bytesPerSecond) {}

  private static double median(Cost[] costs, ToDoubleFunction<Cost> what) {
    return StoreBench.median(List.of(costs).stream().mapToDouble(what).toArray());
  }

  private static Cost round(Relay relay) throws IOException {
    double began = relay.cpuSeconds();
    long clock = System.nanoTime();
    Together.each(relay.pairs, pair -> pair.send(STREAMS, 0));
    double seconds = (System.nanoTime() - clock) / 1e9;
    double bytes = (double) relay.pairs.size() * STREAMS * RelayPair.STREAM;
    Cost cost = new Cost((relay.cpuSeconds() - began) / (bytes / 1e9), bytes / seconds);
    System.out.printf(
        Locale.ROOT,
        "%s: %.2f CPU s a GB, %.0f MB/s%n",
        relay.name,
        cost.cpuPerGigabyte,
        cost.bytesPerSecond / 1e6);
    return cost;
  }

  private static void latencies(
      Relay server, Relay haproxy, Relay direct, double bytesPerSecond, Figures figures)
      throws IOException {
    double[] ours = new double[ROUNDS];
    double[] theirs = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double least = latency(direct, bytesPerSecond);
      ours[round] = latency(server, bytesPerSecond) - least;
      theirs[round] = latency(haproxy, bytesPerSecond) - least;
    }
    figures
        .add("added_latency_p99_ms", StoreBench.median(ours), 2)
        .add("haproxy_added_latency_p99_ms", StoreBench.median(theirs), 2);
  }

  /** The 99th percentile in milliseconds, at so many bytes a second in all. */
  private static double latency(Relay relay, double bytesPerSecond) throws IOException {
    relay.pairs.forEach(RelayPair::latencies);
    double streamsPerSecond = bytesPerSecond / RelayPair.STREAM / relay.pairs.size();
    long pause = (long) (TimeUnit.SECONDS.toNanos(1) / streamsPerSecond);
    Together.each(relay.pairs, pair -> pair.send(PACED, pause));
    Histogram all = new Histogram(3);
    for (RelayPair pair : relay.pairs) {
      all.add(pair.latencies());
    }
    double p99 = all.getValueAtPercentile(99) / 1e6;
    System.out.printf(
        Locale.ROOT,
        "%s at half load: p50 %.2f ms, p99 %.2f ms%n",
        relay.name,
        all.getValueAtPercentile(50) / 1e6,
        p99);
    return p99;
  }
}
