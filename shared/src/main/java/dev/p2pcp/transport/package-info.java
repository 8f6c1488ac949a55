/**
 * How messages travel: a {@link dev.p2pcp.transport.Transport} reaches index servers, a {@link
 * dev.p2pcp.transport.Link} reaches another agent, by whichever way there is.
 */
@NullMarked
package dev.p2pcp.transport;

import org.jspecify.annotations.NullMarked;
