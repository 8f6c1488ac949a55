package dev.p2pcp.server.admission;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;

/** What is believed of what a proxy says about who asks. */
@Configuration(proxyBeanMethods = false)
class ProxyConfiguration {
  /**
   * Not all proxies take these out of what a client sends, nor set them, and Spring prefers the
   * first to what they do set: with it anybody could say that he asks from anywhere.
   */
  private static final List<String> CLIENTS = List.of("Forwarded", "X-Forwarded-Prefix");

  @Bean
  @ConditionalOnProperty(name = "server.forward-headers-strategy", havingValue = "framework")
  ForwardedHeaderTransformer forwardedHeaderTransformer() {
    return new ForwardedHeaderTransformer() {
      @Override
      public ServerHttpRequest apply(ServerHttpRequest request) {
        return super.apply(
            CLIENTS.stream().anyMatch(request.getHeaders()::containsHeader)
                ? request.mutate().headers(ProxyConfiguration::drop).build()
                : request);
      }
    };
  }

  private static void drop(HttpHeaders headers) {
    CLIENTS.forEach(headers::remove);
  }
}
