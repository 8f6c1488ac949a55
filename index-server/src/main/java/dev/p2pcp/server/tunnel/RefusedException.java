package dev.p2pcp.server.tunnel;

import dev.p2pcp.wire.Refusal;

/** A request into an agent that was not answered as hoped, and why. */
public final class RefusedException extends RuntimeException {
  private final transient Refusal refusal;

  /** For that reason. */
  public RefusedException(Refusal refusal) {
    super("refused with " + refusal.code(), null, false, false);
    this.refusal = refusal;
  }

  /** The reason. */
  public Refusal refusal() {
    return refusal;
  }
}
