package dev.p2pcp.server.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.ExecutorConfig;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import dev.p2pcp.index.SessionNumber;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.server.account.Accounts;
import dev.p2pcp.server.account.LedgerMerge;
import dev.p2pcp.server.account.LedgerSerializers;
import dev.p2pcp.server.location.LocalBuckets;
import dev.p2pcp.server.location.LocationIndex;
import dev.p2pcp.server.location.LocationMerge;
import dev.p2pcp.server.location.LocationSerializers;
import dev.p2pcp.server.location.Notices;
import dev.p2pcp.server.topic.TopicQuery;
import dev.p2pcp.server.topic.Topics;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The embedded member. It keeps everything in memory, calls no home, and reads no Java
 * serialisation.
 */
@Configuration(proxyBeanMethods = false)
class HazelcastConfiguration {
  /**
   * Ledgers that one member keeps; beyond it, those unused for longest are forgotten and relearned
   * at login.
   */
  private static final int ACCOUNTS = 500_000;

  /** Copies of everything beside the first, so that one member may be lost at any moment. */
  private static final int BACKUPS = 1;

  /** Entries that travel at once when members that were parted are together again. */
  private static final int MERGE_BATCH = 20;

  /** Numbers that are tried until one is free; two members draw the same once in 8 000 times. */
  private static final int DRAWS = 8;

  @Bean(destroyMethod = "shutdown")
  HazelcastInstance hazelcast(
      ClusterSettings settings,
      ClusterSecret secret,
      Entropy entropy,
      ObjectProvider<MemberAttribute> attributes) {
    Config config = config(settings, secret);
    MemberProof proof = new MemberProof(secret.memberKey(ClusterSecret.VERSION), entropy);
    attributes.forEach(
        attribute ->
            config.getMemberAttributeConfig().setAttribute(attribute.name(), attribute.value()));
    for (int draw = 0; draw < DRAWS; draw++) {
      int number = 1 + entropy.below(SessionNumber.MOST_MEMBERS);
      config.getMemberAttributeConfig().setAttribute(Members.NUMBER, Integer.toString(number));
      HazelcastInstance instance =
          HazelcastInstanceFactory.newHazelcastInstance(config, null, new ProvenMembers(proof));
      if (Members.isFree(number, instance)) {
        return instance;
      }
      instance.shutdown();
    }
    throw new IllegalStateException("no free member number was drawn");
  }

  private static Config config(ClusterSettings settings, ClusterSecret secret) {
    Config config = new Config();
    config.setClusterName(secret.clusterName(ClusterSecret.VERSION));
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "slf4j");
    // Else every line has the name of the cluster, which nobody else may know.
    config.setProperty("hazelcast.logging.details.enabled", "false");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty("hazelcast.health.monitoring.level", "OFF");
    config.setProperty("hazelcast.partition.count", Integer.toString(LocationIndex.PARTITIONS));
    config.setProperty("hazelcast.operation.generic.thread.count", "2");
    config.setProperty("hazelcast.io.thread.count", "1");
    config.setProperty("hazelcast.graceful.shutdown.max.wait", "8");
    config.getMetricsConfig().setEnabled(false);
    config.getJetConfig().setEnabled(false);
    config.getIntegrityCheckerConfig().setEnabled(false);
    MemberNetwork.set(config, settings);
    serialization(config);
    config.addMapConfig(
        map(Accounts.MAP, LedgerMerge.class)
            .setEvictionConfig(
                new EvictionConfig()
                    .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
                    .setSize(ACCOUNTS)
                    .setEvictionPolicy(EvictionPolicy.LRU)));
    config.addMapConfig(map(LocationIndex.MAP, LocationMerge.class));
    config.addMapConfig(
        new MapConfig(Notices.MAP)
            .setBackupCount(BACKUPS)
            .setStatisticsEnabled(false)
            .setEvictionConfig(
                new EvictionConfig()
                    .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
                    .setSize(Notices.MOST)
                    .setEvictionPolicy(EvictionPolicy.LRU)));
    LocalBuckets.addTo(config, LocationIndex.PARTITIONS);
    config.addExecutorConfig(
        new ExecutorConfig(Notes.EXECUTOR)
            .setPoolSize(1)
            .setQueueCapacity(Notes.WAITING)
            .setStatisticsEnabled(false));
    config.addExecutorConfig(
        new ExecutorConfig(Topics.EXECUTOR)
            .setPoolSize(1)
            .setQueueCapacity(Topics.WAITING)
            .setStatisticsEnabled(false));
    return config;
  }

  private static MapConfig map(String name, Class<?> merge) {
    return new MapConfig(name)
        .setMergePolicyConfig(new MergePolicyConfig(merge.getName(), MERGE_BATCH))
        .setInMemoryFormat(InMemoryFormat.OBJECT)
        .setBackupCount(BACKUPS)
        .setStatisticsEnabled(false);
  }

  private static void serialization(Config config) {
    config.getSerializationConfig().setJavaSerializationFilterConfig(ExceptionFilter.config());
    config.getSerializationConfig().setEnableSharedObject(false);
    LedgerSerializers.addTo(config.getSerializationConfig());
    LocationSerializers.addTo(config.getSerializationConfig());
    config
        .getSerializationConfig()
        .addSerializerConfig(
            new SerializerConfig()
                .setTypeClass(Note.class)
                .setImplementation(new Note.Serializer()))
        .addSerializerConfig(
            new SerializerConfig()
                .setTypeClass(TopicQuery.class)
                .setImplementation(new TopicQuery.Serializer()));
  }
}
