package dev.p2pcp.load;

import dev.p2pcp.identity.PeerId;
import dev.p2pcp.load.peer.FrameSocket;
import dev.p2pcp.load.peer.VirtualPeer;
import dev.p2pcp.wire.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What stands between pairs of peers, and those pairs. */
final class Relay implements AutoCloseable {
  private static final int PAIRS = 4;
  private static final int BUFFER = 2 * Limits.MESSAGE;
  private static final long DEADLINE_MILLIS = 10_000;
  private static final long LOOK_MILLIS = 20;

  final String name;
  private final List<MeasuredProcess> processes;
  final List<RelayPair> pairs = new ArrayList<>();

  private Relay(String name, List<MeasuredProcess> processes) {
    this.name = name;
    this.processes = processes;
  }

  /** Streams through an index server: both ends log in. */
  static Relay server() throws IOException {
    MeasuredProcess server =
        MeasuredProcess.server(MeasuredProcess.SERVER_CORE, "--p2pcp.heartbeat=10m");
    Relay relay = new Relay("server", List.of(server));
    relay.streams(server, server);
    return relay;
  }

  /** Streams from one member of a cluster to another. */
  static Relay members() throws IOException {
    List<MeasuredProcess> members =
        MeasuredProcess.cluster(MeasuredProcess.SERVER_CORE, 2, "--p2pcp.heartbeat=10m");
    Relay relay = new Relay("two members", members);
    relay.streams(members.getFirst(), members.getLast());
    return relay;
  }

  private void streams(MeasuredProcess from, MeasuredProcess to) throws IOException {
    for (int i = 0; i < PAIRS; i++) {
      VirtualPeer receiver = VirtualPeer.login(to.address());
      VirtualPeer sender = VirtualPeer.login(from.address());
      add(new RelayPair(sender.socket(), receiver.socket(), receiver.peer()));
    }
  }

  /** What all that stands between the pairs has used so far. */
  double cpuSeconds() throws IOException {
    double sum = 0;
    for (MeasuredProcess process : processes) {
      sum += process.cpuSeconds();
    }
    return sum;
  }

  /** The same frames through HAProxy in TCP mode. */
  static Relay haproxy() throws IOException {
    try (ServerSocket sink = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = MeasuredProcess.freePort();
      Path config = Files.createTempFile("p2pcp-haproxy", ".cfg");
      Files.writeString(
          config,
          """
          global
            nbthread 1
          defaults
            mode tcp
            timeout connect 5s
            timeout client 60s
            timeout server 60s
          listen relay
            bind 127.0.0.1:%d
            server sink 127.0.0.1:%d
          """
              .formatted(port, sink.getLocalPort()));
      MeasuredProcess haproxy =
          MeasuredProcess.start(
              MeasuredProcess.SERVER_CORE, List.of("haproxy", "-db", "-f", config.toString()));
      Relay relay = new Relay("haproxy", List.of(haproxy));
      relay.pipes(sink, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      Files.delete(config);
      return relay;
    }
  }

  /** Nothing between the two: what the machine itself takes. */
  static Relay direct() throws IOException {
    try (ServerSocket sink = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Relay relay = new Relay("direct", List.of());
      relay.pipes(sink, (InetSocketAddress) sink.getLocalSocketAddress());
      return relay;
    }
  }

  private void pipes(ServerSocket sink, InetSocketAddress entry) throws IOException {
    for (int i = 0; i < PAIRS; i++) {
      FrameSocket sender = FrameSocket.over(connect(entry), BUFFER);
      FrameSocket receiver = FrameSocket.over(sink.accept(), BUFFER);
      add(new RelayPair(sender, receiver, new PeerId(Keys.of(i).bytes())));
    }
  }

  private void add(RelayPair pair) {
    pairs.add(pair);
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                pair.receive();
              } catch (IOException e) {
                // The pair is closed, or its sender fails as well and says so.
              }
            });
  }

  private static Socket connect(InetSocketAddress entry) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS);
    while (true) {
      try {
        return new Socket(entry.getAddress(), entry.getPort());
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (RelayPair pair : pairs) {
      pair.close();
    }
    for (MeasuredProcess process : processes) {
      process.close();
    }
  }
}
