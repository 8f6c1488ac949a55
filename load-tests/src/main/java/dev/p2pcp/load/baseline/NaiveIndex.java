package dev.p2pcp.load.baseline;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.multimap.MultiMap;
import com.sun.management.OperatingSystemMXBean;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.load.Keys;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An index as one would write it at first, in a member without network: storage key to peer in an
 * {@code IMap} of bytes, and in a {@code MultiMap} of text. It has no sessions and decodes nothing,
 * so that its figures are a floor.
 */
public final class NaiveIndex {
  /**
   * Begins the line with the figures: microseconds and bytes of an entry, for {@code IMap}, then
   * for {@code MultiMap}.
   */
  public static final String RESULT = "naive index ";

  private static final int ENTRIES = 600_000;
  private static final int WARM_UP = 200_000;
  private static final int BATCH = 1_000;
  private static final byte[] PEER = Keys.bytes(-1);
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private NaiveIndex() {}

  /** Adds so many entries from that number on. */
  @FunctionalInterface
  private interface Announce {
    void batch(long from) throws Exception;
  }

  @SuppressWarnings("SystemOut") // The bench reads this line.
  public static void main(String[] arguments) throws Exception {
    Config config = new Config();
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "none");
    config.getMetricsConfig().setEnabled(false);
    config.getJetConfig().setEnabled(false);
    config.getNetworkConfig().setPort(0).getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    config.getMapConfig("imap").setBackupCount(0).setStatisticsEnabled(false);
    config.getMultiMapConfig("multimap").setBackupCount(0).setStatisticsEnabled(false);
    HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
    IMap<byte[], byte[]> map = member.getMap("imap");
    double[] ofMap = measure(from -> map.putAll(batch(from)));
    map.destroy();
    MultiMap<String, String> multiMap = member.getMultiMap("multimap");
    String peer = Bytes.wrap(PEER).base64Url();
    double[] ofMultiMap =
        measure(
            from -> {
              for (int i = 0; i < BATCH; i++) {
                boolean _ = multiMap.put(Keys.of(from + i).toString(), peer);
              }
            });
    System.out.printf(
        Locale.ROOT,
        "%s%.3f %.1f %.3f %.1f%n",
        RESULT,
        ofMap[0],
        ofMap[1],
        ofMultiMap[0],
        ofMultiMap[1]);
    System.exit(0);
  }

  private static Map<byte[], byte[]> batch(long from) {
    Map<byte[], byte[]> batch = HashMap.newHashMap(BATCH);
    for (int i = 0; i < BATCH; i++) {
      batch.put(Keys.bytes(from + i), PEER);
    }
    return batch;
  }

  private static double[] measure(Announce announce) throws Exception {
    run(announce, 0, WARM_UP);
    long heap = heap();
    long cpu = SYSTEM.getProcessCpuTime();
    run(announce, WARM_UP, ENTRIES);
    double micros = (SYSTEM.getProcessCpuTime() - cpu) / (double) TimeUnit.MICROSECONDS.toNanos(1);
    return new double[] {micros / ENTRIES, (heap() - heap) / (double) ENTRIES};
  }

  private static void run(Announce announce, long from, int count) throws Exception {
    for (long number = from; number < from + count; number += BATCH) {
      announce.batch(number);
    }
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
