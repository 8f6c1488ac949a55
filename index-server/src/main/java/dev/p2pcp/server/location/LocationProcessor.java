package dev.p2pcp.server.location;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import dev.p2pcp.server.location.LocationStep.Action;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Steps of several sessions on many buckets at once. Fingerprints come grouped by bucket, and by
 * step within it; each bucket takes its own and answers for its steps in their order.
 */
final class LocationProcessor
    implements EntryProcessor<Integer, LocationBucket, int[]>, HazelcastInstanceAware {
  /**
   * Pairs that one bucket may hold; more are refused. Members with unequal memory refuse at unequal
   * sizes, so that copies then differ by a few locations.
   */
  static final int BUCKET_LIMIT = bucketLimit(Runtime.getRuntime().maxMemory());

  /** Above, the tables of a bucket would be too large to grow while a partition waits. */
  private static final int MOST_PAIRS = 2_000_000;

  /** What a pair takes, on average between two sizes of the table that it is in. */
  private static final int PAIR_BYTES = 24;

  /** Peers told of one fingerprint, dead ones included. */
  static final int FOUND_LIMIT = 256;

  private static final Action[] ACTIONS = Action.values();

  /**
   * What this thread, which is that of a partition, did last: the copies of the bucket are to be
   * sent no more than that, and for them Hazelcast asks on the same thread, right afterwards.
   */
  private static final ThreadLocal<@Nullable LocationProcessor> DONE = new ThreadLocal<>();

  /** What is done in one bucket. */
  static final class Share {
    final int key;

    /** For each step concerned, its number and its count of fingerprints. */
    private final int[] runs;

    /** The fingerprints, step by step. */
    private final long[] prints;

    Share(int key, int[] runs, long[] prints) {
      this.key = key;
      this.runs = runs;
      this.prints = prints;
    }
  }

  /** What is done in each step, by its number. */
  private final Action[] actions;

  /** The peer number that each step adds or removes. */
  private final int[] peers;

  private final Share[] shares;
  private final boolean changes;
  private @Nullable LocalBuckets local;

  /** These steps on these buckets, whose keys rise. */
  LocationProcessor(Action[] actions, int[] peers, Share[] shares) {
    this.actions = actions;
    this.peers = peers;
    this.shares = shares;
    this.changes = Arrays.stream(actions).anyMatch(action -> action.changes);
  }

  /** Pairs in one bucket so that all together take a third of so many bytes of heap at most. */
  static int bucketLimit(long heap) {
    return (int) Math.min(MOST_PAIRS, heap / 3 / ((long) PAIR_BYTES * LocationIndex.PARTITIONS));
  }

  static LocationProcessor read(ObjectDataInput in) throws IOException {
    byte[] actions = Objects.requireNonNull(in.readByteArray());
    int[] peers = Objects.requireNonNull(in.readIntArray());
    Share[] shares = new Share[in.readInt()];
    for (int i = 0; i < shares.length; i++) {
      shares[i] =
          new Share(
              in.readInt(),
              Objects.requireNonNull(in.readIntArray()),
              Objects.requireNonNull(in.readLongArray()));
    }
    Action[] named = new Action[actions.length];
    Arrays.setAll(named, step -> ACTIONS[actions[step]]);
    return new LocationProcessor(named, peers, shares);
  }

  void write(ObjectDataOutput out) throws IOException {
    byte[] numbers = new byte[actions.length];
    for (int step = 0; step < numbers.length; step++) {
      numbers[step] = (byte) actions[step].ordinal();
    }
    out.writeByteArray(numbers);
    out.writeIntArray(peers);
    out.writeInt(shares.length);
    for (Share share : shares) {
      out.writeInt(share.key);
      out.writeIntArray(share.runs);
      out.writeLongArray(share.prints);
    }
  }

  /** The keys of the buckets concerned. */
  Set<Integer> buckets() {
    return Arrays.stream(shares).map(share -> share.key).collect(Collectors.toSet());
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
    LocationBucket bucket = known == null ? new LocationBucket() : known;
    Answer answer = new Answer();
    Share share = share(entry.getKey());
    boolean changed = run(share, bucket, answer);
    if (changes) {
      DONE.set(new LocationProcessor(actions, peers, new Share[] {share}));
    }
    if (changed) {
      entry.setValue(bucket.size() == 0 ? null : bucket);
    }
    if (local != null && (known != null || changed)) {
      local.note(entry.getKey(), bucket);
    }
    return answer.trimmed();
  }

  /** The copy on another member takes the same steps, unless there is nothing to change. */
  @Override
  @SuppressWarnings("ReferenceEquality") // Only the steps of this very processor.
  public @Nullable EntryProcessor<Integer, LocationBucket, int[]> getBackupProcessor() {
    if (!changes) {
      return null;
    }
    LocationProcessor done = DONE.get();
    return done != null && done.actions == actions ? done : this;
  }

  private Share share(int key) {
    int low = 0;
    int high = shares.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (shares[middle].key < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return shares[low];
  }

  /** Whether that changed the bucket. */
  private boolean run(Share share, LocationBucket bucket, Answer answer) {
    boolean changed = false;
    int from = 0;
    for (int run = 0; run < share.runs.length; run += 2) {
      int step = share.runs[run];
      int to = from + share.runs[run + 1];
      int peer = peers[step];
      switch (actions[step]) {
        case ADD -> {
          int added = bucket.add(share.prints, from, to, peer, BUCKET_LIMIT);
          answer.add(added);
          answer.add(refused(bucket, share.prints, from, to, peer));
          changed |= added > 0;
        }
        case REMOVE -> {
          int removed = bucket.remove(share.prints, from, to, peer);
          answer.add(removed);
          changed |= removed > 0;
        }
        case FIND -> {
          for (int i = from; i < to; i++) {
            answer.addAll(bucket.find(share.prints[i], FOUND_LIMIT));
          }
        }
      }
      from = to;
    }
    return changed;
  }

  private static int refused(LocationBucket bucket, long[] prints, int from, int to, int peer) {
    int refused = 0;
    if (bucket.size() >= BUCKET_LIMIT) {
      for (int i = from; i < to; i++) {
        refused += bucket.has(prints[i], peer) ? 0 : 1;
      }
    }
    return refused;
  }

  /** Grows as steps answer. */
  private static final class Answer {
    private static final int FEW = 16;

    private int[] numbers = new int[FEW];
    private int count;

    void add(int number) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count++] = number;
    }

    void addAll(int[] some) {
      add(some.length);
      for (int number : some) {
        add(number);
      }
    }

    int[] trimmed() {
      return Arrays.copyOf(numbers, count);
    }
  }
}
