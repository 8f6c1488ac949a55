package dev.p2pcp.platform;

/** Two readings of time, both in milliseconds. */
public interface Clock {
  /** Wall time since 1970; may jump. For what is signed or shown. */
  long now();

  /** Time since an arbitrary start that never goes back. For deadlines and intervals. */
  long ticks();
}
