package dev.p2pcp.browser.transport;

import dev.p2pcp.browser.js.JsFailure;
import dev.p2pcp.browser.js.Socket;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Tasks;
import dev.p2pcp.transport.Channels;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.transport.Web;

/** Reaches index servers by the browser's WebSocket. */
public final class WebSocketTransport implements Transport {
  private static final String PATH = "/agent";

  private final Tasks tasks;
  private final Channels channels;
  private final Web web;

  public WebSocketTransport(Tasks tasks, Clock clock) {
    this.tasks = tasks;
    this.web = new FetchWeb(clock);
    this.channels = new RtcChannels(tasks);
  }

  @Override
  public Channels channels() {
    return channels;
  }

  @Override
  public Web web() {
    return web;
  }

  @Override
  public Connection connect(String origin, Listener listener, Deadline deadline)
      throws LinkException {
    WebSocketConnection connection =
        new WebSocketConnection(open(address(origin)), listener, tasks);
    connection.awaitOpen(deadline);
    return connection;
  }

  private static Socket open(String address) throws LinkException {
    try {
      return Socket.open(address, SUBPROTOCOL);
    } catch (Throwable thrown) {
      throw new LinkException(
          "the browser refuses " + address + ": " + JsFailure.of(thrown).getMessage());
    }
  }

  /** {@code http} becomes {@code ws} and {@code https} becomes {@code wss}. */
  private static String address(String origin) throws LinkException {
    if (!origin.startsWith("http://") && !origin.startsWith("https://")) {
      throw new LinkException("no http(s) origin: " + origin);
    }
    return "ws" + origin.substring("http".length()) + PATH;
  }
}
