package dev.p2pcp.transport;

import dev.p2pcp.bytes.Bytes;

/**
 * One end of a channel to another agent: messages arrive whole, in order and once, as long as it
 * stands. Nothing here suspends.
 */
public interface DirectChannel {
  /** Longest message, in bytes. */
  int MAX_MESSAGE = 64 * 1024;

  /** {@link Listener#drained} is told when no more than so many bytes wait to leave. */
  int LOW_WATER = 128 * 1024;

  /** Describes itself to the other end; again, to find another way to it. */
  void offer(boolean again);

  /** What the other end said. */
  void signal(Signal from);

  /** Bytes that wait to leave. */
  int waiting();

  /**
   * Sends after what was sent before, at most {@link #MAX_MESSAGE} bytes.
   *
   * @throws LinkException if it is not open
   */
  void send(Bytes message) throws LinkException;

  /** Ends it; {@link Listener#closed} follows once, and nothing after it. */
  void close();

  /** The ends as they know each other: SHA-256 of both certificates of its encryption. */
  record Binding(Bytes here, Bytes there, boolean relayed) {}

  /** Hears about one end, one call at a time. Must never suspend or throw. */
  interface Listener {
    /** To be said to the other end, in order. */
    void signal(Signal to);

    /** Messages can be sent from now on. */
    void opened(Binding binding);

    void received(Bytes message);

    /** No more than {@link #LOW_WATER} bytes wait, after there were more. */
    void drained();

    /** Nothing comes through for now; it may come back by itself, or by another offer. */
    void interrupted();

    /** It goes on. */
    void resumed();

    /** Once, whoever closed, also if it was never open. */
    void closed(String why);
  }
}
