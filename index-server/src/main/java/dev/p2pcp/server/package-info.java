/** The index server's start. */
@NullMarked
package dev.p2pcp.server;

import org.jspecify.annotations.NullMarked;
