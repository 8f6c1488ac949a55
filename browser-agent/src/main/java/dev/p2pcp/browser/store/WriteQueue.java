package dev.p2pcp.browser.store;

import dev.p2pcp.block.BlockStore.Batch;
import dev.p2pcp.block.BlockStore.Change;
import dev.p2pcp.block.BlockStore.PutBlock;
import dev.p2pcp.block.BlockStore.PutRecord;
import dev.p2pcp.block.BlockStore.RemoveBlock;
import dev.p2pcp.block.BlockStore.RemoveRecord;
import dev.p2pcp.block.BlockStore.Table;
import dev.p2pcp.block.StoreException.Reason;
import dev.p2pcp.browser.js.Callback;
import dev.p2pcp.browser.js.Idb;
import dev.p2pcp.browser.js.JsFailure;
import dev.p2pcp.browser.js.Turns;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Tasks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: what arrives while a transaction runs is written together by the next. A second one
 * is begun when it would be well filled, so that one is prepared while the other is committed; the
 * platform runs them in order. When a shared transaction is refused for want of room, its batches
 * are tried again one by one in their order, and the one behind it after them, so that only those
 * fail that do not fit.
 */
final class WriteQueue {
  /** Bytes that one transaction carries, if it has more than one batch. */
  static final int GROUP_BYTES = 4 * 1024 * 1024;

  /** Batches that one transaction carries. */
  static final int GROUP_BATCHES = 256;

  /** Bytes that may wait before {@link #enter} makes callers wait. */
  static final int QUEUE_BYTES = 8 * 1024 * 1024;

  /** Transactions begun at a time, and the bytes that must wait for one that is not the first. */
  static final int TRANSACTIONS = 2;

  static final int NEXT_BYTES = GROUP_BYTES / 2;

  /** Milliseconds after which a transaction that the platform does not end is aborted. */
  static final int TRANSACTION_MILLIS = 60_000;

  /** What a change counts beside its bytes. */
  private static final int CHANGE_OVERHEAD = 64;

  private final Idb.Database database;
  private final Tasks tasks;
  private final ArrayDeque<Entry> queue = new ArrayDeque<>();
  private final ArrayDeque<Pending<Boolean>> waitingForRoom = new ArrayDeque<>();
  private int queuedBytes;
  private final ArrayDeque<Flight> flights = new ArrayDeque<>(TRANSACTIONS);
  private boolean scheduled;
  private @Nullable Failure closed;

  WriteQueue(Idb.Database database, Tasks tasks) {
    this.database = database;
    this.tasks = tasks;
  }

  /** How a batch ended: {@code failure} is null when it is stored. */
  record Outcome(@Nullable Failure failure) {}

  /** Why a batch is not stored. */
  record Failure(Reason reason, String message) {}

  /** A batch that waits for its transaction. */
  private static final class Entry {
    final List<Change> changes;
    final int bytes;
    final boolean strict;
    final Pending<Outcome> outcome;
    boolean alone;

    Entry(List<Change> changes, Pending<Outcome> outcome) {
      this.changes = changes;
      this.bytes = bytesOf(changes);
      this.strict = needsStrict(changes);
      this.outcome = outcome;
    }
  }

  /** A transaction and the batches in it. */
  private static final class Flight {
    final List<Entry> group;
    Callback abort = () -> {};

    Flight(List<Entry> group) {
      this.group = group;
    }
  }

  /** A turn to wait for before {@link #enter}, or null when there is room. */
  @Nullable Pending<Boolean> roomFor(Batch batch) {
    if (closed != null
        || queue.isEmpty()
        || queuedBytes + bytesOf(batch.changes()) <= QUEUE_BYTES) {
      return null;
    }
    Pending<Boolean> room = tasks.pending();
    waitingForRoom.addLast(room);
    return room;
  }

  Pending<Outcome> enter(Batch batch) {
    Entry entry = new Entry(batch.changes(), tasks.pending());
    if (closed != null) {
      entry.outcome.complete(new Outcome(closed));
      return entry.outcome;
    }
    queue.addLast(entry);
    queuedBytes += entry.bytes;
    if (!scheduled && mayBegin()) {
      scheduled = true;
      // In a turn of its own, so that what the same turn brings travels together.
      Turns.next(this::begin);
    }
    return entry.outcome;
  }

  /**
   * Fails all that waits, now and from now on.
   *
   * @param gone the database was taken away, so that the running transaction may never end either
   */
  void close(String why, boolean gone) {
    closed = new Failure(Reason.CLOSED, why);
    if (gone) {
      for (Flight flight : flights) {
        fail(flight.group, closed);
      }
    }
    List<Entry> waiting = List.copyOf(queue);
    queue.clear();
    queuedBytes = 0;
    fail(waiting, closed);
    letIn();
  }

  private boolean mayBegin() {
    Entry next = queue.peekFirst();
    if (next == null || flights.isEmpty()) {
      return next != null;
    }
    return flights.size() < TRANSACTIONS
        && queuedBytes >= NEXT_BYTES
        && !next.alone
        && !flights.getFirst().group.get(0).alone;
  }

  private void begin() {
    scheduled = false;
    while (mayBegin()) {
      List<Entry> group = takeGroup();
      try {
        start(new Flight(group));
      } catch (Throwable thrown) {
        // Only the browser throws here; the transaction, if it began, is gone with its first failed
        // request.
        RuntimeException failure = JsFailure.of(thrown);
        fail(
            group,
            failureOf(
                failure instanceof JsFailure js ? js : null, String.valueOf(failure.getMessage())));
      }
    }
  }

