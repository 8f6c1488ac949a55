package dev.p2pcp.browser.cases;

import dev.p2pcp.browser.transport.WebSocketTransport;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Transport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The browser's WebSocket by calls of text; the first argument names the connection. */
final class RemoteTransport {
  private final Platform platform;
  private final Transport transport;
  private final Map<String, Transport.Connection> connections = new HashMap<>();

  RemoteTransport(Platform platform) {
    this.platform = platform;
    this.transport = new WebSocketTransport(platform.tasks(), platform.clock());
  }

  List<String> call(String verb, String[] arguments) throws LinkException, MalformedFrameException {
    String name = arguments[0];
    switch (verb) {
      case "connect" ->
          connections.put(
              name,
              transport.connect(
                  arguments[1], new Teller(name), platform.deadline(Long.parseLong(arguments[2]))));
      case "send" -> connections.get(name).send(Bytes.fromHex(arguments[1]));
      case "close" -> connections.get(name).close();
      default -> throw new IllegalArgumentException(verb);
    }
    return List.of();
  }

  /** Tells the test what is heard. */
  private record Teller(String name) implements Transport.Listener {
    @Override
    public void received(Bytes message) {
      RemoteExports.tell(name, new String[] {"received", message.hex()});
    }

    @Override
    public void closed(String why) {
      RemoteExports.tell(name, new String[] {"closed", why});
    }
  }
}
