package dev.p2pcp.server.session;

import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

/** Puts the endpoint at its path, before the site. */
@Configuration(proxyBeanMethods = false)
class AgentRoute {
  @Bean
  SimpleUrlHandlerMapping agentMapping(AgentEndpoint endpoint) {
    return new SimpleUrlHandlerMapping(Map.of("/agent", endpoint), Ordered.HIGHEST_PRECEDENCE);
  }
}
