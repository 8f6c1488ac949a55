package dev.p2pcp.testing;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One scenario with its expected outcome. The file is UTF-8 lines of {@code name: value}; bytes are
 * lower-case hex; a line that begins with {@code #} is for readers. {@code kind} says what is done,
 * {@code expect} what comes of it.
 */
public final class Vector {
  private final Map<String, String> values = new LinkedHashMap<>();

  private Vector() {}

  /** Reads a file's text; one that has another form is a mistake in the repository. */
  public static Vector parse(String text) {
    Vector vector = new Vector();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        throw new IllegalArgumentException("the last line has no end");
      }
      vector.line(text.substring(start, end));
      start = end + 1;
    }
    return vector;
  }

  private void line(String line) {
    if (line.startsWith("#")) {
      return;
    }
    int colon = line.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("no name: " + line);
    }
    String value = line.substring(colon + 1);
    String name = line.substring(0, colon);
    if (values.put(name, value.startsWith(" ") ? value.substring(1) : value) != null) {
      throw new IllegalArgumentException("twice: " + name);
    }
  }

  /** Whether the scenario names this value. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** A value as it stands there. */
  public String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("missing: " + name);
    }
    return value;
  }

  /** A value of bytes. */
  public Bytes bytes(String name) {
    try {
      return Bytes.fromHex(text(name));
    } catch (MalformedFrameException e) {
      throw new IllegalArgumentException("no hex: " + name);
    }
  }

  /** A decimal number. */
  public long number(String name) {
    return Long.parseLong(text(name));
  }

  /** What is done. */
  public String kind() {
    return text("kind");
  }

  /** What comes of it. */
  public String expected() {
    return text("expect");
  }

  /** The name of the first of these values that differs from the scenario's, or {@code match}. */
  public String match(Map<String, String> computed) {
    for (Map.Entry<String, String> value : computed.entrySet()) {
      if (!text(value.getKey()).equals(value.getValue())) {
        return "other " + value.getKey() + ": " + value.getValue();
      }
    }
    return "match";
  }
}
