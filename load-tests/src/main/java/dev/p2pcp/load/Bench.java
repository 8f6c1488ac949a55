package dev.p2pcp.load;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs one benchmark by its name. */
public final class Bench {
  private static final Map<String, Benchmark> BENCHMARKS =
      new TreeMap<>(
          Map.of(
              "index", new IndexBench(),
              "ledger", new LedgerBench(),
              "link", new LinkBench(),
              "page", new PageBench(),
              "recovery", new RecoveryBench(),
              "scale", new ScaleBench(),
              "sessions", new SessionsBench(),
              "start", new StartBench(),
              "store", new StoreBench(),
              "tunnel", new TunnelBench()));

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
