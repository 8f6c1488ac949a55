package dev.p2pcp.block;

/** A store that could not do what was asked; nothing of the batch was done. */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** No room: the person must free some or lend less. */
    FULL,
    /** The platform gave up on the transaction; it may be tried again. */
    ABORTED,
    /** The store was closed, or taken away by the platform. */
    CLOSED,
    /** What was stored is not what was written. */
    DAMAGED
  }

  private final Reason reason;

  public StoreException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
