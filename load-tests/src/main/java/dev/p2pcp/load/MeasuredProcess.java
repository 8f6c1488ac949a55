package dev.p2pcp.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of its own whose CPU time and memory are read from the kernel. Needs Linux. */
final class MeasuredProcess implements AutoCloseable {
  /** Whatever is measured runs here, the generator on {@link #GENERATOR_CORE}. */
  static final int SERVER_CORE = 0;

  static final int GENERATOR_CORE = 1;
  static final int ANY_CORE = -1;

  /** One address and few sessions make all the load: what is measured is not the limits. */
  private static final List<String> UNLIMITED =
      List.of(
          "--p2pcp.sessions-per-address=20000",
          "--p2pcp.shed-lag=10m",
          "--p2pcp.rates.logins=100000",
          "--p2pcp.rates.requests=1000000",
          "--p2pcp.rates.announced=100000000",
          "--p2pcp.rates.looked-up=100000000",
          "--p2pcp.rates.signals=1000000",
          "--p2pcp.rates.signals-to=1000000",
          "--p2pcp.rates.streams=1000000",
          "--p2pcp.rates.tunnel-bytes=250000000");

  private static final String READY = "p2pcp is ready at ";
  private static final String JAR = "P2PCP_SERVER_JAR";
  private static final String JVM = "P2PCP_SERVER_JVM";
  private static final int STOP_SECONDS = 30;
  private static final int COMMAND_SECONDS = 60;

  /** {@code USER_HZ}: the unit of times in {@code /proc}, the same on every Linux. */
  private static final double TICKS_PER_SECOND = 100;

  private static final Pattern HEAP_USED = Pattern.compile("\\bused (\\d+)K");

  private final Process process;
  private final BufferedReader output;

  private MeasuredProcess(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  /** The index server as a host runs it, on a free port of loopback; returns when it is ready. */
  static MeasuredProcess server(int core, String... settings) throws IOException {
    MeasuredProcess server = launch(core, 0, settings);
    server.origin = server.line(READY).substring(READY.length());
    return server;
  }

  /** Members of one cluster, each on a free port; returns when all are ready. */
  static List<MeasuredProcess> cluster(int core, int size, String... settings) throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      ports.add(freePort());
    }
    String list = String.join(",", ports.stream().map(port -> "127.0.0.1:" + port).toList());
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    List<MeasuredProcess> members = new ArrayList<>();
    for (int port : ports) {
      List<String> all = new ArrayList<>(List.of(settings));
      all.add("--p2pcp.cluster.members=" + list);
      all.add("--p2pcp.cluster.port=" + port);
      all.add("--p2pcp.cluster.secret=" + HexFormat.of().formatHex(secret));
      members.add(server(core, all.toArray(new String[0])));
    }
    return members;
  }

  /** A port of loopback that nobody uses now. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /**
   * The index server on that port, not slowed down by its own limits, of whose start nothing is
   * awaited.
   */
  static MeasuredProcess launch(int core, int port, String... settings) throws IOException {
    String jar = System.getenv(JAR);
    if (jar == null) {
      throw new IOException(JAR + " names no server; start this by ./p2pcp bench NAME");
    }
    List<String> command = new ArrayList<>();
    command.add(java());
    for (String flag : System.getenv().getOrDefault(JVM, "").split(" ")) {
      if (!flag.isEmpty()) {
        command.add(flag);
      }
    }
    command.addAll(List.of("-jar", jar, "--server.port=" + port));
    command.addAll(UNLIMITED);
    command.addAll(List.of(settings));
    return start(core, command);
  }

  /** A main class of this module, with the flags of the server. */
  static MeasuredProcess ours(int core, Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            java(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseCompactObjectHeaders",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(List.of(arguments));
    return start(core, command);
  }

  /** Any program. */
  static MeasuredProcess start(int core, List<String> command) throws IOException {
    List<String> pinned = new ArrayList<>();
    if (core != ANY_CORE) {
      pinned.addAll(List.of("taskset", "-c", Integer.toString(core)));
    }
    pinned.addAll(command);
    return new MeasuredProcess(
        new ProcessBuilder(pinned).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Keeps this process off the core of what is measured. */
  static void pinGenerator() throws IOException {
    command("taskset", "-apc", "" + GENERATOR_CORE, Long.toString(ProcessHandle.current().pid()));
  }

  private String origin = "";

  /** Where the server is, {@code http://127.0.0.1:8080}. */
  String origin() {
    return origin;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), URI.create(origin).getPort());
  }

  /** The next line of output that begins so; others are shown. */
  String line(String beginning) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(beginning)) {
        return line;
      }
      System.out.println(line);
    }
    throw new IOException("it ended before it said '" + beginning + "'");
  }

  /** Ends it as a crash does. */
  void kill() throws IOException {
    process.destroyForcibly();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("it cannot be killed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** User and system time so far. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    // The name, in parentheses, may hold blanks; utime and stime are fields 14 and 15.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** Resident memory in bytes. */
  long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException("the process is gone");
  }

  /** Collects garbage. */
  void collect() throws IOException {
    String _ = jcmd("GC.run");
  }

  /** Bytes of the heap that are in use after a collection. */
  long liveBytes() throws IOException {
    collect();
    long kilobytes = 0;
    for (String line : jcmd("GC.heap_info").lines().toList()) {
      boolean heap = !line.contains("Metaspace") && !line.contains("class space");
      Matcher used = HEAP_USED.matcher(line);
      kilobytes += heap && used.find() ? Long.parseLong(used.group(1)) : 0;
    }
    return kilobytes * 1024;
  }

  private String jcmd(String what) throws IOException {
    return command(
        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
        Long.toString(process.pid()),
        what);
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String command(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output);
      }
      return output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      process.destroyForcibly();
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Objects.requireNonNull(output).close();
  }
}
