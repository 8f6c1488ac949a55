package dev.p2pcp.browser.js;

import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;

/** A function without arguments for JavaScript to call. It must never suspend. */
@JSFunctor
@FunctionalInterface
public interface Callback extends JSObject {
  void call();
}
