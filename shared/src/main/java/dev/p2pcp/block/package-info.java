/**
 * Blocks, their storage keys, how they are encoded, verified, sealed and stored. A block is
 * believed only after {@link dev.p2pcp.block.BlockVerifier} has tied its bytes to its storage key.
 */
@NullMarked
package dev.p2pcp.block;

import org.jspecify.annotations.NullMarked;
