/** What peers lend that are connected to any member, and whom a reserve picks. */
@NullMarked
package dev.p2pcp.server.slot;

import org.jspecify.annotations.NullMarked;
