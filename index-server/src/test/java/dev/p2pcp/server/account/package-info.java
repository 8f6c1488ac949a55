/** Tests of what that package keeps to itself. */
@NullMarked
package dev.p2pcp.server.account;

import org.jspecify.annotations.NullMarked;
