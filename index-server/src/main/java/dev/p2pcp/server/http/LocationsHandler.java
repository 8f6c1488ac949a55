package dev.p2pcp.server.http;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.server.location.LocationIndex;
import dev.p2pcp.server.tunnel.RefusedException;
import dev.p2pcp.wire.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Tells where a block can be read. The most frequent request by far, so it has a handler of its
 * own: finding an annotated method and how to write what it returns costs twice what the answer
 * does.
 */
@Component
class LocationsHandler implements WebHandler {
  /** What stands before the storage key. */
  static final String PATH = "/blocks/";

  /** Lookups that may wait for other members; more are refused. */
  static final int AT_ONCE = 1_024;

  private static final int BUSY_PAUSE = 1_000;

  private static final System.Logger LOG = System.getLogger(LocationsHandler.class.getName());

  private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final LocationIndex locations;
  private final PublicOrigin origin;
  private final AtomicInteger underWay = new AtomicInteger();

  LocationsHandler(LocationIndex locations, PublicOrigin origin) {
    this.locations = locations;
    this.origin = origin;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange) {
    HttpMethod method = exchange.getRequest().getMethod();
    if (!METHODS.contains(method)) {
      return Mono.error(new MethodNotAllowedException(method, METHODS));
    }
    StorageKey key;
    try {
      // A proxy may have put something before the path.
      String path = exchange.getRequest().getPath().value();
      key = StorageKey.parse(path.substring(path.lastIndexOf('/') + 1));
    } catch (MalformedFrameException e) {
      return Mono.error(
          new RefusedException(Refusal.of(Refusal.MALFORMED, String.valueOf(e.getMessage()))));
    }
    String base =
        String.valueOf(
            JsonStringEncoder.getInstance().quoteAsCharArray(origin.of(exchange.getRequest())));
    return lookup(key)
        .flatMap(found -> answer(exchange.getResponse(), json(base, key, found.getFirst())));
  }

  /** Whatever goes wrong, the key must not get into a log, as it would with an unknown error. */
  private Mono<List<List<PeerId>>> lookup(StorageKey key) {
    return Mono.defer(
            () -> {
              if (underWay.incrementAndGet() > AT_ONCE) {
                underWay.decrementAndGet();
                return Mono.error(busy());
              }
              return locations.lookup(List.of(key)).doFinally(signal -> underWay.decrementAndGet());
            })
        .onErrorMap(
            fault -> !(fault instanceof RefusedException),
            fault -> {
              LOG.log(System.Logger.Level.DEBUG, "a lookup failed", fault);
              return busy();
            });
  }

  private static RefusedException busy() {
    return new RefusedException(Refusal.of(Refusal.BUSY, "locations", BUSY_PAUSE));
  }

  private static Mono<Void> answer(ServerHttpResponse response, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    HttpHeaders headers = response.getHeaders();
    headers.setContentType(MediaType.APPLICATION_JSON);
    headers.setContentLength(body.length);
    headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
    return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
  }

  /** Keys and peer ids are base64url, which needs no escapes. */
  private static String json(String base, StorageKey key, List<PeerId> found) {
    List<String> peers = found.stream().map(PeerId::toString).toList();
    StringBuilder json =
        new StringBuilder("{\"storageKey\":\"").append(key).append("\",\"urls\":[");
    for (String peer : peers) {
      json.append(json.charAt(json.length() - 1) == '[' ? "\"" : ",\"")
          .append(base)
          .append("/peers/")
          .append(peer)
          .append(PATH)
          .append(key)
          .append('"');
    }
    json.append("],\"peers\":[");
    for (String peer : peers) {
      json.append(json.charAt(json.length() - 1) == '[' ? "\"" : ",\"").append(peer).append('"');
    }
    return json.append("]}").toString();
  }
}
