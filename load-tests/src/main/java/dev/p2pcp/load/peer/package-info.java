/**
 * Virtual peers: the real protocol over plain sockets, lean, so that one core can load a server
 * that has one.
 */
@NullMarked
package dev.p2pcp.load.peer;

import org.jspecify.annotations.NullMarked;
