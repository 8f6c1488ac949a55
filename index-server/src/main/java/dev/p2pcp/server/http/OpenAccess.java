package dev.p2pcp.server.http;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Info;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.reactive.config.CorsRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/**
 * Pages of any site may read and write blocks here: nothing depends on who asks, and no cookie is
 * ever sent.
 */
@Configuration(proxyBeanMethods = false)
@OpenAPIDefinition(
    info =
        @Info(
            title = "p2pcp index server",
            version = "v1",
            description = "Where blocks are, and reaching into the agents that keep them"))
class OpenAccess implements WebFluxConfigurer {
  private static final Duration PREFLIGHT = Duration.ofHours(2);

  @Override
  public void addCorsMappings(CorsRegistry registry) {
    open(registry, "/peers/**", "GET", "HEAD", "PUT");
    open(registry, "/config.json", "GET", "HEAD");
    open(registry, "/v3/api-docs", "GET", "HEAD");
  }

  private static void open(CorsRegistry registry, String path, String... methods) {
    CorsConfiguration open = new CorsConfiguration();
    open(open, methods);
    registry.addMapping(path).combine(open);
  }

  /** Pages of any site may use these methods. */
  static void open(CorsConfiguration access, String... methods) {
    access.setAllowedOrigins(List.of("*"));
    access.setAllowedMethods(List.of(methods));
    access.setAllowedHeaders(List.of("Content-Type"));
    access.setMaxAge(PREFLIGHT);
  }
}
