package dev.p2pcp.browser.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;

/**
 * Runs callbacks in turns of their own, as a coroutine must not be resumed from within another. A
 * microtask does it in about a microsecond, but microtasks that make microtasks would starve
 * timers, storage, network and the page; so every {@link #BURST}th goes through the browser's queue
 * of tasks, and so does the first after {@link #LONGEST} milliseconds in which none did.
 */
public final class Turns {
  /** Callbacks in a row before the browser gets its own turn. */
  private static final int BURST = 64;

  /** Half a frame of a screen. */
  private static final double LONGEST = 8;

  private static int inBurst;
  private static double began;

  private Turns() {}

  /** Runs the callback soon, never within this call. Callbacks may overtake one another. */
  public static void next(Callback callback) {
    double now = now();
    if (++inBurst < BURST && now - began < LONGEST) {
      microtask(callback);
    } else {
      inBurst = 0;
      began = now;
      task(callback);
    }
  }

  /**
   * Runs the callback after so many milliseconds; a tab in the background is served once a second
   * at most.
   */
  @JSBody(
      params = {"callback", "millis"},
      script = "return setTimeout(callback, millis);")
  public static native int after(Callback callback, int millis);

  @JSBody(params = "timer", script = "clearTimeout(timer);")
  public static native void cancel(int timer);

  @JSBody(script = "return performance.now();")
  private static native double now();

  @JSBody(params = "callback", script = "queueMicrotask(callback);")
  private static native void microtask(Callback callback);

  // A message port is not slowed down as timers are.
  private static void task(Callback callback) {
    post(Ports.CHANNEL, callback);
  }

  @JSBody(
      params = {"channel", "callback"},
      script = "channel.queue.push(callback); channel.port2.postMessage(0);")
  private static native void post(JSObject channel, Callback callback);

  /** Made at first use. */
  private static final class Ports {
    static final JSObject CHANNEL = channel();

    @JSBody(
        script =
            "var c = new MessageChannel(); c.queue = [];"
                + "c.port1.onmessage = function() { c.queue.shift()(); }; return c;")
    private static native JSObject channel();
  }
}
