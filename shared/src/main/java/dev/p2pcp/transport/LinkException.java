package dev.p2pcp.transport;

/**
 * The way to the other side is broken or too slow; what was asked may or may not have been done.
 */
public final class LinkException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean busy;

  public LinkException(String message) {
    this(message, false);
  }

  /** Busy: nothing was done, and it may be asked again soon. */
  public LinkException(String message, boolean busy) {
    super(message, null, false, false);
    this.busy = busy;
  }

  /** Whether nothing was done, as too much is under way. */
  public boolean isBusy() {
    return busy;
  }
}
