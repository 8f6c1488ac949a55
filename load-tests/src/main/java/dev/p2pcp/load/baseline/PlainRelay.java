package dev.p2pcp.load.baseline;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;

/**
 * The least that a relay of WebSocket messages can do: what comes in at {@code /from} goes out at
 * {@code /to}, as fast as it is taken there. One pair, once.
 */
public final class PlainRelay {
  /** Begins the line that says on which port. */
  public static final String READY = "plain relay at ";

  private static final String HOST = "127.0.0.1";
  private static final int MESSAGE = 64 * 1024;

  private PlainRelay() {}

  @SuppressWarnings("SystemOut") // The bench waits for this line.
  public static void main(String[] arguments) {
    Sinks.One<WebsocketInbound> source = Sinks.one();
    Sinks.Empty<Void> over = Sinks.empty();
    WebsocketServerSpec spec = WebsocketServerSpec.builder().maxFramePayloadLength(MESSAGE).build();
    DisposableServer server =
        HttpServer.create()
            .host(HOST)
            .port(0)
            .route(
                routes ->
                    routes
                        .ws(
                            "/from",
                            (in, out) -> {
                              source.tryEmitValue(in);
                              return over.asMono();
                            },
                            spec)
                        .ws(
                            "/to",
                            (in, out) ->
                                Mono.from(
                                        source
                                            .asMono()
                                            .flatMap(
                                                from -> out.send(from.receive().retain()).then()))
                                    .doFinally(end -> over.tryEmitEmpty()),
                            spec))
            .bindNow();
    System.out.println(READY + server.port());
    server.onDispose().block();
  }
}
