package dev.p2pcp.load;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs one benchmark by its name. */
public final class Bench {
  private static final Map<String, Benchmark> BENCHMARKS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("donor", new DonorBench()),
              Map.entry("feed", new FeedBench()),
              Map.entry("index", new IndexBench()),
              Map.entry("ledger", new LedgerBench()),
              Map.entry("link", new LinkBench()),
              Map.entry("page", new PageBench()),
              Map.entry("recovery", new RecoveryBench()),
              Map.entry("scale", new ScaleBench()),
              Map.entry("sessions", new SessionsBench()),
              Map.entry("signal", new SignalBench()),
              Map.entry("start", new StartBench()),
              Map.entry("store", new StoreBench()),
              Map.entry("tunnel", new TunnelBench())));

  private Bench() {}

  /** One measurement. */
  @FunctionalInterface
  interface Benchmark {
    /**
     * Measures, printing on the way.
     *
     * @return the figures as one line of JSON
     */
    String run(List<String> arguments) throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    Benchmark benchmark = arguments.length == 0 ? null : BENCHMARKS.get(arguments[0]);
    if (benchmark == null) {
      System.err.println("which bench? One of " + BENCHMARKS.keySet());
      System.exit(2);
      return;
    }
    System.out.println(benchmark.run(Arrays.asList(arguments).subList(1, arguments.length)));
  }
}
