package dev.p2pcp.index;

import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.TunnelFrame;
import org.jspecify.annotations.Nullable;

/**
 * A frame that is to go to a session, or over the link to another member.
 *
 * @param session number of the session or link
 * @param far over a link only: the peer on the other member that the frame is for
 */
public record Delivery(int session, TunnelFrame frame, @Nullable PeerId far) {
  /** To a session of this member. */
  public Delivery(int session, TunnelFrame frame) {
    this(session, frame, null);
  }
}
