package dev.p2pcp.transport;

/**
 * The way to the other side is broken or too slow; what was asked may or may not have been done.
 */
public final class LinkException extends Exception {
  private static final long serialVersionUID = 1L;

  public LinkException(String message) {
    super(message, null, false, false);
  }
}
