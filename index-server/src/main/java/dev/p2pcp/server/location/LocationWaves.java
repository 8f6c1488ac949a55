package dev.p2pcp.server.location;

import com.hazelcast.map.IMap;
import dev.p2pcp.server.location.LocationProcessor.Share;
import dev.p2pcp.server.location.LocationStep.Action;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Sends steps to the buckets in waves: what comes while waves are under way goes with the next, as
 * one operation of Hazelcast with its backups and its changes of threads, which cost far more than
 * a step. Who comes when nothing is under way never waits for others. A session has one step at a
 * time, and lookups over HTTP are few at a time, so that never more wait than there are of both;
 * steps of one session keep their order. No thread of the server waits for the members.
 */
final class LocationWaves {
  /** Fingerprints from which on a wave is full, so that no partition is busy for long. */
  static final int FULL = 16_384;

  private static final int UNDER_WAY = 2;

  /** A wave that takes longer, as a member is gone, holds up no other. */
  private static final Duration PATIENCE = Duration.ofMillis(250);

  /** After which a wave is given up. */
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final IMap<Integer, LocationBucket> map;

  /** Keys of the buckets, rising. */
  private final int[] keys;

  private final IntPredicate owned;
  private final Deque<LocationStep> waiting = new ArrayDeque<>();
  private int underWay;

  /**
   * Waves to buckets of that map.
   *
   * @param owned whether a member has the bucket of that key now
   */
  LocationWaves(IMap<Integer, LocationBucket> map, int[] keys, IntPredicate owned) {
    this.map = map;
    this.keys = keys;
    this.owned = owned;
  }

  /** Takes a step that has fingerprints; never waits. */
  void add(LocationStep step) {
    synchronized (this) {
      waiting.addLast(step);
    }
    next();
  }

  private void next() {
    List<LocationStep> wave = new ArrayList<>();
    synchronized (this) {
      if (underWay >= UNDER_WAY) {
        return;
      }
      for (int size = 0; size < FULL && !waiting.isEmpty(); ) {
        LocationStep step = waiting.removeFirst();
        if (!step.isForgotten()) {
          size += step.size();
          wave.add(step);
        }
      }
      if (wave.isEmpty()) {
        return;
      }
      underWay++;
    }
    send(wave);
  }

  private void send(List<LocationStep> wave) {
    AtomicBoolean over = new AtomicBoolean();
    Disposable late =
        Schedulers.parallel()
            .schedule(() -> ended(over), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    LocationProcessor processor = processor(wave);
    Set<Integer> buckets = processor.buckets();
    Mono<Map<Integer, int[]>> sent =
        Mono.fromCompletionStage(() -> map.submitToKeys(buckets, processor));
    // Hazelcast makes its caller wait while a partition has no owner, as when parted members merge.
    Mono.defer(
            () ->
                buckets.stream().allMatch(owned::test)
                    ? sent
                    : sent.subscribeOn(Schedulers.boundedElastic()))
        .timeout(DEADLINE)
        .doFinally(
            signal -> {
              late.dispose();
              ended(over);
            })
        .subscribe(
            answers -> answered(wave, answers), fault -> wave.forEach(step -> step.failed(fault)));
  }

  private void ended(AtomicBoolean over) {
    if (over.compareAndSet(false, true)) {
      synchronized (this) {
        underWay--;
      }
      next();
    }
  }

  private LocationProcessor processor(List<LocationStep> wave) {
    List<Share> shares = new ArrayList<>(keys.length);
    int[] runs = new int[2 * wave.size()];
    for (int bucket = 0; bucket < keys.length; bucket++) {
      int count = 0;
      int length = 0;
      for (int step = 0; step < wave.size(); step++) {
        int own = wave.get(step).count(bucket);
        if (own > 0) {
          runs[length++] = step;
          runs[length++] = own;
          count += own;
        }
      }
      if (count > 0) {
        shares.add(share(bucket, wave, Arrays.copyOf(runs, length), count));
      }
    }
    return new LocationProcessor(
        wave.stream().map(step -> step.action).toArray(Action[]::new),
        wave.stream().mapToInt(step -> step.peer).toArray(),
        shares.toArray(Share[]::new));
  }

  private Share share(int bucket, List<LocationStep> wave, int[] runs, int count) {
    long[] prints = new long[count];
    int at = 0;
    for (int run = 0; run < runs.length; run += 2) {
      wave.get(runs[run]).copy(bucket, prints, at);
      at += runs[run + 1];
    }
    return new Share(keys[bucket], runs, prints);
  }

  private void answered(List<LocationStep> wave, Map<Integer, int[]> answers) {
    for (int bucket = 0; bucket < keys.length; bucket++) {
      int at = 0;
      for (LocationStep step : wave) {
        if (step.count(bucket) > 0) {
          at = step.take(bucket, Objects.requireNonNull(answers.get(keys[bucket])), at);
        }
      }
    }
    wave.forEach(LocationStep::done);
  }
}
