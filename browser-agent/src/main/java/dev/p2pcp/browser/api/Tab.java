package dev.p2pcp.browser.api;

import dev.p2pcp.browser.js.Consumer;
import dev.p2pcp.browser.js.WebLocks;
import dev.p2pcp.platform.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;

/**
 * This tab's place among the tabs of the profile. It follows until it is granted the lock, and
 * leads from then on; a leader that does not answer is deposed by taking the lock from it. Calls go
 * to the desk of the present role, and wait while there is none.
 */
final class Tab implements Desk.Listener {
  static final String NAME = "p2pcp-agent";

  /** Calls of one tab without an answer. */
  static final int CALLS_LIMIT = 256;

  // Made again for a new leader: they read, or say the whole of what shall be. Others may have been
  // done.
  private static final Set<String> REPEATABLE =
      Set.of(
          "put",
          "get",
          "list",
          "remove",
          "urls",
          "blocks",
          "status",
          "lend",
          "wantCopies",
          "useIndexServers",
          "useRelaysOnly",
          "bucket.check",
          "bucket.state",
          "bucket.allow",
          "bucket.allowed",
          "channel.found",
          "channel.open",
          "channel.list",
          "channel.leave",
          "channel.next",
          "channel.search",
          "channel.seen",
          "channel.draft",
          "channel.mute",
          "channel.muted",
          "conflicts",
          "dismissConflict",
          "files.put",
          "files.unfinished",
          "files.cancel",
          "files.stat",
          "files.share",
          "files.part",
          "identity.words",
          "identity.quiz");

  private final String id;
  private final Platform platform;
  private final AgentCalls.Factory factory;
  private final @Nullable JSObject options;
  private final Listener listener;
  private final Map<Integer, Call> open = new LinkedHashMap<>();
  private final List<Call> waiting = new ArrayList<>();
  private @Nullable Desk desk;
  private WebLocks.@Nullable Hold lock;
  private @Nullable JSObject keys;
  private Snapshot snapshot = Snapshot.Of.state("new", null);
  private boolean ready;
  private boolean closed;
  private int lastCall;

  /** What the page's agent object hears. */
  interface Listener {
    /** The tab can be used; told once. */
    void opened();

    /** It can't; told at most once and instead. */
    void failed(JSObject error);

    void event(String name, JSObject detail);
  }

  private boolean told;

  Tab(
      Platform platform,
      AgentCalls.Factory factory,
      @Nullable JSObject options,
      Listener listener) {
    this.id = platform.entropy().bytes(8).hex();
    this.platform = platform;
    this.factory = factory;
    this.options = options;
    this.listener = listener;
  }

  /** The channel and the lock of one tab. */
  static String channel(String tab) {
    return NAME + "." + tab;
  }

  static AgentException tooMany() {
    return new AgentException("aborted", "too many calls at once; at most " + CALLS_LIMIT);
  }

  void start() {
    desk = new FollowerDesk(id, this, this::depose);
    lock = WebLocks.hold(NAME, false, this::lead, this::deposed);
  }

  Snapshot snapshot() {
    return snapshot;
  }

  void call(
      String method,
      JSArray<JSObject> arguments,
      Consumer<@Nullable JSObject> resolve,
      Consumer<JSObject> reject) {
    int number = ++lastCall;
    Call call;
    try {
      call =
          new Call(
              number,
              method,
              arguments,
              value -> {
                open.remove(number);
                resolve.accept(value);
              },
              error -> {
                open.remove(number);
                reject.accept(error);
              });
    } catch (Throwable notClonable) {
      reject.accept(new AgentException("bad-argument", "arguments must be plain data").toJs());
      return;
    }
    if (closed) {
      call.refuse("closed", "the agent is closed in this tab");
    } else if (call.isAborted()) {
      call.refuse("aborted", "aborted before it began");
    } else if (open.size() >= CALLS_LIMIT) {
      call.reject(tooMany().toJs());
    } else {
      open.put(number, call);
      call.onAbort(() -> abort(call));
      submit(call);
    }
  }

  void close() {
    closed = true;
    step(null);
    if (lock != null) {
      lock.release();
    }
    for (Call call : List.copyOf(open.values())) {
      call.refuse("closed", "the agent was closed in this tab");
    }
  }

  @Override
  public void ready() {
    ready = true;
    List<Call> queued = List.copyOf(waiting);
    waiting.clear();
    for (Call call : queued) {
      submit(call);
    }
    if (!told) {
      told = true;
      listener.opened();
    }
  }

  @Override
  public void event(String name, JSObject detail) {
    listener.event(name, detail);
  }

  @Override
  public void mirrored(Snapshot changed) {
    snapshot = changed;
  }

  @Override
  public void keysShared(@Nullable JSObject shared) {
    keys = shared;
  }

  private void submit(Call call) {
    if (call.isSettled()) {
      return;
    }
    if (ready && desk != null) {
      desk.submit(call);
    } else {
      waiting.add(call);
    }
  }

  private void abort(Call call) {
    if (!call.isSettled()) {
      call.refuse("aborted", "aborted");
      waiting.remove(call);
      if (desk != null) {
        desk.abort(call);
      }
    }
  }

  private void lead() {
    if (closed) {
      return;
    }
    LeaderDesk leading = new LeaderDesk(platform.tasks(), this, options, keys);
    step(leading);
    leading.start(factory, this::failed);
  }

  private void failed(JSObject error) {
    for (Call call : List.copyOf(open.values())) {
      call.reject(error);
    }
    close();
    if (!told) {
      told = true;
      listener.failed(error);
    }
  }

  // Nobody answers though somebody has the lock.
  private void depose() {
    if (lock != null) {
      lock.release();
    }
    lock = WebLocks.hold(NAME, true, this::lead, this::deposed);
  }

  private void deposed() {
    if (!closed) {
      step(new FollowerDesk(id, this, this::depose));
      lock = WebLocks.hold(NAME, false, this::lead, this::deposed);
    }
  }

  // Takes another role; what can be asked again is, and what can't be is answered.
  private void step(@Nullable Desk next) {
    if (desk != null) {
      desk.leave();
    }
    desk = next;
    lost();
  }

  @Override
  public void lost() {
    boolean wasReady = ready;
    ready = false;
    for (Call call : List.copyOf(open.values())) {
      if (waiting.contains(call)) {
        continue;
      }
      if (wasReady && !REPEATABLE.contains(call.method())) {
        call.refuse("closed", "the tab that did this was closed; look whether it was done");
      } else {
        waiting.add(call);
      }
    }
  }
}
