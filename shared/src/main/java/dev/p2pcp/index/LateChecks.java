package dev.p2pcp.index;

import dev.p2pcp.identity.AccountId;
import dev.p2pcp.quota.ReceiptBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Batches that count already and are to be verified when there is time, in the order in which they
 * came; and the accounts whose word was found false of late, which are not believed again. Any
 * number of threads may call.
 */
final class LateChecks {
  /** Batches that may wait, all of them together: with their messages some 50 MB at most. */
  static final int MOST = 4_096;

  /** Accounts remembered as liars, the latest. */
  static final int LIARS = 1_024;

  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Set<AccountId> liars = new LinkedHashSet<>();

  /** A batch, and who brought it. */
  record Waiting(RequestDesk.Client client, ReceiptBatch batch) {}

  /** Whether something of that account may wait; if not, it is verified at once. */
  synchronized boolean hasRoomFor(AccountId presenter) {
    return waiting.size() < MOST && !liars.contains(presenter);
  }

  synchronized void add(RequestDesk.Client client, ReceiptBatch batch) {
    waiting.add(new Waiting(client, batch));
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Takes out the first of them. */
  synchronized List<Waiting> take(int most) {
    List<Waiting> some = new ArrayList<>();
    while (some.size() < most && !waiting.isEmpty()) {
      some.add(waiting.remove());
    }
    return some;
  }

  /** What was taken out could not be verified now. */
  synchronized void putBack(List<Waiting> some) {
    waiting.addAll(some);
  }

  /** Takes out all of a session whose word was found false, and believes its account no more. */
  synchronized List<Waiting> caught(RequestDesk.Client client) {
    AccountId liar = client.certificate().account();
    liars.remove(liar);
    liars.add(liar);
    if (liars.size() > LIARS) {
      Iterator<AccountId> oldest = liars.iterator();
      oldest.next();
      oldest.remove();
    }
    List<Waiting> its = new ArrayList<>();
    for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
      Waiting one = all.next();
      if (one.client().session() == client.session()) {
        its.add(one);
        all.remove();
      }
    }
    return its;
  }
}
