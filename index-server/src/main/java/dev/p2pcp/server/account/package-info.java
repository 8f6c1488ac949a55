/**
 * The ledger of every account, kept in Hazelcast and changed in one step each; and telling accounts
 * when their figures change.
 */
@NullMarked
package dev.p2pcp.server.account;

import org.jspecify.annotations.NullMarked;
