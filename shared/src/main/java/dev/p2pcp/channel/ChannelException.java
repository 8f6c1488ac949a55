package dev.p2pcp.channel;

/** What was asked of a channel is refused. */
public final class ChannelException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** There is no such channel here. */
    NOT_FOUND,
    /** Only its founder or a moderator may do that. */
    NOT_YOURS,
    /** Text, files, or the number of channels are over the limit. */
    TOO_LARGE
  }

  private final Reason reason;

  public ChannelException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
