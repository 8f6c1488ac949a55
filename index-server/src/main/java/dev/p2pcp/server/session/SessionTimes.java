package dev.p2pcp.server.session;

import dev.p2pcp.server.admission.Settings;

/**
 * How long a session may take, in milliseconds.
 *
 * @param handshake to log in
 * @param heartbeat without a message before the agent is asked; twice as long ends the session
 * @param stall without taking anything of what waits
 * @param closing after the go-away
 */
record SessionTimes(long handshake, long heartbeat, long stall, long closing) {
  private static final long CLOSING = 2_000;

  /** As the operator set them. */
  static SessionTimes of(Settings settings) {
    return new SessionTimes(
        settings.handshake().toMillis(),
        settings.heartbeat().toMillis(),
        settings.stall().toMillis(),
        CLOSING);
  }
}
