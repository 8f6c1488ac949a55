package dev.p2pcp.browser.api;

import dev.p2pcp.browser.js.Callback;
import dev.p2pcp.browser.js.Consumer;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSArray;

/** One call of a page's script, until it is answered. The first answer counts. */
final class Call {
  private final int id;
  private final String method;
  private final JSArray<JSObject> arguments;
  private final Parts parts;
  private final Consumer<@Nullable JSObject> resolve;
  private final Consumer<JSObject> reject;
  private boolean settled;

  /** The arguments of a call, apart from what can't travel to another tab. */
  interface Parts extends JSObject {
    @JSProperty
    JSArray<JSObject> getArguments();

    @JSProperty
    @Nullable Signal getSignal();

    @JSProperty
    @Nullable Progress getProgress();
  }

  /** An {@code AbortSignal}. */
  interface Signal extends JSObject {
    @JSProperty
    boolean isAborted();

    void addEventListener(String type, Callback listener);
  }

  /** The caller's {@code onProgress}. */
  @JSFunctor
  interface Progress extends JSObject {
    void report(JSObject progress);
  }

  Call(
      int id,
      String method,
      JSArray<JSObject> arguments,
      Consumer<@Nullable JSObject> resolve,
      Consumer<JSObject> reject) {
    this.id = id;
    this.method = method;
    this.parts = split(arguments);
    // A clone, as the caller may write to its arrays at once, and here as in another tab.
    this.arguments = clone(parts.getArguments());
    this.resolve = resolve;
    this.reject = reject;
  }

  int id() {
    return id;
  }

  String method() {
    return method;
  }

  JSArray<JSObject> arguments() {
    return arguments;
  }

  boolean isSettled() {
    return settled;
  }

  boolean isAborted() {
    return parts.getSignal() != null && parts.getSignal().isAborted();
  }

  void onAbort(Callback listener) {
    if (parts.getSignal() != null) {
      parts.getSignal().addEventListener("abort", listener);
    }
  }

  void progress(double done, double total) {
    Progress listener = parts.getProgress();
    if (!settled && listener != null) {
      report(listener, done, total);
    }
  }

  void resolve(@Nullable JSObject value) {
    if (!settled) {
      settled = true;
      resolve.accept(value);
    }
  }

  void reject(JSObject error) {
    if (!settled) {
      settled = true;
      reject.accept(error);
    }
  }

  void refuse(String code, String message) {
    reject(new AgentException(code, message).toJs());
  }

  @JSBody(
      params = "all",
      script =
          "var last = all[all.length - 1];"
              + "if (!last || typeof last !== 'object' || !(last.signal || last.onProgress)) {"
              + "  return {arguments: all, signal: null, progress: null};"
              + "}"
              + "var rest = Object.assign({}, last); delete rest.signal; delete rest.onProgress;"
              + "return {arguments: all.slice(0, -1).concat([rest]), signal: last.signal || null,"
              + "  progress: last.onProgress || null};")
  private static native Parts split(JSArray<JSObject> all);

  @JSBody(params = "value", script = "return structuredClone(value);")
  private static native JSArray<JSObject> clone(JSArray<JSObject> value);

  @JSBody(
      params = {"listener", "done", "total"},
      script =
          "try { listener({doneBytes: done, totalBytes: total}); } catch (e) { reportError(e); }")
  private static native void report(Progress listener, double done, double total);
}
