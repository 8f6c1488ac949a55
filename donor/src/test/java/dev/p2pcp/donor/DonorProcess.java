package dev.p2pcp.donor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code ./p2pcp donate} in a process of its own, as it is run, so that it can be killed. */
final class DonorProcess implements AutoCloseable {
  private static final String PEER = "Peer ";
  private static final String STATUS = "Status at ";
  private static final long PATIENCE = 30;

  private final Process process;
  private final BufferedReader output;
  private final List<String> said = new ArrayList<>();

  private DonorProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Runs the command with these arguments and further variables of the environment. */
  static DonorProcess run(Map<String, String> environment, String... arguments) throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classes));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new DonorProcess(builder.start());
  }

  /** Lends that folder; returns when it is logged in. */
  static DonorProcess donate(Path folder, int slots, String origin) throws IOException {
    DonorProcess donor =
        run(
            Map.of(),
            "donate",
            "--dir=" + folder,
            "--slots=" + slots,
            "--server=" + origin,
            "--status-port=0");
    String _ = donor.line("up: ");
    return donor;
  }

  /** The next line that begins so. */
  String line(String beginning) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.add(line);
      if (line.startsWith(beginning)) {
        return line;
      }
    }
    throw new AssertionError("it ended without '" + beginning + "':\n" + said);
  }

  /** The peer id that it said. */
  String peer() {
    return saidAfter(PEER);
  }

  /** Where its status port is. */
  String status() {
    String line = saidAfter(STATUS);
    return line.substring(0, line.indexOf("/health"));
  }

  private String saidAfter(String beginning) {
    return said.stream()
        .filter(line -> line.startsWith(beginning))
        .findFirst()
        .orElseThrow()
        .substring(beginning.length());
  }

  long pid() {
    return process.pid();
  }

  /** As by {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
      throw new AssertionError("it cannot be killed");
    }
  }

  /** SIGTERM. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** Waits for its end; how it ended. */
  int exitCode() throws IOException, InterruptedException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.add(line);
    }
    if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end");
    }
    return process.exitValue();
  }

  /** All that it printed so far. */
  String said() {
    return String.join("\n", said);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
