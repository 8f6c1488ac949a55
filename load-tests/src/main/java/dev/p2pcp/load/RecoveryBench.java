package dev.p2pcp.load;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.load.peer.VirtualPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How soon a fresh index server knows again what the one before it knew: a thousand agents that
 * announced a million blocks lose their server by a kill and find another at the same address. The
 * clock starts when its port is open.
 */
final class RecoveryBench implements Bench.Benchmark {
  private static final int AGENTS = 1_000;
  private static final int KEYS_OF_AGENT = 1_000;

  /** Looked up at each round, spread over all agents. */
  private static final int SAMPLE = 20_000;

  private static final double FOUND = 0.999;
  private static final int LOOKUP_KEYS = 64;
  private static final int ENTERING = 16;
  private static final long NANOS = 1_000_000_000L;

  /** Nothing takes so long; it hangs. */
  private static final long PATIENCE = 180 * NANOS;

  /** After all is found, before what it took is read. */
  private static final long SETTLE_MILLIS = 15_000;

  @Override
  public String run(List<String> arguments) throws Exception {
    MeasuredProcess.pinGenerator();
    Figures figures = new Figures("recovery");
    int port;
    List<ReturningAgent> agents = new ArrayList<>();
    double before;
    try (MeasuredProcess first = MeasuredProcess.server(MeasuredProcess.SERVER_CORE)) {
      port = first.address().getPort();
      for (int i = 0; i < AGENTS; i++) {
        agents.add(
            new ReturningAgent(
                first.address(), Keys.lists((long) i * KEYS_OF_AGENT, KEYS_OF_AGENT, 1_000)));
      }
      Together.each(
          IntStream.range(0, ENTERING).boxed().toList(),
          lane -> {
            for (int i = lane; i < AGENTS; i += ENTERING) {
              agents.get(i).start();
            }
          });
      before = awaitFound(first.address());
      System.out.printf(
          Locale.ROOT, "%d agents have announced; found after %.1f s%n", AGENTS, before);
      first.kill();
    }
    try (MeasuredProcess second = MeasuredProcess.launch(MeasuredProcess.SERVER_CORE, port)) {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      awaitPort(address);
      double began = second.cpuSeconds();
      double found = awaitFound(address);
      double cpu = second.cpuSeconds() - began;
      Thread.sleep(SETTLE_MILLIS);
      double after = second.cpuSeconds() - began - cpu;
      agents.forEach(ReturningAgent::stop);
      long attempts = agents.stream().mapToLong(ReturningAgent::attempts).sum();
      return figures
          .add("found_999_s", found, 1)
          .add("cpu_s", cpu, 1)
          .add("cpu_share_after", after * 1_000 / SETTLE_MILLIS, 2)
          .add("attempts_per_agent", attempts / (double) AGENTS, 1)
          .add("rss_mb", second.residentBytes() / 1e6, 0)
          .json();
    }
  }

  private static void awaitPort(InetSocketAddress address) throws IOException {
    long end = System.nanoTime() + PATIENCE;
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(address);
        return;
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  /** Seconds until all but one in a thousand of a sample are found by somebody who asks. */
  private static double awaitFound(InetSocketAddress address) throws IOException {
    long began = System.nanoTime();
    try (VirtualPeer asking = VirtualPeer.login(address)) {
      List<StorageKey> missing =
          LongStream.range(0, SAMPLE)
              .map(i -> i * AGENTS * KEYS_OF_AGENT / SAMPLE)
              .mapToObj(Keys::of)
              .toList();
      while (missing.size() > SAMPLE * (1 - FOUND)) {
        if (System.nanoTime() - began > PATIENCE) {
          throw new IOException(missing.size() + " of " + SAMPLE + " are not found");
        }
        List<StorageKey> still = new ArrayList<>();
        for (int at = 0; at < missing.size(); at += LOOKUP_KEYS) {
          List<StorageKey> some = missing.subList(at, Math.min(missing.size(), at + LOOKUP_KEYS));
          still.addAll(asking.missing(some));
        }
        missing = still;
      }
      return (System.nanoTime() - began) / (double) NANOS;
    }
  }
}
