/**
 * Signed append-only logs with one writer, that anybody can verify from their bytes alone.
 *
 * <pre>
 *   entry 0   entry 1   entry 2   entry 3 …        any bytes, sealed ones where a feed is not public
 *      │         │         │         │
 *    leaf      leaf      leaf      leaf            hashes of RFC 9162, numbered as in flat-tree
 *       ╲      ╱            ╲      ╱
 *        node 1              node 5
 *              ╲            ╱
 *                  node 3  ……………………  root ── feed key, fork, length ── signature: the head
 * </pre>
 *
 * Entries travel and rest in segments, which are content blocks; the head lies in a signed block
 * with a list of them. What is appended or cut off is a pure change of a value: whoever holds the
 * value stores what the change names in one transaction.
 *
 * <p>Invariants: an entry is given to nobody before a head has vouched for it; a fork number is
 * signed with growing trees only, and whoever signs two histories under one leaves a proof of it.
 */
@NullMarked
package dev.p2pcp.feed;

import org.jspecify.annotations.NullMarked;
