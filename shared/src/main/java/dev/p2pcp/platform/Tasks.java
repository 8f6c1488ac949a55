package dev.p2pcp.platform;

/** Concurrency: virtual threads on the JVM, coroutines in the browser, one queue in simulation. */
public interface Tasks {
  /** Runs the task beside the caller. What it throws is a crash of the program and reported so. */
  void spawn(String name, Runnable task);

  <T> Pending<T> pending();

  /** Suspends for so many milliseconds. */
  void sleep(long millis);
}
