/**
 * Public channels: a graph of signed messages that whoever cares about it keeps and passes on.
 *
 * <pre>
 *    link = founder ‖ name ──▶ graph = topic      nodes: posts, roles      beside the graph: presence
 *                                  │
 *          neighbours ◀── gossip of new nodes; pages and reconciliation of those that are missing
 * </pre>
 *
 * <p>What is written here goes into the own store first and is in the graph at once; others get it
 * when somebody is met. Marks of what is unread, drafts and mutes are of this device alone.
 *
 * <p>Invariants: nothing is shown or passed on before its signature is verified; whatever others
 * send has bounds by channel, by author and by peer.
 */
@NullMarked
package dev.p2pcp.channel;

import org.jspecify.annotations.NullMarked;
