package dev.p2pcp.donor;

/** What a person asked for can't be done; the message says why, and what to do about it. */
final class DonorException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  DonorException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
