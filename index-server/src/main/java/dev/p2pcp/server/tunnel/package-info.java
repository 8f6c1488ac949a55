/** Streams between agents, and from plain HTTP into an agent. */
@NullMarked
package dev.p2pcp.server.tunnel;

import org.jspecify.annotations.NullMarked;
