package dev.p2pcp.node;

import dev.p2pcp.identity.AccountId;
import dev.p2pcp.quota.ReceiptBatch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Receipts of which it is not known whether their holders have them: they are told again, since a
 * holder drops a copy that is not settled in time. After a start that is so of all recent ones.
 */
final class Settlements {
  private final Set<ReceiptBatch> open = new LinkedHashSet<>();
  private final Set<ReceiptBatch> fromBefore = new LinkedHashSet<>();

  Settlements(AccountId owner, List<ReceiptBatch> before) {
    for (ReceiptBatch batch : before) {
      if (batch.header().owner().equals(owner)) {
        fromBefore.add(batch);
      }
    }
  }

  synchronized void begun(ReceiptBatch batch) {
    open.add(batch);
  }

  synchronized void done(ReceiptBatch batch) {
    open.remove(batch);
  }

  synchronized boolean isEmpty() {
    return open.isEmpty();
  }

  /** What is to be told again at that moment of wall time. */
  synchronized List<ReceiptBatch> open(long now) {
    for (ReceiptBatch batch : fromBefore) {
      if (!isOverdue(batch, now)) {
        open.add(batch);
      }
    }
    fromBefore.clear();
    return new ArrayList<>(open);
  }

  /** Whether a holder that did not hear of it has let go by that moment. */
  boolean isOverdue(ReceiptBatch batch, long now) {
    return now - batch.header().stored() > ReceiptDesk.TIME_TO_SETTLE;
  }
}
