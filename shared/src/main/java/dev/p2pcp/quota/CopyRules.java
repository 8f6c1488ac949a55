package dev.p2pcp.quota;

import static dev.p2pcp.quota.CopyTable.BROUGHT;
import static dev.p2pcp.quota.CopyTable.CLAIMED_EXPIRES;
import static dev.p2pcp.quota.CopyTable.CLAIMED_SIGNED;
import static dev.p2pcp.quota.CopyTable.EXPIRES;
import static dev.p2pcp.quota.CopyTable.FORGONE;
import static dev.p2pcp.quota.CopyTable.FREED;
import static dev.p2pcp.quota.CopyTable.RESERVED;
import static dev.p2pcp.quota.CopyTable.SIGNED;

/** What one copy comes to; each answer is a moment in milliseconds since 1970, 0 for never. */
final class CopyRules {
  private CopyRules() {}

  /** Until when it counts, by a ticket or by receipts. */
  static long end(CopyTable table, int row) {
    return Math.max(table.get(row, RESERVED), placedUntil(table, row));
  }

  /** Until when it counts by its receipts. */
  static long placedUntil(CopyTable table, int row) {
    long forgone = table.get(row, FORGONE);
    if (forgone > 0 && forgone >= table.get(row, BROUGHT)) {
      return 0;
    }
    long freed = table.get(row, FREED);
    long proven = table.get(row, SIGNED) > freed ? table.get(row, EXPIRES) : 0;
    long claimed = table.get(row, CLAIMED_SIGNED) > freed ? table.get(row, CLAIMED_EXPIRES) : 0;
    return Math.max(proven, claimed);
  }

  /** Until when it is to be remembered. */
  static long mattersUntil(CopyTable table, int row) {
    long freed = table.get(row, FREED);
    // As long as a receipt that no longer counts could still be brought.
    long givenUp = freed > 0 ? freed + ReceiptHeader.LIFE : 0;
    return Math.max(
        Math.max(table.get(row, RESERVED), givenUp),
        Math.max(table.get(row, EXPIRES), table.get(row, CLAIMED_EXPIRES)));
  }
}
