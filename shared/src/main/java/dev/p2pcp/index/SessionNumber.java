package dev.p2pcp.index;

/**
 * Numbers of sessions, unique in a cluster.
 *
 * <pre>
 *   31 30        18 17               0
 *   0  member 13    session of it 18
 * </pre>
 */
public final class SessionNumber {
  /** Member numbers are from 1 to this. */
  public static final int MOST_MEMBERS = (1 << 13) - 1;

  private static final int SESSION_BITS = 18;

  private SessionNumber() {}

  /** The number of a member's session with that count, which wraps around. */
  public static int of(int member, int count) {
    return member << SESSION_BITS | count & (1 << SESSION_BITS) - 1;
  }

  /** The member that has the session of that number. */
  public static int memberOf(int session) {
    return session >>> SESSION_BITS;
  }
}
