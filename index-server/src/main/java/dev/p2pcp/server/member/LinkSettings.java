package dev.p2pcp.server.member;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where links of other members arrive, on the cluster's interface.
 *
 * @param port 0 for any free one: the others are told
 */
@ConfigurationProperties("p2pcp.cluster.link")
public record LinkSettings(@DefaultValue("0") int port) {
  private static final int LAST_PORT = 65_535;

  /** Refuses what is no port. */
  public LinkSettings {
    if (port < 0 || port > LAST_PORT) {
      throw new IllegalArgumentException("p2pcp.cluster.link.port: 0 to " + LAST_PORT);
    }
  }
}
