package dev.p2pcp.browser.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;

/**
 * {@code navigator.locks}: who of the pages of one origin and profile may do what only one may do.
 */
public final class WebLocks {
  private WebLocks() {}

  /** A lock that is held or waited for. */
  public interface Hold extends JSObject {
    /** Gives the lock up, or stops waiting for it. */
    void release();
  }

  /**
   * Waits for the lock and holds it.
   *
   * @param steal takes it from whoever has it
   * @param granted called when it is held
   * @param lost called when another page stole it
   */
  @JSBody(
      params = {"name", "steal", "granted", "lost"},
      script =
          "var free; var until = new Promise(function(resolve) { free = resolve; });"
              + "var stop = new AbortController(); var held = false; var left = false;"
              + "var options = steal ? {steal: true} : {signal: stop.signal};"
              + "navigator.locks.request(name, options, function() {"
              + "  held = true; if (!left) { granted(); } return until;"
              + "}).catch(function(e) { if (!left) { left = true; lost(); } });"
              + "return {release: function() { left = true; free(); if (!held) { stop.abort(); } }};")
  public static native Hold hold(String name, boolean steal, Callback granted, Callback lost);
}
