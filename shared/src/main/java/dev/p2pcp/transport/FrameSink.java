package dev.p2pcp.transport;

import dev.p2pcp.wire.Frame;

/** Where frames go out. */
@FunctionalInterface
public interface FrameSink {
  /**
   * Sends after all that was sent before. May suspend.
   *
   * @throws LinkException if the way out is closed
   */
  void send(Frame frame) throws LinkException;
}
