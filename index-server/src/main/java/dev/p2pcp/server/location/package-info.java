/**
 * Which peers say they have a block, kept compactly: a fingerprint and a peer number per location.
 */
@NullMarked
package dev.p2pcp.server.location;

import org.jspecify.annotations.NullMarked;
