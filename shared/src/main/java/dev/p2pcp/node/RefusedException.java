package dev.p2pcp.node;

import dev.p2pcp.wire.Refusal;

/** An index server or agent said no. Nothing was done. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;
  private final long retryAfter;

  public RefusedException(Refusal refusal) {
    this(refusal, 0);
  }

  /** A refusal that asks to stay away for so many milliseconds. */
  public RefusedException(Refusal refusal, long retryAfter) {
    super("refused with " + refusal.code() + ": " + refusal.text(), null, false, false);
    this.refusal = refusal;
    this.retryAfter = retryAfter;
  }

  /** Milliseconds to stay away; 0 if not asked for. */
  public long retryAfter() {
    return retryAfter;
  }

  public Refusal refusal() {
    return refusal;
  }
}
