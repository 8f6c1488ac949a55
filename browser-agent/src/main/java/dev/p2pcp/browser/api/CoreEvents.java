package dev.p2pcp.browser.api;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.Path;
import dev.p2pcp.node.Agent;
import dev.p2pcp.node.Conflicts;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSString;

/**
 * Tells the tabs what the core does: at once what changed of identity, gathered what changes often.
 */
final class CoreEvents implements Agent.Events {
  /** Between two status events, in milliseconds. */
  private static final long STATUS_PAUSE = 250;

  /** Between an item's change and its event, in milliseconds: several changes become one. */
  private static final long ITEM_PAUSE = 30;

  private final Platform platform;
  private final AgentCalls.Host host;
  private final Map<Path, Boolean> changedItems = new HashMap<>();
  private final Map<Path, Set<Pending<Boolean>>> waiting = new HashMap<>();
  private @Nullable Agent agent;
  private boolean statusDue;
  private boolean channelsDue;

  CoreEvents(Platform platform, AgentCalls.Host host) {
    this.platform = platform;
    this.host = host;
  }

  void connect(Agent connected) {
    agent = connected;
    mirror();
  }

  void disconnect() {
    agent = null;
  }

  /** Completes with the next change of the item. */
  Pending<Boolean> nextChange(Path path) {
    Pending<Boolean> pending = platform.tasks().pending();
    waiting.computeIfAbsent(path, p -> new HashSet<>()).add(pending);
    return pending;
  }

  /** A {@code Status}. Suspends. */
  JSObject status() throws StoreException {
    Agent current = agent;
    if (current == null) {
      return Shapes.status(Agent.State.NEW, null);
    }
    try {
      return Shapes.status(current.state(), current.node().status());
    } catch (dev.p2pcp.node.AgentException e) {
      return Shapes.status(current.state(), null);
    }
  }

  @Override
  public void stateChanged(Agent.State state) {
    mirror();
    host.emit("state", JSString.valueOf(Shapes.code(state)));
    statusChanged();
  }

  @Override
  public void statusChanged() {
    if (statusDue) {
      return;
    }
    statusDue = true;
    platform
        .tasks()
        .spawn(
            "status",
            () -> {
              platform.tasks().sleep(STATUS_PAUSE);
              statusDue = false;
              tellStatus();
            });
  }

  @Override
  public void channelChanged(Hash channel) {
    if (!channelsDue) {
      channelsDue = true;
      platform
          .tasks()
          .spawn(
              "channel events",
              () -> {
                platform.tasks().sleep(STATUS_PAUSE);
                channelsDue = false;
                host.emit("channels", Shapes.object());
              });
    }
  }

  @Override
  public void itemChanged(Path path, boolean remote) {
    Set<Pending<Boolean>> hearing = waiting.remove(path);
    if (hearing != null) {
      hearing.forEach(pending -> pending.complete(true));
    }
    boolean first = changedItems.isEmpty();
    changedItems.merge(path, remote, Boolean::logicalOr);
    if (first) {
      platform
          .tasks()
          .spawn(
              "item events",
              () -> {
                platform.tasks().sleep(ITEM_PAUSE);
                Map<Path, Boolean> changed = new HashMap<>(changedItems);
                changedItems.clear();
                changed.forEach(this::tellItem);
              });
    }
  }

  @Override
  public void conflict(Conflicts.Conflict conflict) {
    host.emit("conflict", Shapes.conflict(conflict));
  }

  private void tellItem(Path path, boolean remote) {
    Agent current = agent;
    if (current == null) {
      return;
    }
    try {
      JSObject item = current.node().view(path).map(Shapes::item).orElse(null);
      host.emit("item", Shapes.itemEvent(path.text(), item, remote));
    } catch (dev.p2pcp.node.AgentException e) {
      // Locked meanwhile: there is nothing to show.
      return;
    }
  }

  private void tellStatus() {
    if (agent == null) {
      return;
    }
    try {
      host.emit("status", status());
    } catch (StoreException e) {
      // The store is gone; calls tell it to who asks.
      return;
    }
  }

  private void mirror() {
    Agent current = agent;
    if (current == null) {
      return;
    }
    JSObject me = null;
    JSObject keys = null;
    try {
      me = Shapes.me(current.keys(), current.node(), current);
      keys = SharedKeys.of(current.keys());
    } catch (dev.p2pcp.node.AgentException e) {
      me = null;
    }
    host.shareKeys(keys);
    host.mirror(Snapshot.Of.state(Shapes.code(current.state()), me));
  }
}
