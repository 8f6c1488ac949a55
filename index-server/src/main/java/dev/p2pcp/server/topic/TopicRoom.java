package dev.p2pcp.server.topic;

import java.util.function.IntSupplier;

/**
 * Keeps the memberships of all topics within a part of the memory. They are counted only now and
 * then, since that takes time for each session; between, every join is taken for a new one.
 *
 * <p>Not safe for use by several threads at once.
 */
final class TopicRoom {
  /** What a membership in a topic that has no other member takes, in bytes, about. */
  private static final int BYTES = 512;

  /** All together take one in so many bytes of the heap at most. */
  private static final int PART = 8;

  /** Least time between two counts, in milliseconds. */
  private static final long PAUSE = 1_000;

  private final long most;
  private final IntSupplier counter;
  private long about;
  private long counted = Long.MIN_VALUE / 2;

  /** For a heap of so many bytes. */
  TopicRoom(long heap, IntSupplier counter) {
    this.most = heap / PART / BYTES;
    this.counter = counter;
  }

  /** Whether there may be so many more, which then count. */
  boolean take(int more, long ticks) {
    if (about + more > most && ticks - counted >= PAUSE) {
      about = counter.getAsInt();
      counted = ticks;
    }
    if (about + more > most) {
      return false;
    }
    about += more;
    return true;
  }
}
