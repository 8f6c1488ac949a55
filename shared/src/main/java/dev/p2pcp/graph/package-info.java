/**
 * Signed graphs with many writers: each node names those that its author had seen, by their hashes.
 *
 * <pre>
 *    a ◀── b ◀── d ◀── f        heads: f
 *          ▲           │
 *          └─── c ◀────┘        f merges d and c, which were written at once
 * </pre>
 *
 * Everybody who has the same nodes sees them in the same order, whatever way they came: by height,
 * which is one more than that of the highest parent, then by name. Time is what an author says and
 * decides nothing.
 *
 * <p>Invariants: a node is in a graph only after all its parents; whatever is not yet, waits within
 * bounds; who may write is said by nodes of the graph itself.
 */
@NullMarked
package dev.p2pcp.graph;

import org.jspecify.annotations.NullMarked;
