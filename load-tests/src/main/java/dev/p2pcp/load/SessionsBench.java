package dev.p2pcp.load;

import dev.p2pcp.load.peer.VirtualPeer;
import dev.p2pcp.wire.SessionFrame;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a session that is logged in and only keeps its heartbeat costs in resident memory: the slope
 * between 2 000 and 15 000 of them, after a collection of garbage at both ends. A process here may
 * have 20 000 open files, so more is not measured.
 */
final class SessionsBench implements Bench.Benchmark {
  private static final int FEW = 2_000;
  private static final int MANY = 15_000;

  /** Sessions from one address, as where a provider lets many households share one. */
  private static final int PER_ADDRESS = 100;

  /** How many log in at the same time. */
  private static final int ENTERING = 16;

  /** What an idle peer reads is short. */
  private static final int BUFFER = 256;

  /** Before memory is read, so that what the logins took is let go. */
  private static final long SETTLE_MILLIS = 12_000;

  /** The server is content with something each ten seconds. */
  private static final long HEARTBEAT_MILLIS = 8_000;

  private static final int COLLECTIONS = 3;

  private final Queue<VirtualPeer> peers = new ConcurrentLinkedQueue<>();
  private final Queue<IOException> lost = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  @Override
  public String run(List<String> arguments) throws IOException {
    MeasuredProcess.pinGenerator();
    Figures figures = new Figures("sessions");
    try (MeasuredProcess server = MeasuredProcess.server(MeasuredProcess.SERVER_CORE)) {
      Thread heart = Thread.ofPlatform().daemon().name("heartbeats").start(this::beat);
      long few = resident(server, 0, FEW);
      double began = server.cpuSeconds();
      long many = resident(server, FEW, MANY);
      double login = (server.cpuSeconds() - began) * 1e6 / (MANY - FEW);
      over = true;
      heart.interrupt();
      for (VirtualPeer peer : peers) {
        peer.close();
      }
      return figures
          .add("rss_bytes_per_idle_session", (many - few) / (double) (MANY - FEW), 0)
          .add("login_cpu_us", login, 0)
          .add("rss_mb_at_" + FEW, few / 1e6, 0)
          .add("rss_mb_at_" + MANY, many / 1e6, 0)
          .json();
    }
  }

  private long resident(MeasuredProcess server, int from, int to) throws IOException {
    login(server, from, to);
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS));
    for (int i = 0; i < COLLECTIONS; i++) {
      server.collect();
    }
    if (!lost.isEmpty()) {
      throw new IOException(lost.size() + " sessions were lost", lost.peek());
    }
    long resident = server.residentBytes();
    System.out.printf(
        Locale.ROOT,
        "%d sessions: %.0f MB resident, %.0f MB of them live in the heap, %.1f CPU s%n",
        to,
        resident / 1e6,
        server.liveBytes() / 1e6,
        server.cpuSeconds());
    return resident;
  }

  private void login(MeasuredProcess server, int from, int to) throws IOException {
    List<Integer> lanes = new ArrayList<>();
    for (int lane = 0; lane < ENTERING; lane++) {
      lanes.add(lane);
    }
    Together.each(
        lanes,
        lane -> {
          for (int i = from + lane; i < to; i += ENTERING) {
            VirtualPeer peer = VirtualPeer.login(server.address(), address(i), BUFFER);
            peers.add(peer);
            Thread.ofVirtual().start(() -> listen(peer));
          }
        });
  }

  /** All of 127.0.0.0/8 is this machine. */
  private static InetAddress address(int session) throws IOException {
    int number = session / PER_ADDRESS;
    return InetAddress.getByAddress(
        new byte[] {127, 1, (byte) (number / 250), (byte) (1 + number % 250)});
  }

  private void listen(VirtualPeer peer) {
    try {
      while (true) {
        if (peer.next() instanceof SessionFrame.GoAway goAway) {
          throw new IOException(goAway.toString());
        }
      }
    } catch (IOException e) {
      if (!over) {
        lost.add(e);
      }
    }
  }

  private void beat() {
    try {
      while (!over) {
        long next = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HEARTBEAT_MILLIS);
        for (VirtualPeer peer : peers) {
          peer.send(new SessionFrame.Ping(1));
        }
        LockSupport.parkNanos(next - System.nanoTime());
      }
    } catch (IOException e) {
      lost.add(e);
    }
  }
}
