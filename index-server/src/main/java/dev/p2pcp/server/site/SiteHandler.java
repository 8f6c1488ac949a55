package dev.p2pcp.server.site;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Serves the page for every address that a person may open, and the files that it needs. */
@Component
class SiteHandler implements WebHandler {
  private static final Duration FOR_EVER = Duration.ofDays(365);

  /** Addresses that the page knows; it shows others too, but as what is not there. */
  private static final Pattern ROUTES =
      Pattern.compile(
          "/|/index\\.html|/(notes|files|f|channels|people|profile|blocks|settings|words|login)(/.*)?|/u/.*");

  private static final Asset NO_SITE =
      new Asset(
          "text/plain;charset=utf-8",
          "This is a p2pcp index server without a site.\n".getBytes(StandardCharsets.UTF_8));

  private final SiteFiles files;
  private final SitePage page;

  SiteHandler(SiteFiles files, SitePage page) {
    this.files = files;
    this.page = page;
  }

  /** Compresses what a first visit fetches before somebody waits for it. */
  @EventListener(ApplicationReadyEvent.class)
  void warmUp() {
    Schedulers.boundedElastic().schedule(() -> page.addresses().forEach(files::find));
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange) {
    ServerHttpRequest request = exchange.getRequest();
    if (!HttpMethod.GET.equals(request.getMethod())
        && !HttpMethod.HEAD.equals(request.getMethod())) {
      return Mono.error(
          new MethodNotAllowedException(
              request.getMethod(), List.of(HttpMethod.GET, HttpMethod.HEAD)));
    }
    String path = request.getPath().value();
    if (ROUTES.matcher(path).matches()) {
      return page(exchange, HttpStatus.OK);
    }
    Optional<Asset> known = files.known(path);
    if (known.isPresent()) {
      return file(exchange, known.get());
    }
    if (!files.isFile(path)) {
      return missing(exchange);
    }
    return Mono.fromCallable(() -> files.find(path))
        .subscribeOn(Schedulers.boundedElastic())
        .flatMap(found -> found.isPresent() ? file(exchange, found.get()) : missing(exchange));
  }

  private Mono<Void> missing(ServerWebExchange exchange) {
    boolean person =
        exchange.getRequest().getHeaders().getAccept().stream()
            .anyMatch(type -> type.equalsTypeAndSubtype(MediaType.TEXT_HTML));
    return person && page.page().isPresent()
        ? page(exchange, HttpStatus.NOT_FOUND)
        : Mono.error(new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private Mono<Void> page(ServerWebExchange exchange, HttpStatus status) {
    HttpHeaders headers = exchange.getResponse().getHeaders();
    headers.set("Content-Security-Policy", page.policy());
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
    return send(exchange, page.page().orElse(NO_SITE), CacheControl.noCache(), status);
  }

  private Mono<Void> file(ServerWebExchange exchange, Asset asset) {
    String version = exchange.getRequest().getQueryParams().getFirst("v");
    CacheControl caching =
        asset.version().equals(version)
            ? CacheControl.maxAge(FOR_EVER).cachePublic().immutable()
            : CacheControl.noCache();
    return send(exchange, asset, caching, HttpStatus.OK);
  }

  private static Mono<Void> send(
      ServerWebExchange exchange, Asset asset, CacheControl caching, HttpStatus status) {
    ServerHttpRequest request = exchange.getRequest();
    ServerHttpResponse response = exchange.getResponse();
    boolean zipped = asset.isSmallerZipped() && acceptsGzip(request);
    byte[] body = zipped ? asset.zipped() : asset.plain();
    HttpHeaders headers = response.getHeaders();
    headers.setCacheControl(caching);
    headers.setETag(asset.etag(zipped));
    headers.setVary(List.of(HttpHeaders.ACCEPT_ENCODING));
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    if (status == HttpStatus.OK && exchange.checkNotModified(asset.etag(zipped))) {
      return response.setComplete();
    }
    response.setStatusCode(status);
    headers.set(HttpHeaders.CONTENT_TYPE, asset.type());
    headers.setContentLength(body.length);
    if (zipped) {
      headers.set(HttpHeaders.CONTENT_ENCODING, "gzip");
    }
    return HttpMethod.HEAD.equals(request.getMethod())
        ? response.setComplete()
        : response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
  }

  private static boolean acceptsGzip(ServerHttpRequest request) {
    return request.getHeaders().getOrEmpty(HttpHeaders.ACCEPT_ENCODING).stream()
        .flatMap(line -> List.of(line.split(",")).stream())
        .map(String::strip)
        .anyMatch(
            coding ->
                coding.equals("gzip") || coding.startsWith("gzip;") && !coding.endsWith("q=0"));
  }
}
