package dev.p2pcp.browser.api;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.browser.platform.BrowserPlatform;
import dev.p2pcp.browser.store.IndexedDbBlockStore;
import dev.p2pcp.browser.transport.WebSocketTransport;
import dev.p2pcp.identity.SeedPhrase;
import dev.p2pcp.node.Agent;
import dev.p2pcp.node.Guest;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSExport;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/** What the compiled ES module exports. */
public final class Exports {
  /** The IndexedDB database of the agent. */
  private static final String DATABASE = "p2pcp";

  /** Words offered while typing. */
  private static final int COMPLETIONS = 8;

  private Exports() {}

  /** Starts or joins the agent of this browser profile; see {@code agent.d.ts}. */
  @JSExport
  public static JSPromise<JSObject> open(@Nullable JSObject options) {
    Platform platform = BrowserPlatform.create();
    return AgentObject.open(
        platform,
        host -> start(platform, host),
        prefix -> SeedPhrase.complete(prefix, COMPLETIONS),
        options);
  }

  /** What this browser lacks to run the agent; resolves to an empty list if nothing. */
  @JSExport
  public static JSPromise<JSObject> missing() {
    return Requirements.missing();
  }

  private static AgentCalls start(Platform platform, AgentCalls.Host host) throws AgentException {
    List<String> origins = Arguments.textsOf(host.options(), "indexServers");
    List<String> first = origins.isEmpty() ? List.of(origin()) : origins;
    CoreEvents events = new CoreEvents(platform, host);
    Transport transport = new WebSocketTransport(platform.tasks(), platform.clock());
    try {
      IndexedDbBlockStore store =
          IndexedDbBlockStore.open(DATABASE, platform.clock(), platform.tasks());
      Agent agent =
          Agent.open(
              platform,
              store,
              transport,
              new BrowserDeviceKey(store.deviceKeys()),
              first,
              SharedKeys.take(host.inheritedKeys()),
              events);
      return new CoreCalls(platform, agent, events, () -> Guest.start(platform, transport, first));
    } catch (StoreException e) {
      throw new AgentException("storage-failed", String.valueOf(e.getMessage()));
    }
  }

  @JSBody(script = "return location.origin;")
  private static native String origin();
}
