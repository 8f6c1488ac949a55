package dev.p2pcp.browser.js;

import org.jspecify.annotations.Nullable;
import org.teavm.interop.Async;
import org.teavm.interop.AsyncCallback;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/** The crossing between promises and coroutines. */
public final class Promises {
  private Promises() {}

  /**
   * Suspends the coroutine until the promise is settled, for as long as that takes: for operations
   * of the platform that it settles by itself.
   *
   * @throws JsFailure if it is rejected, with the name and message of the error
   */
  @Async
  public static native <T extends @Nullable JSObject> T await(JSPromise<T> promise);

  private static <T extends @Nullable JSObject> void await(
      JSPromise<T> promise, AsyncCallback<T> callback) {
    settle(promise, callback::complete, reason -> callback.error(JsFailure.of(reason)));
  }

  /** Calls one of both once, in a turn of its own. */
  @JSBody(
      params = {"promise", "done", "failed"},
      script =
          "promise.then(function(value) { done(value); }, function(reason) { failed(reason); });")
  public static native <T extends @Nullable JSObject> void settle(
      JSPromise<T> promise, Consumer<T> done, Consumer<JSObject> failed);
}
