package dev.p2pcp.feed;

/** Why a feed can't be read or written; what is wrong with others' bytes is among the reasons. */
public final class FeedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Reason {
    /** Nobody who can be reached has it. */
    NOT_FOUND,
    /** What was found is not what the writer signed. */
    NOT_VERIFIED,
    /** Its writer signed two histories: there is a {@link ForkProof}. */
    FORKED,
    /** There is no such entry. */
    NO_ENTRY,
    /** An entry is over {@link Segment#MAX_ENTRY}. */
    TOO_LARGE,
    /** Only its writer can do that. */
    NOT_YOURS
  }

  private final Reason reason;

  public FeedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
