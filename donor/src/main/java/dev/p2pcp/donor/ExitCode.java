package dev.p2pcp.donor;

/** What a command ends with, for scripts. */
final class ExitCode {
  static final int OK = 0;

  /** It failed, and says why. */
  static final int FAILED = 1;

  /** It was called wrongly, or set up so. */
  static final int USAGE = 2;

  /** No index server could be reached. */
  static final int OFFLINE = 3;

  /** There is no such item. */
  static final int NOT_FOUND = 4;

  /** More must be lent for that. */
  static final int OVER_ALLOWANCE = 5;

  /** It is stored here, but not in all its copies yet. */
  static final int COPIES_MISSING = 6;

  private ExitCode() {}
}
