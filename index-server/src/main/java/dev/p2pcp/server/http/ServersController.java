package dev.p2pcp.server.http;

import dev.p2pcp.server.admission.Settings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells agents and the site which index servers there are. */
@RestController
@Tag(name = "Servers", description = "Index servers that agents can log in at")
class ServersController {
  private final PublicOrigin origin;
  private final Settings settings;

  ServersController(PublicOrigin origin, Settings settings) {
    this.origin = origin;
    this.settings = settings;
  }

  /** Origins, this server's first. */
  record Servers(List<String> indexServers) {}

  @GetMapping("/config.json")
  @Operation(summary = "Origins of this index server and of others that its operator knows")
  ResponseEntity<Servers> servers(ServerHttpRequest request) {
    Set<String> origins = new LinkedHashSet<>();
    origins.add(origin.of(request));
    origins.addAll(settings.knownServers());
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noCache())
        .body(new Servers(new ArrayList<>(origins)));
  }
}
