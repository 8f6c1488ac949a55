package dev.p2pcp.node;

import dev.p2pcp.quota.Allowance;
import java.util.Optional;

/** An item that could not be stored or read as asked; nothing was changed. */
public final class ItemException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why; each is one the person can do something about. */
  public enum Reason {
    BAD_PATH,
    TOO_LARGE,
    TOO_MANY,
    OVER_ALLOWANCE,
    STORAGE_FULL,
    STORAGE_FAILED,
    NOT_VERIFIED,
    OFFLINE,
    /** The file to store can't be read, or is another than before. */
    UNREADABLE,
    ABORTED
  }

  private final Reason reason;
  private final transient Optional<Allowance> figures;

  public ItemException(Reason reason, String message) {
    super(message);
    this.reason = reason;
    this.figures = Optional.empty();
  }

  public ItemException(Allowance figures) {
    super("needs " + figures.needed() + " slots, lends " + figures.lent());
    this.reason = Reason.OVER_ALLOWANCE;
    this.figures = Optional.of(figures);
  }

  public Reason reason() {
    return reason;
  }

  /** With {@code OVER_ALLOWANCE}: what would be needed, and what is lent. */
  public Optional<Allowance> figures() {
    return figures;
  }
}
