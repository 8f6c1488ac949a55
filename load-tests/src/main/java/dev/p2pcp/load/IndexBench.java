package dev.p2pcp.load;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.load.baseline.BareRoute;
import dev.p2pcp.load.baseline.NaiveIndex;
import dev.p2pcp.load.peer.VirtualPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;

/**
 * What announcing and looking up cost the server, in user and system time, with up to 5 million
 * locations; beside it an {@code IMap}, a {@code MultiMap} and a bare WebFlux route in the same
 * run. The server has one core, the peers the other. Figures are medians of three rounds.
 */
final class IndexBench implements Bench.Benchmark {
  private static final int ROUNDS = 3;

  /** What one peer announces, the most that it may. */
  private static final int KEYS_OF_PEER = 100_000;

  private static final int BATCH = 1_000;

  /** Batches that a peer has under way, and peers that announce at the same time. */
  private static final int WINDOW = 4;

  private static final int ANNOUNCING = 4;

  private static final int MILLION = 10;

  /** Peers that announce in one round: three rounds make 1 million 4.9 million. */
  private static final int PEERS_OF_ROUND = 13;

  /** After the argument {@code quick}: for a look while working, not for a result. */
  private static final int PEERS_OF_QUICK_ROUND = 1;

  private static final int ASKING = 32;
  private static final int REQUESTS = 3_000;
  private static final int LOOKUP_KEYS = 16;

  private final List<VirtualPeer> peers = new ArrayList<>();
  private long announced;

  /** Something that is done so many times. */
  @FunctionalInterface
  private interface Work {
    int run() throws IOException;
  }

  @Override
  public String run(List<String> arguments) throws IOException {
    MeasuredProcess.pinGenerator();
    Figures figures = new Figures("index");
    try (MeasuredProcess server = server()) {
      fill(server, arguments.contains("quick") ? PEERS_OF_QUICK_ROUND : PEERS_OF_ROUND, figures);
      double single = cpu(server, "single announce", () -> single(server));
      double lookup = cpu(server, "lookup of " + LOOKUP_KEYS, this::lookup);
      figures
          .add("announce_single_cpu_us", single, 2)
          .add("lookup_cpu_us", lookup, 2)
          .add("lookup_cpu_us_per_key", lookup / LOOKUP_KEYS, 2);
      http(server, figures);
      for (VirtualPeer peer : peers) {
        peer.close();
      }
    }
    naive(figures);
    return figures.json();
  }

  /** No peer says anything but what is measured. */
  private static MeasuredProcess server() throws IOException {
    return MeasuredProcess.server(MeasuredProcess.SERVER_CORE, "--p2pcp.heartbeat=10m");
  }

  private void fill(MeasuredProcess server, int peersOfRound, Figures figures) throws IOException {
    int _ = announce(server, 1);
    long empty = server.liveBytes();
    long before = announced;
    int _ = announce(server, MILLION);
    double atOne = (server.liveBytes() - empty) / (double) (announced - before);
    double[] cpu = new double[ROUNDS];
    double[] rate = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double began = server.cpuSeconds();
      long clock = System.nanoTime();
      int keys = announce(server, peersOfRound);
      rate[round] = keys * 1e9 / (System.nanoTime() - clock);
      cpu[round] = (server.cpuSeconds() - began) * 1e6 / keys;
      System.out.printf(
          Locale.ROOT, "announce: %.2f us of CPU a key, %.0f keys/s%n", cpu[round], rate[round]);
    }
    double atFive = (server.liveBytes() - empty) / (double) (announced - before);
    System.out.printf(
        Locale.ROOT, "a location: %.1f bytes at 1 million, %.1f at 5 million%n", atOne, atFive);
    figures
        .add("announce_cpu_us_per_key", StoreBench.median(cpu), 2)
        .add("announce_keys_per_s", StoreBench.median(rate), 0)
        .add("bytes_per_location", Math.max(atOne, atFive), 1)
        .add("bytes_per_location_1m", atOne, 1)
        .add("bytes_per_location_5m", atFive, 1);
  }

  private int announce(MeasuredProcess server, int newcomers) throws IOException {
    List<VirtualPeer> fresh = login(server, newcomers);
    for (int at = 0; at < newcomers; at += ANNOUNCING) {
      long from = announced + (long) at * KEYS_OF_PEER;
      List<VirtualPeer> some = fresh.subList(at, Math.min(newcomers, at + ANNOUNCING));
      Together.each(
          some,
          peer ->
              peer.announce(
                  Keys.lists(from + (long) some.indexOf(peer) * KEYS_OF_PEER, KEYS_OF_PEER, BATCH),
                  WINDOW));
    }
    int keys = newcomers * KEYS_OF_PEER;
    announced += keys;
    return keys;
  }

  private List<VirtualPeer> login(MeasuredProcess server, int count) throws IOException {
    List<VirtualPeer> fresh = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fresh.add(VirtualPeer.login(server.address()));
    }
    peers.addAll(fresh);
    return fresh;
  }

  /** Each peer waits for its answer before it announces one more. */
  private int single(MeasuredProcess server) throws IOException {
    List<VirtualPeer> fresh = login(server, ASKING);
    long from = announced;
    announced += (long) ASKING * REQUESTS;
    Together.each(
        fresh,
        peer ->
            peer.announce(
                Keys.lists(from + (long) fresh.indexOf(peer) * REQUESTS, REQUESTS, 1), 1));
    return ASKING * REQUESTS;
  }

  private int lookup() throws IOException {
    Together.each(
        peers.subList(peers.size() - ASKING, peers.size()),
        peer -> {
          for (int i = 0; i < REQUESTS; i++) {
            List<StorageKey> keys =
                LongStream.generate(this::anyone).limit(LOOKUP_KEYS).mapToObj(Keys::of).toList();
            if (!peer.missing(keys).isEmpty()) {
              throw new IOException("not all were found");
            }
          }
        });
    return ASKING * REQUESTS;
  }

  private long anyone() {
    return ThreadLocalRandom.current().nextLong(announced);
  }

  private void http(MeasuredProcess server, Figures figures) throws IOException {
    try (MeasuredProcess bare =
        MeasuredProcess.ours(MeasuredProcess.SERVER_CORE, BareRoute.class)) {
      int port = Integer.parseInt(bare.line(BareRoute.READY).substring(BareRoute.READY.length()));
      InetSocketAddress route = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      double floor = cpu(bare, "bare route", () -> get(route));
      double lookup = cpu(server, "lookup over HTTP", () -> get(server.address()));
      figures
          .add("http_lookup_ratio", lookup / floor, 2)
          .add("http_lookup_cpu_us", lookup, 1)
          .add("http_bare_cpu_us", floor, 1);
    }
  }

  private int get(InetSocketAddress address) throws IOException {
    HttpLoad.run(address, ASKING, REQUESTS, request -> "/blocks/" + Keys.of(anyone()));
    return ASKING * REQUESTS;
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

  /** Microseconds of the server for one; a first round warms up. */
  private static double cpu(MeasuredProcess server, String what, Work work) throws IOException {
    int _ = work.run();
    double[] cpu = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double began = server.cpuSeconds();
      long clock = System.nanoTime();
      int count = work.run();
      double seconds = (System.nanoTime() - clock) / 1e9;
      cpu[round] = (server.cpuSeconds() - began) * 1e6 / count;
      System.out.printf(
          Locale.ROOT, "%s: %.2f us of CPU, %.0f/s%n", what, cpu[round], count / seconds);
    }
    return StoreBench.median(cpu);
  }
}
