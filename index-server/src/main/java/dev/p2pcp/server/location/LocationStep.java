package dev.p2pcp.server.location;

import dev.p2pcp.index.Locations.Announced;
import java.util.Arrays;
import reactor.core.publisher.MonoSink;

/**
 * What one session wants of the buckets: fingerprints, grouped by the bucket that they fall into,
 * and what is to be done with them. Buckets answer in any order, one at a time.
 */
abstract sealed class LocationStep {
  /** What is done with each fingerprint. */
  enum Action {
    /** A bucket answers how many were new, and how many did not fit. */
    ADD(true),
    /** A bucket answers how many were there. */
    REMOVE(true),
    /** A bucket answers, for each fingerprint, a count and the peer numbers. */
    FIND(false);

    final boolean changes;

    Action(boolean changes) {
      this.changes = changes;
    }
  }

  final Action action;

  /** The peer number to add or remove. */
  final int peer;

  private final long[] prints;

  /** Where each of the fingerprints was before they were grouped. */
  private final int[] places;

  /** Where the group of each bucket begins; one more than there are buckets. */
  private final int[] starts;

  private LocationStep(Action action, int peer, long[] prints, int bucketCount) {
    this.action = action;
    this.peer = peer;
    this.starts = new int[bucketCount + 1];
    for (long print : prints) {
      starts[bucket(print, bucketCount) + 1]++;
    }
    for (int bucket = 0; bucket < bucketCount; bucket++) {
      starts[bucket + 1] += starts[bucket];
    }
    this.prints = new long[prints.length];
    this.places = new int[prints.length];
    int[] next = Arrays.copyOf(starts, bucketCount);
    for (int place = 0; place < prints.length; place++) {
      int at = next[bucket(prints[place], bucketCount)]++;
      this.prints[at] = prints[place];
      this.places[at] = place;
    }
  }

  /** Into which of so many buckets a fingerprint falls. */
  static int bucket(long print, int bucketCount) {
    return (int) Long.remainderUnsigned(print & 0xffff_ffffL, bucketCount);
  }

  /** Fingerprints in all. */
  int size() {
    return prints.length;
  }

  /** Fingerprints that fall into that bucket. */
  int count(int bucket) {
    return starts[bucket + 1] - starts[bucket];
  }

  /** Copies the fingerprints of that bucket. */
  void copy(int bucket, long[] to, int at) {
    System.arraycopy(prints, starts[bucket], to, at, count(bucket));
  }

  /** Takes a bucket's answer that begins there; where what follows it begins. */
  final int take(int bucket, int[] answer, int at) {
    int next = at;
    if (action != Action.FIND) {
      return took(0, answer, at);
    }
    for (int i = starts[bucket]; i < starts[bucket + 1]; i++) {
      next = took(places[i], answer, next);
    }
    return next;
  }

  /** Whether nobody waits for the answer any longer, so that nothing need be done. */
  boolean isForgotten() {
    return false;
  }

  abstract int took(int place, int[] answer, int at);

  /** All buckets have answered. */
  abstract void done();

  /** Not all buckets have answered, and they will not. */
  abstract void failed(Throwable fault);

  /** Announces. */
  static final class Add extends LocationStep {
    private final MonoSink<Announced> sink;
    private int added;
    private int refused;

    Add(int peer, long[] prints, int bucketCount, MonoSink<Announced> sink) {
      super(Action.ADD, peer, prints, bucketCount);
      this.sink = sink;
    }

    @Override
    int took(int place, int[] answer, int at) {
      added += answer[at];
      refused += answer[at + 1];
      return at + 2;
    }

    @Override
    void done() {
      sink.success(new Announced(added, refused));
    }

    @Override
    void failed(Throwable fault) {
      sink.error(fault);
    }
  }

  /** Withdraws. */
  static final class Remove extends LocationStep {
    private final MonoSink<Integer> sink;
    private int removed;

    Remove(int peer, long[] prints, int bucketCount, MonoSink<Integer> sink) {
      super(Action.REMOVE, peer, prints, bucketCount);
      this.sink = sink;
    }

    @Override
    int took(int place, int[] answer, int at) {
      removed += answer[at];
      return at + 1;
    }

    @Override
    void done() {
      sink.success(removed);
    }

    @Override
    void failed(Throwable fault) {
      sink.error(fault);
    }
  }

  /** Looks up; peer numbers for each fingerprint. */
  static final class Find extends LocationStep {
    private final MonoSink<int[][]> sink;
    private final int[][] found;
    private volatile boolean forgotten;

    Find(long[] prints, int bucketCount, MonoSink<int[][]> sink) {
      super(Action.FIND, 0, prints, bucketCount);
      this.sink = sink;
      this.found = new int[prints.length][];
      sink.onCancel(() -> forgotten = true);
    }

    @Override
    boolean isForgotten() {
      return forgotten;
    }

    @Override
    int took(int place, int[] answer, int at) {
      int end = at + 1 + answer[at];
      found[place] = Arrays.copyOfRange(answer, at + 1, end);
      return end;
    }

    @Override
    void done() {
      sink.success(found);
    }

    @Override
    void failed(Throwable fault) {
      sink.error(fault);
    }
  }
}
