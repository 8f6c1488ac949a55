package dev.p2pcp.trust;

/** What one audit of one kept block came to. */
public enum Verdict {
  /** The holder showed what was asked for. */
  PASSED,

  /** No answer in time, or none that says anything: costs nothing. */
  ABSENT,

  /** The holder answered, but not with what it has signed for. */
  WRONG,

  /** The holder denied a block that by its own receipt it keeps. */
  REFUSED;

  /** Whether it speaks against the holder, if it comes to it again and again. */
  public boolean isFailure() {
    return this == WRONG || this == REFUSED;
  }
}
