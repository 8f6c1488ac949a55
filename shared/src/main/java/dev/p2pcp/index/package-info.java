/**
 * The rules of an index server, pure: frames in, decisions out. What a session may do and when it
 * is over ({@link dev.p2pcp.index.SessionRules}), how streams between two sessions are joined
 * ({@link dev.p2pcp.index.TunnelRelay}), and who is asked to keep a copy ({@link
 * dev.p2pcp.index.Reservations}). No I/O, no clock, no thread: the server and the simulator run the
 * same rules.
 */
@NullMarked
package dev.p2pcp.index;

import org.jspecify.annotations.NullMarked;
