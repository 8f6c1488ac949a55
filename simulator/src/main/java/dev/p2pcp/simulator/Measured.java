package dev.p2pcp.simulator;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process costs. */
final class Measured {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String MOST = "VmHWM:";

  private Measured() {}

  /** Processor time of all threads since its start, in seconds. */
  static double cpuSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }

  /** The most memory that the process ever had, in bytes; 0 where the system does not say. */
  static long mostMemory() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(MOST)) {
          return 1_024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      // No such file but on Linux.
      return 0;
    }
    return 0;
  }
}
