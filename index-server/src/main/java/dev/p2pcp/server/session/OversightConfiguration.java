package dev.p2pcp.server.session;

import dev.p2pcp.index.Oversight;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Entropy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What this member finds out about the agents that are connected to it. */
@Configuration
class OversightConfiguration {
  @Bean
  Oversight oversight(DeskPorts ports, Entropy entropy, Clock clock) {
    return new Oversight(ports, ports, entropy, clock);
  }
}
