package dev.p2pcp.server.location;

import com.hazelcast.config.SerializationConfig;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import java.io.IOException;
import java.util.Objects;

/** How buckets of locations and the steps on them travel between members. */
public final class LocationSerializers {
  private static final int BUCKET_TYPE = 3;
  private static final int PROCESSOR_TYPE = 4;
  private static final int SWEEP_TYPE = 6;

  private LocationSerializers() {}

  /** Registers all. */
  public static void addTo(SerializationConfig config) {
    config.addSerializerConfig(
        new SerializerConfig().setTypeClass(LocationBucket.class).setImplementation(new Buckets()));
    config.addSerializerConfig(
        new SerializerConfig()
            .setTypeClass(LocationProcessor.class)
            .setImplementation(new Processors()));
    config.addSerializerConfig(
        new SerializerConfig().setTypeClass(SweepProcessor.class).setImplementation(new Sweeps()));
  }

  private static final class Buckets implements StreamSerializer<LocationBucket> {
    @Override
    public int getTypeId() {
      return BUCKET_TYPE;
    }

    @Override
    public void write(ObjectDataOutput out, LocationBucket bucket) throws IOException {
      out.writeLongArray(bucket.packedPrints());
      out.writeIntArray(bucket.packedPeers());
    }

    @Override
    public LocationBucket read(ObjectDataInput in) throws IOException {
      long[] prints = Objects.requireNonNull(in.readLongArray());
      int[] peers = Objects.requireNonNull(in.readIntArray());
      LocationBucket bucket = new LocationBucket();
      for (int i = 0; i < prints.length; i++) {
        bucket.add(prints[i], peers[i]);
      }
      return bucket;
    }
  }

  private static final class Processors implements StreamSerializer<LocationProcessor> {
    @Override
    public int getTypeId() {
      return PROCESSOR_TYPE;
    }

    @Override
    public void write(ObjectDataOutput out, LocationProcessor processor) throws IOException {
      processor.write(out);
    }

    @Override
    public LocationProcessor read(ObjectDataInput in) throws IOException {
      return LocationProcessor.read(in);
    }
  }

  private static final class Sweeps implements StreamSerializer<SweepProcessor> {
    @Override
    public int getTypeId() {
      return SWEEP_TYPE;
    }

    @Override
    public void write(ObjectDataOutput out, SweepProcessor processor) throws IOException {
      processor.write(out);
    }

    @Override
    public SweepProcessor read(ObjectDataInput in) throws IOException {
      return SweepProcessor.read(in);
    }
  }
}
