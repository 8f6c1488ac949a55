package dev.p2pcp.server.location;

import com.hazelcast.config.Config;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.partition.MigrationListener;
import com.hazelcast.partition.MigrationState;
import com.hazelcast.partition.ReplicaMigrationEvent;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The buckets that lie on this member, one for each partition, to be read by any of its threads
 * without an operation of Hazelcast. The key of a bucket is that of its partition, modulo the
 * number of partitions. Each step on a bucket notes it here; what has moved away is forgotten. One
 * that is noted and out of date leaves out locations for seconds at most, as a member that is lost
 * does.
 */
public final class LocalBuckets implements MigrationListener {
  private static final String NAME = "p2pcp.locations";

  /**
   * How long a bucket counts without a step on it: when members that were parted merge, buckets are
   * exchanged unseen.
   */
  private static final long NOTED_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final AtomicReferenceArray<LocationBucket> buckets;
  private final AtomicLongArray noted;

  private LocalBuckets(int partitions) {
    this.buckets = new AtomicReferenceArray<>(partitions);
    this.noted = new AtomicLongArray(partitions);
  }

  /** Lets a member of a cluster with so many partitions note its buckets. */
  public static void addTo(Config config, int partitions) {
    LocalBuckets local = new LocalBuckets(partitions);
    config.getUserContext().put(NAME, local);
    config.addListenerConfig(new ListenerConfig(local));
  }

  static LocalBuckets of(HazelcastInstance instance) {
    return (LocalBuckets) Objects.requireNonNull(instance.getUserContext().get(NAME));
  }

  /** This is the bucket of that key, as of now. */
  void note(int key, LocationBucket bucket) {
    int partition = key % buckets.length();
    buckets.setRelease(partition, bucket);
    noted.setRelease(partition, System.nanoTime());
  }

  /** Steps to come note them again. */
  void forgetAll() {
    for (int partition = 0; partition < buckets.length(); partition++) {
      buckets.set(partition, null);
    }
  }

  /** The bucket of that key, which this member leads or has a copy of; empty if unsure. */
  Optional<LocationBucket> find(int key) {
    int partition = key % buckets.length();
    LocationBucket bucket = buckets.getAcquire(partition);
    boolean sure = System.nanoTime() - noted.getAcquire(partition) < NOTED_NANOS;
    return sure ? Optional.ofNullable(bucket) : Optional.empty();
  }

  @Override
  public void replicaMigrationCompleted(ReplicaMigrationEvent moved) {
    buckets.set(moved.getPartitionId(), null);
  }

  @Override
  public void replicaMigrationFailed(ReplicaMigrationEvent moved) {
    buckets.set(moved.getPartitionId(), null);
  }

  @Override
  public void migrationStarted(MigrationState state) {}

  @Override
  public void migrationFinished(MigrationState state) {}
}
