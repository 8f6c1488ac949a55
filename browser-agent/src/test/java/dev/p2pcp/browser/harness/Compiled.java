package dev.p2pcp.browser.harness;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Modules compiled once in a test run. */
public final class Compiled {
  private static final Map<Class<?>, Path> MODULES = new ConcurrentHashMap<>();

  private Compiled() {}

  public static Path module(Class<?> exports) {
    return MODULES.computeIfAbsent(
        exports, type -> CompiledModule.of(type, Path.of("target", "browser-tests")));
  }
}
