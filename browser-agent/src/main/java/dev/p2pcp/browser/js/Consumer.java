package dev.p2pcp.browser.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;

/** A function of one argument for JavaScript to call. It must never suspend. */
@JSFunctor
@FunctionalInterface
public interface Consumer<T extends @Nullable JSObject> extends JSObject {
  void accept(T value);
}
