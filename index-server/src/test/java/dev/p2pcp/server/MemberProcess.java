package dev.p2pcp.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A member of a cluster in a process of its own, so that a test can kill it. */
final class MemberProcess implements AutoCloseable {
  private static final String READY = "p2pcp is ready at ";

  private final Process process;
  private final int port;

  private MemberProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts without waiting; {@link Starting#ready} waits. */
  static Starting start(List<Integer> memberPorts, int index, String secret) throws IOException {
    String members =
        String.join(",", memberPorts.stream().map(port -> "127.0.0.1:" + port).toList());
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", classes, IndexServer.class.getName()));
    command.add("--server.port=0");
    command.add("--p2pcp.cluster.members=" + members);
    command.add("--p2pcp.cluster.port=" + memberPorts.get(index));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("P2PCP_CLUSTER_SECRET", secret);
    return new Starting(builder.start());
  }

  /** A process that may not be ready yet. */
  record Starting(Process process) {
    MemberProcess ready() throws IOException {
      BufferedReader output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      StringBuilder said = new StringBuilder();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(READY)) {
          Thread.ofPlatform().daemon().start(() -> output.lines().forEach(rest -> {}));
          return new MemberProcess(
              process, Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip()));
        }
        said.append(line).append('\n');
      }
      throw new AssertionError("the member did not start:\n" + said);
    }
  }

  int port() {
    return port;
  }

  /** As by {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
