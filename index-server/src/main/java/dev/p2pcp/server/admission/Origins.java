package dev.p2pcp.server.admission;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/**
 * Which pages may connect agents: those of the same host, those of origins that the operator
 * allows, and, while this server can only be reached from its own machine, those of that machine.
 * What sends no origin is no browser.
 */
@Component
public class Origins {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Set<String> allowed;
  private final boolean local;

  Origins(Settings settings, ServerProperties server) {
    this.allowed =
        settings.allowedOrigins().stream()
            .map(origin -> origin.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    InetAddress address = server.getAddress();
    this.local = address != null && address.isLoopbackAddress();
  }

  /**
   * Whether a page of that origin may connect to what it calls by that host (with port, if any).
   */
  public boolean allows(@Nullable String origin, @Nullable String host) {
    if (origin == null) {
      return true;
    }
    String lower = origin.toLowerCase(Locale.ROOT);
    if (allowed.contains(lower)) {
      return true;
    }
    URI uri;
    try {
      uri = URI.create(lower);
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (uri.getHost() == null) {
      return false;
    }
    boolean sameHost =
        host != null && Objects.equals(uri.getAuthority(), host.toLowerCase(Locale.ROOT));
    return sameHost || (local && LOOPBACK.contains(uri.getHost()));
  }
}
