package dev.p2pcp.browser.transport;

import dev.p2pcp.browser.js.JsFailure;
import dev.p2pcp.browser.js.Socket;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Tasks;
import dev.p2pcp.transport.Channels;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Transport;

/** Reaches index servers by the browser's WebSocket. */
public final class WebSocketTransport implements Transport {
  private static final String PATH = "/agent";

  private final Tasks tasks;
  private final Channels channels;

  public WebSocketTransport(Tasks tasks) {
    this.tasks = tasks;
    this.channels = new RtcChannels(tasks);
  }

  @Override
  public Channels channels() {
    return channels;
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
