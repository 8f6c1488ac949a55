package dev.p2pcp.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What a signal of 1.2 KB from agent to agent on one member costs the server, in user and system
 * time: taking it, ringing the other, and being pulled from. The server has one core, the agents
 * the other. Medians of three rounds.
 */
final class SignalBench implements Bench.Benchmark {
  private static final int ROUNDS = 3;
  private static final int WARM_UP = 6;
  private static final int PAIRS = 16;
  private static final int SIGNALS = 4_000;

  /** At light load: so many by one pair, so far apart. */
  private static final int PACED = 1_000;

  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(4);

  @Override
  public String run(List<String> arguments) throws IOException {
    MeasuredProcess.pinGenerator();
    Figures figures = new Figures("signal");
    List<SignalPair> pairs = new ArrayList<>();
    try (MeasuredProcess server =
        MeasuredProcess.server(MeasuredProcess.SERVER_CORE, "--p2pcp.heartbeat=10m")) {
      for (int i = 0; i < PAIRS; i++) {
        pairs.add(new SignalPair(server.address()));
      }
      for (int round = 0; round < WARM_UP; round++) {
        double _ = round(server, pairs);
      }
      double[] cpu = new double[ROUNDS];
      double[] p99 = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        cpu[round] = round(server, pairs);
        p99[round] = light(pairs.getFirst());
      }
      figures
          .add("signal_cpu_us", StoreBench.median(cpu), 2)
          .add("signal_p99_ms", StoreBench.median(p99), 2);
    } finally {
      for (SignalPair pair : pairs) {
        pair.close();
      }
    }
    return figures.json();
  }

  private static double round(MeasuredProcess server, List<SignalPair> pairs) throws IOException {
    double began = server.cpuSeconds();
    long clock = System.nanoTime();
    Together.each(
        pairs,
        pair -> {
          Histogram _ = pair.send(SIGNALS, 0);
        });
    double seconds = (System.nanoTime() - clock) / 1e9;
    int count = PAIRS * SIGNALS;
    double cpu = (server.cpuSeconds() - began) * 1e6 / count;
    System.out.printf(Locale.ROOT, "signals: %.2f us of CPU, %.0f/s%n", cpu, count / seconds);
    return cpu;
  }

  private static double light(SignalPair pair) throws IOException {
    Histogram latencies = pair.send(PACED, PAUSE);
    double p99 = latencies.getValueAtPercentile(99) / 1e6;
    System.out.printf(
        Locale.ROOT,
        "light load: p50 %.2f ms, p99 %.2f ms%n",
        latencies.getValueAtPercentile(50) / 1e6,
        p99);
    return p99;
  }
}
