/** Tests of what that package keeps to itself. */
@NullMarked
package dev.p2pcp.server.location;

import org.jspecify.annotations.NullMarked;
