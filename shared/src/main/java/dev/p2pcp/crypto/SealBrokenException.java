package dev.p2pcp.crypto;

/** Sealed bytes that do not open: another key, another place, or altered. */
public final class SealBrokenException extends Exception {
  private static final long serialVersionUID = 1L;

  public SealBrokenException() {
    super("seal broken", null, false, false);
  }
}
