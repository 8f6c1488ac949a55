package dev.p2pcp.browser.store;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.block.StoreException.Reason;
import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.browser.js.Idb;
import dev.p2pcp.browser.js.JsFailure;
import dev.p2pcp.browser.js.Turns;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Tasks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;

/**
 * Reads that are asked for in one turn share one transaction, and so do those that come while
 * enough transactions run: each costs several messages between processes. Those that only read run
 * beside one another, after the writes that began before them.
 */
final class ReadQueue {
  /** Reads that one transaction carries. */
  static final int GROUP_READS = 256;

  /** Transactions that may run at a time. */
  static final int OPEN_TRANSACTIONS = 2;

  /** Milliseconds until a read gives up; what it waits for is mostly a write. */
  static final int READ_MILLIS = 60_000;

  private final Idb.Database database;
  private final Tasks tasks;
  private final Clock clock;
  private final ArrayDeque<Read> queue = new ArrayDeque<>();
  private final List<List<Read>> running = new ArrayList<>(OPEN_TRANSACTIONS);
  private boolean flushing;
  private @Nullable String closed;

  ReadQueue(Idb.Database database, Tasks tasks, Clock clock) {
    this.database = database;
    this.tasks = tasks;
    this.clock = clock;
  }

  /** What to ask of the stores; called while the transaction takes requests. */
  @FunctionalInterface
  interface Question {
    Idb.Request ask(Idb.Transaction transaction);
  }

  /** What came of a read: {@code value} is null if nothing was found. */
  private record Answer(@Nullable JSObject value, @Nullable Reason failure, String message) {}

  private record Read(Question question, Pending<Answer> answer) {}

  /** Suspends until the answer is here; null if there is nothing under the key. */
  @Nullable JSObject read(Question question) throws StoreException {
    Pending<Answer> pending = tasks.pending();
    if (closed != null) {
      throw new StoreException(Reason.CLOSED, closed);
    }
    queue.addLast(new Read(question, pending));
    if (!flushing) {
      flushing = true;
      Turns.next(this::flush);
    }
    Answer answer =
        pending
            .await(Deadline.in(clock, READ_MILLIS))
            .orElseThrow(() -> new StoreException(Reason.ABORTED, "no answer from storage"));
    if (answer.failure() != null) {
      throw new StoreException(answer.failure(), answer.message());
    }
    return answer.value();
  }

  /** Fails all reads, now and from now on; a database that was taken away may never answer. */
  void close(String why) {
    closed = why;
    for (List<Read> reads : running) {
      fail(reads, Reason.CLOSED, why);
    }
    flush();
  }

  private void flush() {
    flushing = false;
    while (!queue.isEmpty() && (running.size() < OPEN_TRANSACTIONS || closed != null)) {
      List<Read> reads = new ArrayList<>();
      while (!queue.isEmpty() && reads.size() < GROUP_READS) {
        reads.add(queue.removeFirst());
      }
      if (closed != null) {
        fail(reads, Reason.CLOSED, closed);
      } else {
        begin(reads);
      }
    }
  }

  private void begin(List<Read> reads) {
    try {
      start(reads);
      running.add(reads);
    } catch (Throwable thrown) {
      RuntimeException failure = JsFailure.of(thrown);
      boolean gone = failure instanceof JsFailure js && js.is(JsFailure.STATE);
      fail(reads, gone ? Reason.CLOSED : Reason.ABORTED, String.valueOf(failure.getMessage()));
    }
  }

  private void ended(List<Read> reads) {
    running.remove(reads);
    flush();
  }

  private void start(List<Read> reads) {
    Idb.Transaction transaction = Idb.read(database, Stores.BOTH);
    transaction.setOncomplete(() -> ended(reads));
    transaction.setOnabort(
        () -> {
          fail(reads, closed == null ? Reason.ABORTED : Reason.CLOSED, "reading was broken off");
          ended(reads);
        });
    for (Read read : reads) {
      Idb.Request request = read.question().ask(transaction);
      request.setOnsuccess(
          () -> read.answer().complete(new Answer(defined(request.getResult()), null, "")));
    }
  }

  private static void fail(List<Read> reads, Reason reason, String message) {
    for (Read read : reads) {
      read.answer().complete(new Answer(null, reason, message));
    }
  }

  private static @Nullable JSObject defined(JSObject value) {
    return Binary.isDefined(value) ? value : null;
  }
}
