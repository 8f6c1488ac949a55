package dev.p2pcp.transport;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Deadline;

/** Opens message connections to index servers: WebSocket in production. */
public interface Transport {
  /** The WebSocket subprotocol spoken. */
  String SUBPROTOCOL = "p2pcp.v1";

  /** Largest message either side may send, in bytes; a larger one closes the connection. */
  int MAX_MESSAGE = 64 * 1024;

  /**
   * Connects to an index server's {@code /agent} by its http(s) origin. Suspends.
   *
   * @throws LinkException if it can't be reached before the deadline
   */
  Connection connect(String origin, Listener listener, Deadline deadline) throws LinkException;

  /** Ways straight to other agents, where this platform has any. */
  default Channels channels() {
    return Channels.NONE;
  }

  /** By which web servers are asked, where this platform can. */
  default Web web() {
    return Web.NONE;
  }

  /** An open connection. */
  interface Connection {
    /** Bytes that may wait to be sent before {@link #send} suspends. */
    int HIGH_WATER = 1024 * 1024;

    /**
     * Sends one message, after those before it. Suspends while more than {@link #HIGH_WATER} bytes
     * wait; any number of tasks may call.
     *
     * @throws LinkException if the connection is closed
     */
    void send(Bytes message) throws LinkException;

    /** Closes; {@link Listener#closed} follows once, and nothing after it. */
    void close();
  }

  /** Hears what arrives, in order, one call at a time. Must never suspend or throw. */
  interface Listener {
    void received(Bytes message);

    /** Once, whoever closed. */
    void closed(String why);
  }
}
