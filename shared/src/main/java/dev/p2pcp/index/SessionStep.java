package dev.p2pcp.index;

import dev.p2pcp.wire.SessionFrame;
import dev.p2pcp.wire.TunnelFrame;

/** What is to be done after a frame of an agent. */
public sealed interface SessionStep {
  /** Send this back. */
  record Send(SessionFrame frame) implements SessionStep {}

  /**
   * Find out whether the proof is right ({@link ProofCheck}), then tell {@link
   * SessionRules#proved}.
   */
  record Prove(SessionFrame.Challenge challenge, SessionFrame.Proof proof) implements SessionStep {}

  /**
   * Find the answer and send it, then tell {@link SessionRules#answered}. Requests are answered in
   * their order.
   */
  record Serve(SessionFrame.Request request) implements SessionStep {}

  /** Hand it to the {@link TunnelRelay}. */
  record Relay(TunnelFrame frame) implements SessionStep {}

  /** Nothing. */
  record Ignore() implements SessionStep {}

  /** Send this and close the connection. */
  record End(SessionFrame.GoAway goAway) implements SessionStep {}
}
