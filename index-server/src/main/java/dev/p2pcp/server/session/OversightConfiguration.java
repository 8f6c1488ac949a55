package dev.p2pcp.server.session;

import dev.p2pcp.index.Ledgers;
import dev.p2pcp.index.Oversight;
import dev.p2pcp.index.Signing;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Entropy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What this member finds out about the agents that are connected to it. */
@Configuration
class OversightConfiguration {
  @Bean
  Oversight oversight(Ledgers ledgers, Signing signing, Entropy entropy, Clock clock) {
    return new Oversight(ledgers, signing, entropy, clock);
  }
}
