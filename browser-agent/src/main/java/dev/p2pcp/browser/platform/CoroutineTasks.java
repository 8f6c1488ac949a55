package dev.p2pcp.browser.platform;

import dev.p2pcp.browser.js.Turns;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Tasks;
import org.teavm.interop.Async;
import org.teavm.interop.AsyncCallback;
import org.teavm.jso.JSBody;

/**
 * Tasks as coroutines: what a callback of JavaScript calls may suspend, and is one from then on.
 */
public final class CoroutineTasks implements Tasks {
  private final Clock clock;

  public CoroutineTasks(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void spawn(String name, Runnable task) {
    Turns.next(() -> run(name, task));
  }

  private static void run(String name, Runnable task) {
    try {
      task.run();
    } catch (Throwable crash) {
      // The edge of a task: nobody above it could answer.
      report("task " + name + ": " + crash);
    }
  }

  @Override
  public <T> Pending<T> pending() {
    return new CoroutinePending<>(clock);
  }

  @Override
  public void sleep(long millis) {
    long end = clock.ticks() + millis;
    for (long left = millis; left > 0; left = end - clock.ticks()) {
      sleepOnce((int) Math.min(left, Integer.MAX_VALUE));
    }
  }

  @Async
  private static native void sleepOnce(int millis);

  private static void sleepOnce(int millis, AsyncCallback<Void> callback) {
    Turns.after(() -> callback.complete(null), millis);
  }

  /** Shows it as the browser shows any uncaught error. */
  @JSBody(params = "message", script = "reportError(new Error(message));")
  private static native void report(String message);
}
