package dev.p2pcp.topic;

/**
 * What a member of a topic has to its charge. Points are forgiven with time, so that nobody is shut
 * out for ever for what may have been a fault of the network. Not safe for use by several threads
 * at once.
 */
final class Standing {
  /** Points beyond which somebody is no neighbour any more. */
  static final int DROPPED = 20;

  /** And is not spoken with. */
  static final int SHUNNED = 40;

  /** Something that nobody sends who means well. */
  static final int WRONG = 50;

  /** Something that makes no sense. */
  static final int NONSENSE = 10;

  /** More than was allowed, and than was said to be. */
  static final int TOO_MUCH = 5;

  /** Something that can happen to anybody, but not often. */
  static final int ODD = 1;

  private static final int WORST = 100;

  /** For how many milliseconds a point counts. */
  private static final long FORGIVEN = 10_000;

  private long points;
  private long since;

  void lose(int more, long now) {
    points = Math.min(WORST, of(now) + more);
    since = now;
  }

  long of(long now) {
    return Math.max(0, points - (now - since) / FORGIVEN);
  }

  boolean isDropped(long now) {
    return of(now) > DROPPED;
  }

  boolean isShunned(long now) {
    return of(now) >= SHUNNED;
  }
}
