/**
 * Index servers in this process: the rules of production without a network, for tests, the
 * simulator and whoever wants to try an application alone.
 */
@NullMarked
package dev.p2pcp.inprocess;

import org.jspecify.annotations.NullMarked;
