/**
 * The network in one process and one thread: the real agents and the real rules of the index over
 * simulated time, links, stores and signatures. The same seed replays the same run.
 */
@NullMarked
package dev.p2pcp.simulator;

import org.jspecify.annotations.NullMarked;
