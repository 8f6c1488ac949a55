package dev.p2pcp.browser.api;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;

/**
 * The agent behind its JavaScript interface: what each method does. Runs in the leading tab only.
 */
public interface AgentCalls {
  /**
   * Does one call, in a coroutine of its own; many run at once.
   *
   * @param method its name in {@code agent.d.ts}, those of the identity as {@code identity.create}
   *     and so on
   * @param arguments as given, without {@code signal} and {@code onProgress}; they belong to the
   *     callee, so binary ones need no copy. Their types are not checked yet.
   * @return the result, which must survive a structured clone; null for none
   * @throws AgentException if it is refused
   */
  @Nullable JSObject call(String method, JSArray<JSObject> arguments, CallContext context)
      throws AgentException;

  /** Stops the agent, as another tab takes over or the page leaves. Must not suspend. */
  void close();

  /** Starts the agent, in a coroutine, when this tab begins to lead. */
  @FunctionalInterface
  interface Factory {
    /**
     * @throws AgentException if it can't run here; the tab then does not lead
     */
    AgentCalls start(Host host) throws AgentException;
  }

  /** What the tabs do for the agent. Nothing here suspends. */
  interface Host {
    /** The {@code OpenOptions} of this tab, or null. */
    @Nullable JSObject options();

    /** Tells an event to the listeners in all tabs. The detail must survive a structured clone. */
    void emit(String event, JSObject detail);

    /** What {@code state()} and {@code identity.me()} answer from now on, in all tabs. */
    void mirror(Snapshot snapshot);

    /**
     * Gives the unlocked keys to the other tabs, so that whoever leads next need not ask for the
     * passphrase; null when they are locked. Only keys that are not extractable may be in it, never
     * bytes.
     */
    void shareKeys(@Nullable JSObject keys);

    /** The keys that the leader before us shared last, or null. */
    @Nullable JSObject inheritedKeys();
  }

  /** One call's link to its caller. Nothing here suspends. */
  interface CallContext {
    boolean aborted();

    /** Runs once when the caller gives up, at once if it has. It must not suspend. */
    void onAbort(Runnable action);

    void progress(double doneBytes, double totalBytes);
  }
}
