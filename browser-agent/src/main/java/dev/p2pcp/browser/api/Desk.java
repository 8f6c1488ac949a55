package dev.p2pcp.browser.api;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;

/**
 * Where a tab's calls go: to the agent in this tab, or to the tab that has it. Nothing here
 * suspends.
 */
interface Desk {
  /** Takes a call; its answer comes by the call itself. */
  void submit(Call call);

  /** The caller gave up. */
  void abort(Call call);

  /** This tab closes or changes its role. */
  void leave();

  /** What a desk tells its tab. */
  interface Listener {
    /** Calls are taken from now on; again after a new leader was found. */
    void ready();

    /** Calls without an answer won't get one, and none is taken until it is ready again. */
    void lost();

    void event(String name, JSObject detail);

    void mirrored(Snapshot snapshot);

    /** Keys that whoever leads next may use. */
    void keysShared(@Nullable JSObject keys);
  }
}
