package dev.p2pcp.topic;

import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.wire.PeerFrame;
import java.util.Optional;

/** How a mesh reaches others, and learns of them. */
public interface Peers {
  /**
   * Asks another agent. Suspends.
   *
   * @param near whether it is to be asked again and again, so that a way of its own is worth it
   * @return empty if there was no reply in time
   */
  Optional<PeerFrame.Reply> call(
      PeerId to, boolean near, PeerFrame.Request request, Deadline deadline);

  /**
   * There are too few members known: {@link Mesh#found} is to be told of others. Never suspends.
   */
  void seek(Hash topic);

  /** The topic was left. Never suspends. */
  void left(Hash topic);
}
