package dev.p2pcp.platform;

import java.util.Optional;

/** One value that somebody waits for. The first completion wins; completing never suspends. */
public interface Pending<T> {
  /** True if this was the first completion. */
  boolean complete(T value);

  /** The value, or empty when the deadline passed first. Suspends; any number may wait. */
  Optional<T> await(Deadline deadline);

  boolean isComplete();
}
