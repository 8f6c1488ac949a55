package dev.p2pcp.browser.api;

import dev.p2pcp.browser.js.Broadcast;
import dev.p2pcp.platform.Tasks;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;

/**
 * The desk of the leading tab: runs calls of this tab and of its followers, and tells all of them
 * what happens.
 */
final class LeaderDesk implements Desk, AgentCalls.Host {
  /** Tabs that may follow; more are not answered. */
  private static final int FOLLOWERS_LIMIT = 128;

  private final Tasks tasks;
  private final Desk.Listener own;
  private final @Nullable JSObject options;
  private final Broadcast common;
  private final Map<String, Follower> followers = new HashMap<>();
  private final Map<Integer, RunningCall> running = new HashMap<>();
  private Snapshot snapshot = Snapshot.Of.state("new", null);
  private @Nullable JSObject keys;
  private @Nullable AgentCalls agent;
  private boolean left;

  LeaderDesk(
      Tasks tasks,
      Desk.Listener own,
      @Nullable JSObject options,
      @Nullable JSObject inheritedKeys) {
    this.tasks = tasks;
    this.own = own;
    this.options = options;
    this.keys = inheritedKeys;
    this.common = Broadcast.open(Tab.NAME);
  }

  /** What to tell a page that failed to start the agent. */
  interface Failed {
    void because(JSObject error);
  }

  /** Takes office: followers gather while the agent starts. */
  void start(AgentCalls.Factory factory, Failed failed) {
    common.setOnmessage(event -> heard((TabMessage) event.getData()));
    common.postMessage(TabMessage.of(TabMessage.LEADER));
    tasks.spawn(
        "agent",
        () -> {
          AgentCalls started;
          try {
            started = factory.start(this);
          } catch (Throwable thrown) {
            failed.because(AgentException.errorOf(thrown));
            return;
          }
          if (left) {
            started.close();
            return;
          }
          agent = started;
          for (Follower follower : followers.values()) {
            follower.welcome(snapshot, keys);
          }
          own.ready();
        });
  }

  @Override
  public void submit(Call call) {
    RunningCall context = new RunningCall(call::progress);
    running.put(call.id(), context);
    run(
        call.method(),
        call.arguments(),
        context,
        call::resolve,
        call::reject,
        () -> running.remove(call.id()));
  }

  @Override
  public void abort(Call call) {
    RunningCall context = running.get(call.id());
    if (context != null) {
      context.abort();
    }
  }

  @Override
  public void leave() {
    left = true;
    for (RunningCall context : running.values()) {
      context.abort();
    }
    for (Follower follower : followers.values()) {
      follower.close();
    }
    followers.clear();
    common.close();
    if (agent != null) {
      agent.close();
    }
  }

  @Override
  public @Nullable JSObject options() {
    return options;
  }

  @Override
  public @Nullable JSObject inheritedKeys() {
    return keys;
  }

  @Override
  public void emit(String name, JSObject detail) {
    TabMessage message = TabMessage.of(TabMessage.EVENT);
    message.setMethod(name);
    message.setValue(detail);
    toAll(message);
    own.event(name, detail);
  }

  @Override
  public void mirror(Snapshot changed) {
    snapshot = changed;
    TabMessage message = TabMessage.of(TabMessage.SNAPSHOT);
    message.setSnapshot(changed);
    toAll(message);
    own.mirrored(changed);
  }

  @Override
  public void shareKeys(@Nullable JSObject shared) {
    keys = shared;
    TabMessage message = TabMessage.of(TabMessage.KEYS);
    message.setKeys(shared);
    toAll(message);
    own.keysShared(shared);
  }

  /** Runs a call in a coroutine of its own; exactly one of the three answers follows. */
  void run(
      String method,
      JSArray<JSObject> arguments,
      RunningCall context,
      Answer resolve,
      Refusal reject,
      Runnable done) {
    AgentCalls calls = agent;
    if (calls == null) {
      reject.accept(new AgentException("closed", "the agent has not started").toJs());
      done.run();
      return;
    }
    tasks.spawn(
        method,
        () -> {
          try {
            JSObject value = calls.call(method, arguments, context);
            resolve.accept(value);
          } catch (Throwable thrown) {
            reject.accept(AgentException.errorOf(thrown));
          } finally {
            done.run();
          }
        });
  }

  /** Takes a result or an error. */
  @FunctionalInterface
  interface Answer {
    void accept(@Nullable JSObject value);
  }

  /** Takes an error. */
  @FunctionalInterface
  interface Refusal {
    void accept(JSObject error);
  }

  void forget(String tab) {
    Follower gone = followers.remove(tab);
    if (gone != null) {
      gone.close();
    }
  }

  private void heard(TabMessage message) {
    if (!message.getType().equals(TabMessage.HELLO)) {
      return;
    }
    String tab = text(message.getTab());
    Follower follower = followers.get(tab);
    if (follower == null) {
      if (followers.size() >= FOLLOWERS_LIMIT) {
        return;
      }
      follower = new Follower(tab, this);
      followers.put(tab, follower);
    }
    if (agent == null) {
      follower.post(TabMessage.of(TabMessage.STARTING));
    } else {
      follower.welcome(snapshot, keys);
    }
  }

  private void toAll(TabMessage message) {
    for (Follower follower : followers.values()) {
      follower.post(message);
    }
  }

  @JSBody(params = "value", script = "return String(value);")
  private static native String text(String value);
}
