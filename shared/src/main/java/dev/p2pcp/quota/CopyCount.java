package dev.p2pcp.quota;

/**
 * How many blocks count, and how many slots they need. As time goes on a copy can only cease to
 * count, so the figures of one moment hold until the first of the copies that count then ends;
 * changes adjust them, and only past that moment, or before the one of the figures, all is counted
 * anew.
 */
final class CopyCount {
  private static final long NEVER = Long.MAX_VALUE;

  /** The figures are those of any moment from the first on and before the second. */
  private long from = NEVER;

  private long until;
  private int blocks;
  private int needed;

  /** Blocks that count at the moment counted last. */
  int blocks() {
    return blocks;
  }

  /** Slots that they need in all their copies. */
  int needed() {
    return needed;
  }

  /** The table is another one. */
  void forget() {
    from = NEVER;
  }

  /** A copy that counted until one moment now does until another. */
  void changed(CopyTable table, int row, long before, long after) {
    if (after > from) {
      until = Math.min(until, after);
    }
    if (before > from != after > from) {
      adjust(table, table.blockOf(row), after > from ? 1 : -1);
    }
  }

  /** Makes the figures those of that moment. */
  void at(CopyTable table, long now) {
    if (now >= from && now < until) {
      return;
    }
    from = now;
    until = NEVER;
    blocks = 0;
    needed = 0;
    for (int block = 0; block < table.blocks().size(); block++) {
      table.counting(block, 0);
    }
    for (int row = 0; row < table.rows(); row++) {
      long end = CopyRules.end(table, row);
      if (end > now) {
        until = Math.min(until, end);
        adjust(table, table.blockOf(row), 1);
      }
    }
  }

  private void adjust(CopyTable table, int block, int by) {
    int others = table.counting(block);
    table.counting(block, others + by);
    int change = (others + by > 0 ? 1 : 0) - (others > 0 ? 1 : 0);
    blocks += change;
    needed += by + change;
  }
}
