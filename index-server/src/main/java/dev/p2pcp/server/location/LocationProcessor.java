package dev.p2pcp.server.location;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One step on many buckets at once. Fingerprints come grouped by bucket; each bucket takes its own.
 */
final class LocationProcessor implements EntryProcessor<Integer, LocationBucket, int[]> {
  /** Pairs that one bucket may hold; more are refused. */
  static final int BUCKET_LIMIT = 200_000;

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

  /**
   * A step.
   *
   * @param action what to do
   * @param peer the peer number to add or remove
   * @param buckets the buckets concerned, rising
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
  @SuppressWarnings(
      "NullAway") // An entry that is not there has no value, and one without a value is removed.
  public int[] process(Map.Entry<Integer, LocationBucket> entry) {
    @Nullable LocationBucket known = entry.getValue();
    if (action == Action.FIND) {
      return known == null ? new int[own(entry.getKey()).length] : find(known, own(entry.getKey()));
    }
    if (known == null && action != Action.ADD) {
      return NOTHING;
    }
    LocationBucket bucket = known == null ? new LocationBucket() : known;
    int[] answer =
        switch (action) {
          case ADD -> add(bucket, own(entry.getKey()));
          case REMOVE -> remove(bucket, own(entry.getKey()));
          case FIND -> throw new IllegalStateException("answered above");
        };
    entry.setValue(bucket.size() == 0 ? null : bucket);
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
    int added = 0;
    int refused = 0;
    for (long print : own) {
      if (bucket.size() >= BUCKET_LIMIT) {
        refused++;
      } else if (bucket.add(print, peer)) {
        added++;
      }
    }
    return new int[] {added, refused};
  }

  private int[] remove(LocationBucket bucket, long[] own) {
    int removed = 0;
    for (long print : own) {
      removed += bucket.remove(print, peer) ? 1 : 0;
    }
    return new int[] {removed};
  }

  private static int[] find(LocationBucket bucket, long[] own) {
    int[] answer = new int[own.length * (1 + FOUND_LIMIT)];
    int at = 0;
    for (long print : own) {
      int[] found = bucket.find(print, FOUND_LIMIT);
      answer[at++] = found.length;
      System.arraycopy(found, 0, answer, at, found.length);
      at += found.length;
    }
    return Arrays.copyOf(answer, at);
  }
}
