package dev.p2pcp.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Several index servers in this process that are members of one cluster. */
final class TestCluster implements AutoCloseable {
  static final String SECRET = "known to the members of the test only";

  private final List<Integer> ports;
  private final List<String> settings;
  private final List<TestServer> members = new ArrayList<>();

  private TestCluster(List<Integer> ports, List<String> settings) {
    this.ports = ports;
    this.settings = settings;
  }

  static TestCluster start(int size, String... settings) {
    TestCluster cluster = new TestCluster(freePorts(size), List.of(settings));
    for (int i = 0; i < size; i++) {
      cluster.members.add(cluster.startMember(i));
    }
    return cluster;
  }

  TestServer member(int index) {
    return members.get(index);
  }

  /** Starts a member that was closed before. */
  void restart(int index) {
    members.set(index, startMember(index));
  }

  /** The port on which a member talks to the others. */
  int memberPort(int index) {
    return ports.get(index);
  }

  @Override
  public void close() {
    members.reversed().forEach(TestServer::close);
  }

  private TestServer startMember(int index) {
    String all = String.join(",", ports.stream().map(port -> "127.0.0.1:" + port).toList());
    List<String> own = new ArrayList<>(settings);
    own.add("--p2pcp.cluster.members=" + all);
    own.add("--p2pcp.cluster.port=" + ports.get(index));
    own.add("--p2pcp.cluster.secret=" + SECRET);
    return TestServer.start(own.toArray(String[]::new));
  }

  /** Ports that nobody uses now, each another. */
  static List<Integer> freePorts(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0));
      }
      List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
      for (ServerSocket socket : sockets) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
