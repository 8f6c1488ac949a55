package dev.p2pcp.server.tunnel;

import dev.p2pcp.wire.TunnelFrame;
import reactor.core.publisher.Mono;

/** Where tunnel frames of one session go. */
public interface TunnelEnd {
  /** Sends the frame after those before it. Never waits. */
  void deliver(TunnelFrame frame);

  /**
   * Completes when little enough waits to be sent, or when the end is gone; at once if that is so
   * now.
   */
  Mono<Void> room();

  /** Whether {@link #room} would complete at once. */
  boolean hasRoom();
}
