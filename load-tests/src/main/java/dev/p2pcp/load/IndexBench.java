package dev.p2pcp.load;

import dev.p2pcp.load.baseline.BareRoute;
import dev.p2pcp.load.baseline.NaiveIndex;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/**
 * What announcing and looking up cost the server, in user and system time, with up to 5 million
 * locations; beside it an {@code IMap}, a {@code MultiMap} and a bare WebFlux route in the same
 * run. The server has one core, the peers the other. Figures are medians of three rounds.
 */
final class IndexBench implements Bench.Benchmark {
  private static final int ROUNDS = 3;
  private static final int MILLION = 10;

  /** Peers that announce in one round: three rounds make 1 million 4.9 million. */
  private static final int PEERS_OF_ROUND = 13;

  /** After the argument {@code quick}: for a look while working, not for a result. */
  private static final int PEERS_OF_QUICK_ROUND = 1;

  @Override
  public String run(List<String> arguments) throws IOException {
    MeasuredProcess.pinGenerator();
    Figures figures = new Figures("index");
    try (MeasuredProcess server = server();
        IndexLoad load = new IndexLoad(List.of(server))) {
      fill(
          server,
          load,
          arguments.contains("quick") ? PEERS_OF_QUICK_ROUND : PEERS_OF_ROUND,
          figures);
      double single = load.cpu("single announce", load::single);
      double lookup = load.cpu("lookup of " + IndexLoad.LOOKUP_KEYS, load::lookup);
      figures
          .add("announce_single_cpu_us", single, 2)
          .add("lookup_cpu_us", lookup, 2)
          .add("lookup_cpu_us_per_key", lookup / IndexLoad.LOOKUP_KEYS, 2);
      http(server, load, figures);
    }
    naive(figures);
    return figures.json();
  }

  /** No peer says anything but what is measured. */
  private static MeasuredProcess server() throws IOException {
    return MeasuredProcess.server(MeasuredProcess.SERVER_CORE, "--p2pcp.heartbeat=10m");
  }

  private static void fill(
      MeasuredProcess server, IndexLoad load, int peersOfRound, Figures figures)
      throws IOException {
    int _ = load.announce(1);
    long empty = server.liveBytes();
    long before = load.announced();
    int _ = load.announce(MILLION);
    double atOne = (server.liveBytes() - empty) / (double) (load.announced() - before);
    double[] cpu = new double[ROUNDS];
    double[] rate = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double began = server.cpuSeconds();
      long clock = System.nanoTime();
      int keys = load.announce(peersOfRound);
      rate[round] = keys * 1e9 / (System.nanoTime() - clock);
      cpu[round] = (server.cpuSeconds() - began) * 1e6 / keys;
      System.out.printf(
          Locale.ROOT, "announce: %.2f us of CPU a key, %.0f keys/s%n", cpu[round], rate[round]);
    }
    double atFive = (server.liveBytes() - empty) / (double) (load.announced() - before);
    System.out.printf(
        Locale.ROOT, "a location: %.1f bytes at 1 million, %.1f at 5 million%n", atOne, atFive);
    figures
        .add("announce_cpu_us_per_key", StoreBench.median(cpu), 2)
        .add("announce_keys_per_s", StoreBench.median(rate), 0)
        .add("bytes_per_location", Math.max(atOne, atFive), 1)
        .add("bytes_per_location_1m", atOne, 1)
        .add("bytes_per_location_5m", atFive, 1);
  }

  private static void http(MeasuredProcess server, IndexLoad load, Figures figures)
      throws IOException {
    try (MeasuredProcess bare =
        MeasuredProcess.ours(MeasuredProcess.SERVER_CORE, BareRoute.class)) {
      int port = Integer.parseInt(bare.line(BareRoute.READY).substring(BareRoute.READY.length()));
      InetSocketAddress route = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      double floor = new IndexLoad(List.of(bare)).cpu("bare route", () -> get(route, load));
      double lookup = load.cpu("lookup over HTTP", () -> get(server.address(), load));
      figures
          .add("http_lookup_ratio", lookup / floor, 2)
          .add("http_lookup_cpu_us", lookup, 1)
          .add("http_bare_cpu_us", floor, 1);
    }
  }

  private static int get(InetSocketAddress address, IndexLoad load) throws IOException {
    HttpLoad.run(
        address,
        IndexLoad.ASKING,
        IndexLoad.REQUESTS,
        request -> "/blocks/" + Keys.of(load.anyone()));
    return IndexLoad.ASKING * IndexLoad.REQUESTS;
  }

  private static void naive(Figures figures) throws IOException {
    try (MeasuredProcess baseline =
        MeasuredProcess.ours(MeasuredProcess.SERVER_CORE, NaiveIndex.class)) {
      String[] result =
          baseline.line(NaiveIndex.RESULT).substring(NaiveIndex.RESULT.length()).split(" ");
      figures
          .add("imap_cpu_us_per_key", Double.parseDouble(result[0]), 2)
          .add("imap_bytes", Double.parseDouble(result[1]), 0)
          .add("multimap_cpu_us_per_key", Double.parseDouble(result[2]), 2)
          .add("multimap_bytes", Double.parseDouble(result[3]), 0);
    }
  }
}
