/** Tests of what that package keeps to itself. */
@NullMarked
package dev.p2pcp.server.signal;

import org.jspecify.annotations.NullMarked;
