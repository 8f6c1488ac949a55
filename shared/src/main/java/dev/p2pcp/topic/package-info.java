/**
 * Where agents that care about the same thing meet: an index server names a few of them to each
 * other, and from then on they pass messages on among themselves (design, section 9; protocol,
 * section 23). What is decided without waiting for anybody is {@code Neighbourhood}'s; a {@link
 * dev.p2pcp.topic.Mesh} waits and speaks.
 */
@NullMarked
package dev.p2pcp.topic;

import org.jspecify.annotations.NullMarked;
