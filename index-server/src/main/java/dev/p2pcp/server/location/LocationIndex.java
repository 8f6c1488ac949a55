package dev.p2pcp.server.location;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.MapPartitionLostListener;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Locations.Announced;
import dev.p2pcp.server.cluster.ClusterSecret;
import dev.p2pcp.server.cluster.Members;
import dev.p2pcp.server.cluster.Roster;
import dev.p2pcp.server.cluster.Seat;
import dev.p2pcp.wire.Limits;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Who says that he has a block. A location is a keyed fingerprint of the storage key and the number
 * of a session, in one of {@value #BUCKETS} buckets. Two keys may share a fingerprint: a wrong
 * location is harmless, since whoever follows it verifies what comes. Locations count while their
 * session is on the roster; the sweep frees the room of others later.
 */
@Component
public class LocationIndex {
  /** Name of the buckets' map in the cluster. */
  public static final String MAP = "locations";

  private static final int BUCKETS = 271;

  /**
   * An announce that was given up may still be entered after its peer has gone, so one sweep is not
   * enough.
   */
  private static final int SWEEPS = 2;

  private final IMap<Integer, LocationBucket> buckets;
  private final Roster roster;
  private final Members members;
  private final Fingerprint fingerprint;
  private final AtomicLong count = new AtomicLong();

  /** How many locations each session here has announced. */
  private final Map<Integer, Integer> announced = new ConcurrentHashMap<>();

  /** Numbers of peers that have gone lately, and how many sweeps still look for them. */
  private final Map<Integer, Integer> gone = new ConcurrentHashMap<>();

  LocationIndex(
      HazelcastInstance hazelcast,
      ClusterSecret secret,
      Roster roster,
      Members members,
      MeterRegistry meters) {
    this.buckets = hazelcast.getMap(MAP);
    this.roster = roster;
    this.members = members;
    this.fingerprint = new Fingerprint(secret.bytes());
    Gauge.builder("p2pcp.locations", count, AtomicLong::get)
        .description("Locations announced by the agents of this member")
        .register(meters);
  }

  /** Tells when locations are lost since all members that kept them are gone. */
  public void onLost(Runnable listener) {
    MapPartitionLostListener losses = loss -> listener.run();
    buckets.addPartitionLostListener(losses);
  }

  /** The session of that number is over, and with it its locations. */
  public void forget(int number) {
    gone.put(number, SWEEPS);
    Integer had = announced.remove(number);
    count.addAndGet(had == null ? 0 : -had);
  }

  /** Blocks of these storage keys are with the peer. */
  public Mono<Announced> announce(int number, List<StorageKey> keys) {
    return submit(LocationProcessor.Action.ADD, number, keys)
        .map(
            answers -> {
              int added = 0;
              int refused = 0;
              for (int[] answer : answers.values()) {
                added += answer[0];
                refused += answer[1];
              }
              counted(number, added);
              return new Announced(added, refused);
            });
  }

  /** Blocks of these storage keys no longer are; answers how many were. */
  public Mono<Integer> withdraw(int number, List<StorageKey> keys) {
    return submit(LocationProcessor.Action.REMOVE, number, keys)
        .map(
            answers ->
                answers.values().stream()
                    .mapToInt(answer -> answer.length == 0 ? 0 : answer[0])
                    .sum())
        .doOnNext(removed -> counted(number, -removed));
  }

  /** Connected peers for each storage key, in its order, at most {@link Limits#LOCATIONS} each. */
  public Mono<List<List<PeerId>>> lookup(List<StorageKey> keys) {
    return submit(LocationProcessor.Action.FIND, 0, keys)
        .map(
            answers -> {
              Map<Integer, Integer> positions = new HashMap<>();
              List<List<PeerId>> found = new ArrayList<>();
              for (StorageKey key : keys) {
                int bucket = bucket(fingerprint.of(key));
                int[] answer = Objects.requireNonNull(answers.get(bucket));
                int at = positions.getOrDefault(bucket, 0);
                int count = answer[at];
                found.add(connected(answer, at + 1, count));
                positions.put(bucket, at + 1 + count);
              }
              return found;
            });
  }

  /**
   * Frees the room of locations whose sessions are over: each member looks for its own, and one for
   * those of members that are gone. Blocks; not for event loops.
   */
  public void sweep() {
    int[] sessions = gone.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    int[] departed = members.leads() ? members.departed() : new int[0];
    if (sessions.length > 0 || departed.length > 0) {
      buckets.executeOnEntries(new SweepProcessor(sessions, departed));
    }
    for (int session : sessions) {
      gone.computeIfPresent(session, (number, sweeps) -> sweeps == 1 ? null : sweeps - 1);
    }
  }

  private List<PeerId> connected(int[] answer, int from, int count) {
    List<PeerId> connected = new ArrayList<>();
    for (int i = from; i < from + count && connected.size() < Limits.LOCATIONS; i++) {
      roster.at(answer[i]).map(Seat::peer).ifPresent(connected::add);
    }
    return List.copyOf(connected);
  }

  private void counted(int number, int more) {
    announced.merge(number, more, Integer::sum);
    count.addAndGet(more);
  }

  private Mono<Map<Integer, int[]>> submit(
      LocationProcessor.Action action, int number, List<StorageKey> keys) {
    if (keys.isEmpty()) {
      return Mono.just(Map.of());
    }
    return Mono.defer(
        () -> {
          TreeMap<Integer, long[]> grouped = new TreeMap<>();
          for (StorageKey key : keys) {
            long print = fingerprint.of(key);
            grouped.merge(bucket(print), new long[] {print}, LocationIndex::append);
          }
          int[] numbers = grouped.keySet().stream().mapToInt(Integer::intValue).toArray();
          long[][] prints = grouped.values().toArray(new long[0][]);
          return Mono.fromCompletionStage(
              buckets.submitToKeys(
                  grouped.keySet(), new LocationProcessor(action, number, numbers, prints)));
        });
  }

  private static int bucket(long print) {
    return (int) Long.remainderUnsigned(print & 0xffff_ffffL, BUCKETS);
  }

  private static long[] append(long[] some, long[] more) {
    long[] both = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, both, some.length, more.length);
    return both;
  }
}
