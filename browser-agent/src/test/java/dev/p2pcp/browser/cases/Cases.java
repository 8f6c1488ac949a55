package dev.p2pcp.browser.cases;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Named checks of one subject. A check fails by throwing. */
public final class Cases {
  private final Map<String, Check> checks = new LinkedHashMap<>();
  private final Set<String> special = new HashSet<>();

  /** One behaviour. It runs in a coroutine and may suspend. */
  @FunctionalInterface
  public interface Check {
    void run() throws Exception;
  }

  public Cases add(String name, Check check) {
    if (checks.put(name, check) != null) {
      throw new IllegalArgumentException("twice: " + name);
    }
    return this;
  }

  /** One that needs the browser set up for it, and so is not among {@link #names}. */
  public Cases addWithSetting(String name, Check check) {
    special.add(name);
    return add(name, check);
  }

  String names() {
    StringBuilder names = new StringBuilder();
    for (String name : checks.keySet()) {
      if (special.contains(name)) {
        continue;
      }
      names.append(names.isEmpty() ? "" : "\n").append(name);
    }
    return names.toString();
  }

  void run(String name) throws Exception {
    Objects.requireNonNull(checks.get(name), name).run();
  }

  static void equal(Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new AssertionError("expected " + expected + ", found " + found);
    }
  }

  static void holds(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError("does not hold: " + what);
    }
  }
}
