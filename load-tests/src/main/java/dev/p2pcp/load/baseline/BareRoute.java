package dev.p2pcp.load.baseline;

import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** The least that WebFlux can do: one route that answers as a lookup does, and looks nothing up. */
public final class BareRoute {
  /** Begins the line that says on which port. */
  public static final String READY = "bare route at ";

  private static final String HOST = "127.0.0.1";

  private BareRoute() {}

  /** An answer with the fields and the length of the server's. */
  record Locations(String storageKey, List<String> urls, List<String> peers) {}

  @SuppressWarnings("SystemOut") // The bench waits for this line.
  public static void main(String[] arguments) {
    String peer = "p".repeat(43);
    var routes =
        RouterFunctions.route()
            .GET(
                "/blocks/{storageKey}",
                request -> {
                  String key = request.pathVariable("storageKey");
                  String url = "http://127.0.0.1:12345/peers/" + peer + "/blocks/" + key;
                  return ServerResponse.ok()
                      .contentType(MediaType.APPLICATION_JSON)
                      .bodyValue(new Locations(key, List.of(url), List.of(peer)));
                })
            .build();
    DisposableServer server =
        HttpServer.create()
            .host(HOST)
            .port(0)
            .handle(new ReactorHttpHandlerAdapter(RouterFunctions.toHttpHandler(routes)))
            .bindNow();
    System.out.println(READY + server.port());
    server.onDispose().block();
  }
}