  private void start(Flight flight) {
    boolean strict = false;
    for (Entry entry : flight.group) {
      strict |= entry.strict;
    }
    Idb.Transaction transaction = Idb.write(database, Stores.BOTH, strict);
    try {
      Idb.ObjectStore blocks = transaction.objectStore(Stores.BLOCKS);
      Idb.ObjectStore records = transaction.objectStore(Stores.RECORDS);
      for (Entry entry : flight.group) {
        for (Change change : entry.changes) {
          write(change, blocks, records);
        }
      }
    } catch (Throwable thrown) {
      Idb.abort(transaction);
      throw thrown;
    }
    flights.addLast(flight);
    flight.abort = () -> Idb.abort(transaction);
    int timer = Turns.after(flight.abort, TRANSACTION_MILLIS);
    transaction.setOncomplete(
        () -> {
          Turns.cancel(timer);
          completed(flight);
        });
    transaction.setOnabort(
        () -> {
          Turns.cancel(timer);
          aborted(flight, transaction);
        });
  }

  private void completed(Flight flight) {
    if (flights.remove(flight)) {
      for (Entry entry : flight.group) {
        entry.outcome.complete(new Outcome(null));
      }
      begin();
    }
  }

  private static void write(Change change, Idb.ObjectStore blocks, Idb.ObjectStore records) {
    switch (change) {
      case PutBlock put -> blocks.put(Stores.value(put.encoded()), Stores.blockKey(put.key()));
      case RemoveBlock remove -> blocks.delete(Stores.blockKey(remove.key()));
      case PutRecord put ->
          records.put(Stores.value(put.value()), Stores.recordKey(put.table(), put.key()));
      case RemoveRecord remove -> records.delete(Stores.recordKey(remove.table(), remove.key()));
    }
  }

  private void aborted(Flight flight, Idb.Transaction transaction) {
    if (!flights.remove(flight)) {
      return;
    }
    JsFailure cause = transaction.getError() == null ? null : JsFailure.of(transaction.getError());
    Failure failure = failureOf(cause, cause == null ? "no answer from storage" : cause.name());
    if (closed != null || failure.reason() != Reason.FULL || flight.group.size() == 1) {
      fail(flight.group, closed == null ? failure : closed);
    } else {
      retry(flight);
    }
    begin();
  }

  // The one behind has not committed yet, as it does so only after its events, which follow this
  // one's; it must not overtake those that are tried again.
  private void retry(Flight refused) {
    while (!flights.isEmpty()) {
      Flight behind = flights.removeLast();
      behind.abort.call();
      putBack(behind.group);
    }
    for (Entry entry : refused.group) {
      entry.alone = true;
    }
    putBack(refused.group);
  }

  private void putBack(List<Entry> group) {
    for (int i = group.size() - 1; i >= 0; i--) {
      Entry entry = group.get(i);
      queue.addFirst(entry);
      queuedBytes += entry.bytes;
    }
  }

  private List<Entry> takeGroup() {
    List<Entry> group = new ArrayList<>();
    int bytes = 0;
    for (Entry next = queue.peekFirst(); next != null; next = queue.peekFirst()) {
      boolean fits =
          !next.alone && bytes + next.bytes <= GROUP_BYTES && group.size() < GROUP_BATCHES;
      if (!group.isEmpty() && (!fits || group.get(0).alone)) {
        break;
      }
      bytes += next.bytes;
      group.add(queue.removeFirst());
    }
    queuedBytes -= bytes;
    letIn();
    return group;
  }

  // As many as may fit by their count; each looks again and waits again if others were quicker.
  private void letIn() {
    while (!waitingForRoom.isEmpty()) {
      waitingForRoom.removeFirst().complete(Boolean.TRUE);
    }
  }

  private static void fail(List<Entry> entries, Failure failure) {
    for (Entry entry : entries) {
      entry.outcome.complete(new Outcome(failure));
    }
  }

  private static Failure failureOf(@Nullable JsFailure cause, String message) {
    if (cause == null) {
      return new Failure(Reason.ABORTED, message);
    }
    if (cause.is(JsFailure.QUOTA)) {
      return new Failure(Reason.FULL, "the browser grants no more room");
    }
    return new Failure(cause.is(JsFailure.STATE) ? Reason.CLOSED : Reason.ABORTED, message);
  }

  private static int bytesOf(List<Change> changes) {
    int bytes = 0;
    for (Change change : changes) {
      bytes +=
          CHANGE_OVERHEAD
              + switch (change) {
                case PutBlock put -> put.encoded().length();
                case PutRecord put -> put.key().length() + put.value().length();
                case RemoveBlock remove -> 0;
                case RemoveRecord remove -> 0;
              };
    }
    return bytes;
  }

  // What cannot be had again from elsewhere must outlast a power cut.
  private static boolean needsStrict(List<Change> changes) {
    for (Change change : changes) {
      if (change instanceof PutRecord put && isOwn(put.table())
          || change instanceof RemoveRecord remove && isOwn(remove.table())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOwn(Table table) {
    return table == Table.PROFILE
        || table == Table.ITEMS
        || table == Table.RECEIPTS
        || table == Table.CONFLICTS
        || table == Table.CHANNELS
        || table == Table.FORKS;
  }
}
