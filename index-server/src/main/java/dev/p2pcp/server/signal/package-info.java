/**
 * Signals between agents who seek a direct link, kept for seconds and never read, and the servers
 * that help them to find a way.
 */
@NullMarked
package dev.p2pcp.server.signal;

import org.jspecify.annotations.NullMarked;
