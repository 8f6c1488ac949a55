package dev.p2pcp.transport;

import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.wire.PeerFrame;

/** A way to one other agent. Any number of tasks may call at once. */
public interface Link {
  /**
   * Who is at the other end, as far as the way there tells; what it says is still to be verified.
   */
  PeerId peer();

  /**
   * Asks and waits for the reply. Suspends.
   *
   * @throws LinkException if the link broke, the reply was malformed, or the deadline passed
   */
  PeerFrame.Reply call(PeerFrame.Request request, Deadline deadline) throws LinkException;
}
