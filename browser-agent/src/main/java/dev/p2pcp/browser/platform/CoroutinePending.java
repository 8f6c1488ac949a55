package dev.p2pcp.browser.platform;

import dev.p2pcp.browser.js.Turns;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.teavm.interop.Async;
import org.teavm.interop.AsyncCallback;

/**
 * A value that coroutines wait for. JavaScript callbacks may complete it: a waiter is resumed in a
 * turn of its own, by a microtask.
 */
final class CoroutinePending<T> implements Pending<T> {
  private final Clock clock;
  private final List<Waiter> waiters = new ArrayList<>(1);
  private @Nullable T value;

  CoroutinePending(Clock clock) {
    this.clock = clock;
  }

  @Override
  public boolean complete(T completed) {
    if (value != null) {
      return false;
    }
    value = completed;
    for (Waiter waiter : waiters) {
      waiter.wake();
    }
    waiters.clear();
    return true;
  }

  @Override
  public Optional<T> await(Deadline deadline) {
    while (value == null) {
      long left = deadline.left(clock);
      if (left == 0) {
        return Optional.empty();
      }
      suspend(this, (int) Math.min(left, Integer.MAX_VALUE));
    }
    return Optional.of(value);
  }

  @Override
  public boolean isComplete() {
    return value != null;
  }

  @Async
  private static native void suspend(CoroutinePending<?> pending, int millis);

  private static void suspend(
      CoroutinePending<?> pending, int millis, AsyncCallback<Void> callback) {
    pending.waiters.add(new Waiter(pending, millis, callback));
  }

  /** One suspended coroutine and the timer of its deadline. */
  private static final class Waiter {
    private final CoroutinePending<?> pending;
    private final AsyncCallback<Void> callback;
    private final int timer;

    Waiter(CoroutinePending<?> pending, int millis, AsyncCallback<Void> callback) {
      this.pending = pending;
      this.callback = callback;
      this.timer = Turns.after(this::expire, millis);
    }

    void wake() {
      Turns.cancel(timer);
      Turns.next(() -> callback.complete(null));
    }

    private void expire() {
      pending.waiters.remove(this);
      callback.complete(null);
    }
  }
}
