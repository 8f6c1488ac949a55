package dev.p2pcp.browser.api;

import dev.p2pcp.browser.js.Broadcast;
import dev.p2pcp.browser.js.WebLocks;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;

/**
 * A tab that follows this one, and the calls that it waits for. It holds a lock of its own for as
 * long as it lives.
 */
final class Follower {
  private final LeaderDesk desk;
  private final Broadcast channel;
  private final WebLocks.Hold life;
  private final Map<Integer, RunningCall> running = new HashMap<>();
  private boolean closed;

  Follower(String tab, LeaderDesk desk) {
    this.desk = desk;
    this.channel = Broadcast.open(Tab.channel(tab));
    this.life =
        WebLocks.hold(Tab.channel(tab), false, () -> desk.forget(tab), () -> desk.forget(tab));
    channel.setOnmessage(event -> heard(tab, (TabMessage) event.getData()));
  }

  void post(TabMessage message) {
    if (!closed) {
      channel.postMessage(message);
    }
  }

  void welcome(Snapshot snapshot, @Nullable JSObject keys) {
    TabMessage message = TabMessage.of(TabMessage.WELCOME);
    message.setSnapshot(snapshot);
    message.setKeys(keys);
    post(message);
  }

  /** Gives up its calls and hears no more. */
  void close() {
    closed = true;
    life.release();
    channel.close();
    for (RunningCall call : running.values()) {
      call.abort();
    }
    running.clear();
  }

  private void heard(String tab, TabMessage message) {
    switch (message.getType()) {
      case TabMessage.CALL -> call(message);
      case TabMessage.ABORT -> {
        RunningCall call = running.get(message.getId());
        if (call != null) {
          call.abort();
        }
      }
      case TabMessage.BYE -> desk.forget(tab);
      default -> {
        // A newer release in another tab may say more than we know.
      }
    }
  }

  @SuppressWarnings("unchecked")
  private void call(TabMessage message) {
    int id = message.getId();
    JSArray<JSObject> arguments = (JSArray<JSObject>) message.getValue();
    if (running.containsKey(id) || arguments == null) {
      return;
    }
    if (running.size() >= Tab.CALLS_LIMIT) {
      answer(TabMessage.ERROR, id, AgentException.parts(Tab.tooMany().toJs()));
      return;
    }
    RunningCall context = new RunningCall((done, total) -> progress(id, done, total));
    running.put(id, context);
    desk.run(
        message.getMethod(),
        arguments,
        context,
        value -> answer(TabMessage.RESULT, id, value),
        error -> answer(TabMessage.ERROR, id, AgentException.parts(error)),
        () -> running.remove(id));
  }

  private void answer(String type, int id, @Nullable JSObject value) {
    TabMessage message = TabMessage.of(type, id);
    message.setValue(value);
    post(message);
  }

  private void progress(int id, double done, double total) {
    TabMessage message = TabMessage.of(TabMessage.PROGRESS, id);
    message.setDone(done);
    message.setTotal(total);
    post(message);
  }
}
