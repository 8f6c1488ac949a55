/**
 * Immutable bytes and the bounds-checked cursors that read and write them. All integers are
 * unsigned and big-endian; a reader refuses what is short, trailing or over a limit with {@link
 * dev.p2pcp.bytes.MalformedFrameException} and nothing else.
 */
@NullMarked
package dev.p2pcp.bytes;

import org.jspecify.annotations.NullMarked;
