package dev.p2pcp.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The figures of a run as one line of JSON, the last of them how busy the machine was when it
 * began: the load of one minute, 0 on a quiet one.
 */
final class Figures {
  private static final Path LOAD = Path.of("/proc/loadavg");

  private final StringBuilder json;
  private final String load;

  Figures(String bench) throws IOException {
    json = new StringBuilder("{\"bench\":\"").append(bench).append('"');
    load = Files.readString(LOAD).split(" ")[0];
  }

  Figures add(String name, double value, int decimals) {
    json.append(",\"").append(name).append("\":");
    json.append(String.format(Locale.ROOT, "%." + decimals + "f", value));
    return this;
  }

  String json() {
    return json + ",\"machine_load\":" + load + "}";
  }
}
