/**
 * The agent: logs in to index servers, keeps blocks for others, and keeps its owner's items stored
 * in all their copies. Plain blocking code over the ports; the same in browser, headless peer and
 * simulation.
 */
@NullMarked
package dev.p2pcp.node;

import org.jspecify.annotations.NullMarked;
