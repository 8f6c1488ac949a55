/**
 * Where agents that care about the same thing meet: an index server names a few of them to each
 * other, and from then on they pass messages on among themselves (design, section 9).
 */
@NullMarked
package dev.p2pcp.topic;

import org.jspecify.annotations.NullMarked;
