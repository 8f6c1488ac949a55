package dev.p2pcp.browser.transport;

import dev.p2pcp.browser.js.Rtc;
import dev.p2pcp.platform.Tasks;
import dev.p2pcp.transport.Channels;
import dev.p2pcp.transport.DirectChannel;
import dev.p2pcp.wire.IceServer;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSString;

/** WebRTC data channels, where the browser has them. */
public final class RtcChannels implements Channels {
  /** Connections of one page, ever: Chromium makes 500, and does not count down. */
  private static final int MOST = 400;

  // One count for the page, as the agent may be started anew in it.
  private static int made;

  private final Tasks tasks;
  private final boolean there = Rtc.isThere();

  public RtcChannels(Tasks tasks) {
    this.tasks = tasks;
  }

  @Override
  public int left() {
    return there ? MOST - made : 0;
  }

  @Override
  public DirectChannel open(Setup setup, DirectChannel.Listener listener) {
    made++;
    JSArray<JSObject> servers = Rtc.servers();
    for (IceServer server : setup.servers()) {
      JSArray<JSString> urls = new JSArray<>();
      server.urls().forEach(url -> urls.push(JSString.valueOf(url)));
      servers.push(Rtc.server(urls, server.username(), server.credential()));
    }
    return new RtcChannel(servers, setup, listener, tasks);
  }
}
