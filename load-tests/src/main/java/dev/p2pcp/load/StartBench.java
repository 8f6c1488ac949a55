package dev.p2pcp.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * From the start of the process to the first 200 of its readiness probe, and its resident memory
 * some seconds later. The server has all cores, as at a host. Figures are medians.
 */
final class StartBench implements Bench.Benchmark {
  private static final int ROUNDS = 5;
  private static final long DEADLINE_MILLIS = 60_000;
  private static final long LOOK_MILLIS = 5;

  /** After which the memory is read: what loads late has loaded. */
  private static final long SETTLED_MILLIS = 3_000;

  private static final String PROBE =
      "GET /actuator/health/readiness HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
  private static final String OK = "HTTP/1.1 200";

  @Override
  public String run(List<String> arguments) throws IOException {
    Figures figures = new Figures("start");
    double[] ready = new double[ROUNDS];
    double[] megabytes = new double[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      int port = MeasuredProcess.freePort();
      long began = System.nanoTime();
      try (MeasuredProcess server = MeasuredProcess.launch(MeasuredProcess.ANY_CORE, port)) {
        awaitReady(port, began);
        double millis = (System.nanoTime() - began) / 1e6;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SETTLED_MILLIS));
        double resident = server.residentBytes() / 1e6;
        System.out.printf(
            Locale.ROOT,
            "%s: ready after %.0f ms, %.0f MB, %.2f CPU s%n",
            round < 0 ? "warm-up" : "round " + (round + 1),
            millis,
            resident,
            server.cpuSeconds());
        if (round >= 0) {
          ready[round] = millis;
          megabytes[round] = resident;
        }
      }
    }
    return figures
        .add("ready_ms", StoreBench.median(ready), 0)
        .add("rss_mb", StoreBench.median(megabytes), 0)
        .json();
  }

  private static void awaitReady(int port, long began) throws IOException {
    while (!isReady(port)) {
      if (System.nanoTime() - began > TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS)) {
        throw new IOException("the server does not become ready");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
    }
  }

  private static boolean isReady(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(PROBE.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(OK.length()), StandardCharsets.US_ASCII).equals(OK);
    } catch (ConnectException e) {
      return false;
    }
  }
}
