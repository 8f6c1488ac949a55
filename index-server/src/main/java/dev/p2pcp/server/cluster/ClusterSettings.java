package dev.p2pcp.server.cluster;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * How this process finds the other members of its cluster. Without any of it, it is a cluster of
 * its own that nobody can join.
 *
 * @param members addresses of members, {@code host:port} each, this one or not; not all need to be
 *     up
 * @param kubernetesDns name of a headless service whose addresses are the members
 * @param networkInterface address or pattern ({@code 10.0.*.*}) of the private interface on which
 *     members talk
 * @param port on which this member talks to the others; 0 for any free one
 * @param reunion how often members that were parted look for each other; whole seconds
 * @param secret what all members share and nobody else may know; at least 32 characters
 */
@ConfigurationProperties("p2pcp.cluster")
public record ClusterSettings(
    @DefaultValue List<String> members,
    @DefaultValue("") String kubernetesDns,
    @Name("interface") @DefaultValue("127.0.0.1") String networkInterface,
    @DefaultValue("0") int port,
    @DefaultValue("5s") Duration reunion,
    @DefaultValue("") String secret) {
  private static final int SECRET_LENGTH = 32;
  private static final int MOST_MEMBERS = 64;
  private static final int LAST_PORT = 65_535;

  /** Refuses settings with which members would not find each other, or strangers would. */
  public ClusterSettings {
    members = members.stream().map(String::strip).filter(member -> !member.isEmpty()).toList();
    require(members.size() <= MOST_MEMBERS, "members: at most " + MOST_MEMBERS);
    require(port >= 0 && port <= LAST_PORT, "port: 0 to " + LAST_PORT);
    require(reunion.toSeconds() > 0, "reunion: at least 1s");
    require(!networkInterface.isBlank(), "interface: an address of this machine");
    require(
        secret.isEmpty() || secret.length() >= SECRET_LENGTH,
        "secret: at least " + SECRET_LENGTH + " characters; openssl rand -base64 32 makes one");
    require(members.isEmpty() || kubernetesDns.isEmpty(), "members or kubernetes-dns, not both");
    boolean finds = !members.isEmpty() || !kubernetesDns.isEmpty();
    require(!finds || !secret.isEmpty(), "secret: needed to find other members");
    require(!finds || port > 0, "port: needed, so that others find this member");
  }

  private static void require(boolean right, String what) {
    if (!right) {
      throw new IllegalArgumentException("p2pcp.cluster." + what);
    }
  }

  /** Without the secret, which must not get into a log. */
  @Override
  public String toString() {
    return "ClusterSettings" + members + kubernetesDns + " " + networkInterface + ":" + port;
  }
}
