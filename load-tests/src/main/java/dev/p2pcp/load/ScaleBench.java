package dev.p2pcp.load;

import java.io.IOException;
import java.util.List;

/**
 * What three members use for the same work, all of their times added, as against one that is alone.
 * All members share one core, the peers, spread over them, have the other.
 */
final class ScaleBench implements Bench.Benchmark {
  private static final int MEMBERS = 3;

  /** Peers that announce in one round. */
  private static final int ANNOUNCING = 4;

  private record Costs(double announce, double lookup) {}

  @Override
  public String run(List<String> arguments) throws IOException {
    MeasuredProcess.pinGenerator();
    Figures figures = new Figures("scale");
    Costs one = costs(1);
    Costs three = costs(MEMBERS);
    return figures
        .add("announce_cpu_ratio_3", three.announce / one.announce, 2)
        .add("lookup_cpu_ratio_3", three.lookup / one.lookup, 2)
        .add("announce_cpu_us_per_key_1", one.announce, 2)
        .add("announce_cpu_us_per_key_3", three.announce, 2)
        .add("lookup_cpu_us_1", one.lookup, 2)
        .add("lookup_cpu_us_3", three.lookup, 2)
        .json();
  }

  private static Costs costs(int size) throws IOException {
    List<MeasuredProcess> members =
        MeasuredProcess.cluster(MeasuredProcess.SERVER_CORE, size, "--p2pcp.heartbeat=10m");
    try (IndexLoad load = new IndexLoad(members)) {
      double announce =
          load.cpu("announce at " + size + " members", () -> load.announce(ANNOUNCING));
      int _ = load.single();
      return new Costs(announce, load.cpu("lookup at " + size + " members", load::lookup));
    } finally {
      for (MeasuredProcess member : members) {
        member.close();
      }
    }
  }
}
