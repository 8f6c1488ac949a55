package dev.p2pcp.server.location;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One step on many buckets at once. Fingerprints come grouped by bucket; each bucket takes its own.
 */
final class LocationProcessor
    implements EntryProcessor<Integer, LocationBucket, int[]>, HazelcastInstanceAware {
  /** Pairs that one bucket may hold; more are refused. */
  static final int BUCKET_LIMIT = 2_000_000;

  /** Peers told of one fingerprint, dead ones included. */
  static final int FOUND_LIMIT = 256;

  private static final int[] NOTHING = {};

  /** What a step does and answers. */
  enum Action {
    /** Answers how many were new, and how many did not fit. */
    ADD,
    /** Answers how many were there. */
    REMOVE,
    /** Answers, for each fingerprint, a count and the peer numbers. */
    FIND
  }

  private final Action action;
  private final int peer;
  private final int[] buckets;
  private final long[][] prints;
  private @Nullable LocalBuckets local;

  /**
   * A step.
   *
   * @param action what to do
   * @param peer the peer number to add or remove
   * @param buckets the keys of the buckets concerned, rising
   * @param prints for each of them, the fingerprints
   */
  LocationProcessor(Action action, int peer, int[] buckets, long[][] prints) {
    this.action = action;
    this.peer = peer;
    this.buckets = buckets;
    this.prints = prints;
  }

  static LocationProcessor read(ObjectDataInput in) throws IOException {
    Action action = Action.valueOf(Objects.requireNonNull(in.readString()));
    int peer = in.readInt();
    int[] buckets = Objects.requireNonNull(in.readIntArray());
    long[][] prints = new long[in.readInt()][];
    for (int i = 0; i < prints.length; i++) {
      prints[i] = Objects.requireNonNull(in.readLongArray());
    }
    return new LocationProcessor(action, peer, buckets, prints);
  }

  /** The keys of the buckets concerned. */
  Set<Integer> buckets() {
    return Arrays.stream(buckets).boxed().collect(Collectors.toSet());
  }

  void write(ObjectDataOutput out) throws IOException {
    out.writeString(action.name());
    out.writeInt(peer);
    out.writeIntArray(buckets);
    out.writeInt(prints.length);
    for (long[] own : prints) {
      out.writeLongArray(own);
    }
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    local = LocalBuckets.of(instance);
  }

  @Override
  @SuppressWarnings(
      "NullAway") // An entry that is not there has no value, and one without a value is removed.
  public int[] process(Map.Entry<Integer, LocationBucket> entry) {
    @Nullable LocationBucket known = entry.getValue();
    long[] own = own(entry.getKey());
    if (known == null && action != Action.ADD) {
      return action == Action.FIND ? new int[own.length] : NOTHING;
    }
    LocationBucket bucket = known == null ? new LocationBucket() : known;
    if (local != null) {
      local.note(entry.getKey(), bucket);
    }
    int before = bucket.size();
    int[] answer =
        switch (action) {
          case ADD -> add(bucket, own);
          case REMOVE -> new int[] {bucket.remove(own, peer)};
          case FIND -> find(bucket, own);
        };
    if (bucket.size() != before) {
      entry.setValue(bucket.size() == 0 ? null : bucket);
    }
    return answer;
  }

  /** The copy on another member takes the same step, unless there is nothing to change. */
  @Override
  public @Nullable EntryProcessor<Integer, LocationBucket, int[]> getBackupProcessor() {
    return action == Action.FIND ? null : this;
  }

  private long[] own(int bucket) {
    return prints[Arrays.binarySearch(buckets, bucket)];
  }

  private int[] add(LocationBucket bucket, long[] own) {
    int added = bucket.add(own, peer, BUCKET_LIMIT);
    int refused = 0;
    if (bucket.size() >= BUCKET_LIMIT) {
      for (long print : own) {
        refused += bucket.has(print, peer) ? 0 : 1;
      }
    }
    return new int[] {added, refused};
  }

  private static int[] find(LocationBucket bucket, long[] own) {
    int[][] found = new int[own.length][];
    int length = own.length;
    for (int i = 0; i < own.length; i++) {
      found[i] = bucket.find(own[i], FOUND_LIMIT);
      length += found[i].length;
    }
    int[] answer = new int[length];
    int at = 0;
    for (int[] peers : found) {
      answer[at++] = peers.length;
      System.arraycopy(peers, 0, answer, at, peers.length);
      at += peers.length;
    }
    return answer;
  }
}
