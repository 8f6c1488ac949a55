package dev.p2pcp.server.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.SocketInterceptorConfig;

/**
 * Where a member listens, whom it seeks, and when it gives another up. Members are served on their
 * own interface and nothing else is: no client, no REST, no multicast.
 */
final class MemberNetwork {
  /**
   * A member that says nothing for so long is gone, in seconds; a killed one is noticed at once.
   */
  private static final int SILENCE = 8;

  private static final int CONNECT = 3;

  private MemberNetwork() {}

  static void set(Config config, ClusterSettings settings) {
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.socket.client.bind", "true");
    // Who joins must come from the address that he names.
    config.setProperty("hazelcast.nio.tcp.spoofing.checks", "true");
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
    config.setProperty("hazelcast.max.no.heartbeat.seconds", Integer.toString(SILENCE));
    String reunion = Long.toString(settings.reunion().toSeconds());
    config.setProperty("hazelcast.merge.first.run.delay.seconds", reunion);
    config.setProperty("hazelcast.merge.next.run.delay.seconds", reunion);
    ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig();
    endpoint.setPort(settings.port()).setPortAutoIncrement(false);
    endpoint.getInterfaces().setEnabled(true).addInterface(settings.networkInterface());
    endpoint.setSocketInterceptorConfig(new SocketInterceptorConfig().setEnabled(true));
    config.getAdvancedNetworkConfig().setEnabled(true).setMemberEndpointConfig(endpoint);
    join(config.getAdvancedNetworkConfig().getJoin(), settings);
  }

  private static void join(JoinConfig join, ClusterSettings settings) {
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig()
        .setEnabled(!settings.members().isEmpty())
        .setConnectionTimeoutSeconds(CONNECT)
        .setMembers(settings.members());
    if (!settings.kubernetesDns().isEmpty()) {
      join.getKubernetesConfig()
          .setEnabled(true)
          .setProperty("service-dns", settings.kubernetesDns())
          .setProperty("service-port", Integer.toString(settings.port()));
    }
  }
}
