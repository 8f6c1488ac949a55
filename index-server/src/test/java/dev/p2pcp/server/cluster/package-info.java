/** Tests of what that package keeps to itself. */
@NullMarked
package dev.p2pcp.server.cluster;

import org.jspecify.annotations.NullMarked;
