package dev.p2pcp.server.http;

import dev.p2pcp.server.admission.Settings;
import java.net.URI;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/** Where this server can be reached from outside: as the operator says, else as it was asked. */
@Component
class PublicOrigin {
  private final String configured;

  PublicOrigin(Settings settings) {
    this.configured = settings.publicOrigin();
  }

  String of(ServerHttpRequest request) {
    if (!configured.isEmpty()) {
      return configured;
    }
    URI uri = request.getURI();
    return uri.getScheme() + "://" + uri.getAuthority();
  }
}
