package dev.p2pcp.server.cluster;

import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Entropy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The ports of the core, on the JVM. */
@Configuration(proxyBeanMethods = false)
class PlatformConfiguration {
  @Bean
  Crypto crypto() {
    return new JvmCrypto();
  }

  @Bean
  Clock clock() {
    return new JvmClock();
  }

  @Bean
  Entropy entropy() {
    return new JvmEntropy();
  }
}
