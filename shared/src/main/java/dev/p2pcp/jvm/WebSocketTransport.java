package dev.p2pcp.jvm;

import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.transport.Web;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** WebSockets of the JDK's client, one virtual thread each for sending. */
public final class WebSocketTransport implements Transport {
  private final Clock clock;
  private final HttpClient client;

  /** A transport with connections of its own; the clock is that of the deadlines. */
  public WebSocketTransport(Clock clock) {
    this.clock = clock;
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  @Override
  public Web web() {
    return new HttpWeb(clock);
  }

  @Override
  public Connection connect(String origin, Listener listener, Deadline deadline)
      throws LinkException {
    long left = deadline.left(clock);
    if (left == 0) {
      throw new LinkException("no time left to connect");
    }
    WebSocketConnection connection = new WebSocketConnection(listener);
    CompletableFuture<WebSocket> opening =
        client
            .newWebSocketBuilder()
            .subprotocols(SUBPROTOCOL)
            .connectTimeout(Duration.ofMillis(left))
            .buildAsync(address(origin), connection);
    WebSocket socket = await(opening, left);
    if (!socket.getSubprotocol().equals(SUBPROTOCOL)) {
      socket.abort();
      throw new LinkException("the server does not speak " + SUBPROTOCOL);
    }
    connection.start(socket);
    return connection;
  }

  private static WebSocket await(CompletableFuture<WebSocket> opening, long millis)
      throws LinkException {
    try {
      return opening.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      abandon(opening);
      throw new LinkException("no answer in time");
    } catch (ExecutionException e) {
      throw new LinkException("no connection: " + e.getCause());
    } catch (InterruptedException e) {
      abandon(opening);
      Thread.currentThread().interrupt();
      throw new LinkException("interrupted");
    }
  }

  // Not cancelled: that would lose the socket which may open in this very moment.
  private static void abandon(CompletableFuture<WebSocket> opening) {
    var _ = opening.thenAccept(WebSocket::abort);
  }

  // http becomes ws and https becomes wss.
  private static URI address(String origin) throws LinkException {
    if (!origin.startsWith("http://") && !origin.startsWith("https://")) {
      throw new LinkException("not an http(s) origin");
    }
    String base = origin.endsWith("/") ? origin.substring(0, origin.length() - 1) : origin;
    try {
      return new URI("ws" + base.substring("http".length()) + "/agent");
    } catch (URISyntaxException e) {
      throw new LinkException("not an http(s) origin");
    }
  }
}
