package dev.p2pcp.server.site;

import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

/** Puts the site behind everything else. */
@Configuration(proxyBeanMethods = false)
class SiteRoute {
  @Bean
  SimpleUrlHandlerMapping siteMapping(SiteHandler site) {
    return new SimpleUrlHandlerMapping(Map.of("/**", site), Ordered.LOWEST_PRECEDENCE);
  }
}
