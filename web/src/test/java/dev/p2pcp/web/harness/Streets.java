package dev.p2pcp.web.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Networks of their own for browsers, by Linux namespaces: each house is a host behind one bridge,
 * on which this machine is another. Datagrams of a house can be swallowed without a word, as
 * firewalls do.
 */
public final class Streets implements AutoCloseable {
  private static final int COMMAND_SECONDS = 20;

  /**
   * A name that browsers take for this machine, so that pages may use cryptography; see Chromium.
   */
  public static final String HOST = "p2pcp.localhost";

  private static final AtomicInteger BUILT = new AtomicInteger();

  private final String tag;
  private final String net;
  private final int houses;
  private final Path directory;

  private Streets(String tag, String net, int houses, Path directory) {
    this.tag = tag;
    this.net = net;
    this.houses = houses;
    this.directory = directory;
  }

  /** Whether this machine lets us make networks. */
  public static boolean arePossible() {
    if (!ran("ip", "netns", "add", "p2pcp-try")) {
      return false;
    }
    boolean filters = ran("ip", "netns", "exec", "p2pcp-try", "iptables", "-L", "-n");
    ran("ip", "netns", "del", "p2pcp-try");
    return filters;
  }

  /** So many houses. */
  public static Streets of(int houses) {
    try {
      // Tests run side by side, and the kernel takes its time with what is gone: no name twice.
      long pid = ProcessHandle.current().pid();
      int built = BUILT.getAndIncrement();
      String tag = "p" + pid % 10_000 + (char) ('a' + built);
      String net = "10." + (64 + pid % 128) + "." + built + ".";
      Streets streets = new Streets(tag, net, houses, Files.createTempDirectory("p2pcp-streets"));
      try {
        streets.build();
      } catch (IllegalStateException e) {
        streets.close();
        throw e;
      }
      return streets;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address of this machine as houses see it. */
  public String address() {
    return net + "1";
  }

  /** The address of a house. */
  public String addressOf(int house) {
    return net + (house + 2);
  }

  /** A program that runs the browser in that house, with whatever it is given. */
  Path browserIn(int house, String browser) {
    Path script = directory.resolve("browser-" + house);
    try {
      if (!Files.exists(script)) {
        Files.writeString(
            script, "#!/bin/sh\nexec ip netns exec %s %s \"$@\"\n".formatted(name(house), browser));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      return script;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Swallows all datagrams of that house from now on, or lets them through. */
  public void swallowDatagrams(int house, boolean yes) {
    for (String chain : List.of("INPUT", "OUTPUT")) {
      run(
          "ip",
          "netns",
          "exec",
          name(house),
          "iptables",
          yes ? "-A" : "-D",
          chain,
          "-p",
          "udp",
          "-j",
          "DROP");
    }
  }

  @Override
  public void close() {
    IntStream.range(0, houses).forEach(house -> ran("ip", "netns", "del", name(house)));
    ran("ip", "link", "del", tag + "br");
    try {
      World.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void build() {
    run("ip", "link", "add", tag + "br", "type", "bridge");
    run("ip", "addr", "add", address() + "/24", "dev", tag + "br");
    run("ip", "link", "set", tag + "br", "up");
    for (int house = 0; house < houses; house++) {
      String name = name(house);
      String cable = tag + "c" + house;
      run("ip", "netns", "add", name);
      run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name);
      run("ip", "link", "set", cable, "master", tag + "br", "up");
      run("ip", "-n", name, "addr", "add", net + (house + 2) + "/24", "dev", "eth0");
      run("ip", "-n", name, "link", "set", "eth0", "up");
      run("ip", "-n", name, "link", "set", "lo", "up");
      run("ip", "-n", name, "route", "add", "default", "via", address());
    }
  }

  private String name(int house) {
    return tag + "h" + house;
  }

  private static void run(String... command) {
    if (!ran(command)) {
      throw new IllegalStateException("failed: " + String.join(" ", command));
    }
  }

  private static boolean ran(String... command) {
    try {
      Process process =
          new ProcessBuilder(new ArrayList<>(List.of(command)))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
