package dev.p2pcp.server.location;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import org.jspecify.annotations.Nullable;

/**
 * When members that were parted are together again: a location that either side knew is known. What
 * one side knew of the other's sessions it has dropped when they were parted, so nothing that is
 * over comes back.
 */
public final class LocationMerge
    implements SplitBrainMergePolicy<
            LocationBucket, MergingValue<LocationBucket>, @Nullable LocationBucket>,
        HazelcastInstanceAware {
  private @Nullable LocalBuckets local;

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    local = LocalBuckets.of(instance);
  }

  @Override
  public @Nullable LocationBucket merge(
      MergingValue<LocationBucket> merging, @Nullable MergingValue<LocationBucket> existing) {
    if (local != null) {
      local.forgetAll();
    }
    LocationBucket both = new LocationBucket();
    both.addAll(merging.getDeserializedValue(), LocationProcessor.BUCKET_LIMIT);
    if (existing != null) {
      both.addAll(existing.getDeserializedValue(), LocationProcessor.BUCKET_LIMIT);
    }
    return both.size() == 0 ? null : both;
  }

  @Override
  public void writeData(ObjectDataOutput out) {}

  @Override
  public void readData(ObjectDataInput in) {}
}
