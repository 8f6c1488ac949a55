/**
 * Agents' WebSocket sessions: the pure rules of dev.p2pcp.index, given a network. Nothing here
 * blocks an event loop.
 */
@NullMarked
package dev.p2pcp.server.session;

import org.jspecify.annotations.NullMarked;
