package dev.p2pcp.browser.api;

import dev.p2pcp.browser.js.Broadcast;
import dev.p2pcp.browser.js.Turns;
import dev.p2pcp.browser.js.WebLocks;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;

/**
 * The desk of a tab that follows: hands calls to the leader, and asks to join again whenever
 * another leads.
 */
final class FollowerDesk implements Desk {
  /** Milliseconds between two hellos while nobody answers. */
  private static final int HELLO_MILLIS = 500;

  /** Hellos without an answer after which the leader counts as hung. */
  private static final int HELLOS = 20;

  private final String tab;
  private final Desk.Listener own;
  private final Runnable leaderHangs;
  private final Broadcast common;
  private final Broadcast channel;
  // Held until this page is gone, which is how the leader learns of it.
  private final WebLocks.Hold life;
  private final Map<Integer, Call> sent = new HashMap<>();
  private boolean joined;
  private boolean left;
  private int hellos;
  private int timer;

  /**
   * @param leaderHangs what to do when nobody answers; the hellos stop then
   */
  FollowerDesk(String tab, Desk.Listener own, Runnable leaderHangs) {
    this.tab = tab;
    this.own = own;
    this.leaderHangs = leaderHangs;
    this.common = Broadcast.open(Tab.NAME);
    this.channel = Broadcast.open(Tab.channel(tab));
    common.setOnmessage(event -> heardCommon((TabMessage) event.getData()));
    channel.setOnmessage(event -> heard((TabMessage) event.getData()));
    this.life = WebLocks.hold(Tab.channel(tab), false, this::hello, () -> {});
  }

  @Override
  public void submit(Call call) {
    sent.put(call.id(), call);
    TabMessage message = TabMessage.of(TabMessage.CALL, call.id());
    message.setMethod(call.method());
    message.setValue(call.arguments());
    channel.postMessage(message);
  }

  @Override
  public void abort(Call call) {
    if (sent.remove(call.id()) != null) {
      channel.postMessage(TabMessage.of(TabMessage.ABORT, call.id()));
    }
  }

  @Override
  public void leave() {
    left = true;
    channel.postMessage(TabMessage.of(TabMessage.BYE));
    channel.close();
    common.close();
    life.release();
  }

  private void hello() {
    Turns.cancel(timer);
    if (joined || left) {
      return;
    }
    if (++hellos > HELLOS) {
      leaderHangs.run();
      return;
    }
    TabMessage message = TabMessage.of(TabMessage.HELLO);
    message.setTab(tab);
    common.postMessage(message);
    timer = Turns.after(this::hello, HELLO_MILLIS);
  }

  private void heardCommon(TabMessage message) {
    if (message.getType().equals(TabMessage.LEADER) && !left) {
      joined = false;
      hellos = 0;
      sent.clear();
      own.lost();
      hello();
    }
  }

  private void heard(TabMessage message) {
    if (left) {
      return;
    }
    switch (message.getType()) {
      case TabMessage.STARTING -> hellos = 0;
      case TabMessage.WELCOME -> welcomed(message);
      case TabMessage.EVENT -> own.event(message.getMethod(), defined(message.getValue()));
      case TabMessage.SNAPSHOT -> own.mirrored(message.getSnapshot());
      case TabMessage.KEYS -> own.keysShared(message.getKeys());
      case TabMessage.PROGRESS -> {
        Call call = sent.get(message.getId());
        if (call != null) {
          call.progress(message.getDone(), message.getTotal());
        }
      }
      case TabMessage.RESULT -> {
        Call call = sent.remove(message.getId());
        if (call != null) {
          call.resolve(message.getValue());
        }
      }
      case TabMessage.ERROR -> {
        Call call = sent.remove(message.getId());
        if (call != null) {
          call.reject(AgentException.whole(defined(message.getValue())));
        }
      }
      default -> {
        // A newer release in another tab may say more than we know.
      }
    }
  }

  private void welcomed(TabMessage message) {
    own.keysShared(message.getKeys());
    own.mirrored(message.getSnapshot());
    if (!joined) {
      joined = true;
      own.ready();
    }
  }

  static JSObject defined(@Nullable JSObject value) {
    if (value == null) {
      throw new IllegalStateException("a message of a tab lacks its value");
    }
    return value;
  }
}
