/**
 * The N × R bargain: tickets that permit a copy, receipts that record one, and the ledger that is a
 * pure function of pledges and unexpired receipts. Nothing here does I/O.
 */
@NullMarked
package dev.p2pcp.quota;

import org.jspecify.annotations.NullMarked;
