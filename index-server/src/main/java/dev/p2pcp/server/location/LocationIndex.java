package dev.p2pcp.server.location;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.MapPartitionLostListener;
import com.hazelcast.partition.Partition;
import com.hazelcast.partition.PartitionService;
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
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Who says that he has a block. A location is a keyed fingerprint of the storage key and the number
 * of a session, in a bucket for each partition of the cluster. Two keys may share a fingerprint: a
 * wrong location is harmless, since whoever follows it verifies what comes. Locations count while
 * their session is on the roster; the sweep frees the room of others later.
 */
@Component
public class LocationIndex {
  /** Name of the buckets' map in the cluster. */
  public static final String MAP = "locations";

  /**
   * Partitions of the cluster, and so buckets. Each step on many costs something for every one, so
   * few are better; still several for each member of a cluster of the size that is meant here.
   */
  public static final int PARTITIONS = 31;

  /** Stands for the answer of another member. */
  private static final List<PeerId> UNKNOWN = new ArrayList<>(0);

  /**
   * An announce that was given up may still be entered after its peer has gone, so one sweep is not
   * enough.
   */
  private static final int SWEEPS = 2;

  private final IMap<Integer, LocationBucket> map;
  private final LocalBuckets local;
  private final Notices notices;

  /** Keys of the buckets, rising. */
  private final int[] buckets;

  private final Roster roster;
  private final Members members;
  private final Fingerprint fingerprint;
  private final LocationWaves waves;
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
    this.map = hazelcast.getMap(MAP);
    this.local = LocalBuckets.of(hazelcast);
    this.notices = new Notices(hazelcast.getMap(Notices.MAP));
    this.buckets = bucketKeys(hazelcast.getPartitionService());
    this.waves = new LocationWaves(map, buckets, owned(hazelcast.getPartitionService()));
    this.roster = roster;
    this.members = members;
    this.fingerprint = new Fingerprint(secret.bytes());
    Gauge.builder("p2pcp.locations", count, AtomicLong::get)
        .description("Locations announced by the agents of this member")
        .register(meters);
  }

  /** For each partition the least number that falls into it and is it modulo their count. */
  private static int[] bucketKeys(PartitionService service) {
    int count = service.getPartitions().size();
    int[] keys = new int[count];
    for (int partition = 0; partition < count; partition++) {
      int key = partition;
      while (service.getPartition(key).getPartitionId() != partition) {
        key += count;
      }
      keys[partition] = key;
    }
    Arrays.sort(keys);
    return keys;
  }

  /** Whether a member has the bucket of a key now. */
  private static IntPredicate owned(PartitionService service) {
    Partition[] partitions =
        service.getPartitions().stream()
            .sorted(Comparator.comparingInt(Partition::getPartitionId))
            .toArray(Partition[]::new);
    return key -> partitions[key % partitions.length].getOwner() != null;
  }

  /** What agents posted to be found while they are away. */
  public Notices notices() {
    return notices;
  }

  /** Tells when locations are lost since all members that kept them are gone. */
  public void onLost(Runnable listener) {
    MapPartitionLostListener losses = loss -> listener.run();
    map.addPartitionLostListener(losses);
  }

  /** The session of that number is over, and with it its locations. */
  public void forget(int number) {
    gone.put(number, SWEEPS);
    Integer had = announced.remove(number);
    count.addAndGet(had == null ? 0 : -had);
  }

  /** Blocks of these storage keys are with the peer. */
  public Mono<Announced> announce(int number, List<StorageKey> keys) {
    return keys.isEmpty()
        ? Mono.just(new Announced(0, 0))
        : Mono.<Announced>create(
                sink -> waves.add(new LocationStep.Add(number, prints(keys), buckets.length, sink)))
            .doOnNext(announced -> counted(number, announced.added()));
  }

  /** Blocks of these storage keys no longer are; answers how many were. */
  public Mono<Integer> withdraw(int number, List<StorageKey> keys) {
    return keys.isEmpty()
        ? Mono.just(0)
        : Mono.<Integer>create(
                sink ->
                    waves.add(new LocationStep.Remove(number, prints(keys), buckets.length, sink)))
            .doOnNext(removed -> counted(number, -removed));
  }

  /** Connected peers for each storage key, in its order, at most {@link Limits#LOCATIONS} each. */
  public Mono<List<List<PeerId>>> lookup(List<StorageKey> keys) {
    List<List<PeerId>> found = new ArrayList<>(keys.size());
    List<StorageKey> elsewhere = read(keys, found);
    return elsewhere.isEmpty()
        ? Mono.just(found)
        : ask(elsewhere).map(answers -> filled(found, answers.iterator()));
  }

  /** Adds what is known here, or {@link #UNKNOWN}, for each; answers of which it is unknown. */
  private List<StorageKey> read(List<StorageKey> keys, List<List<PeerId>> found) {
    List<StorageKey> elsewhere = new ArrayList<>();
    for (StorageKey key : keys) {
      long print = fingerprint.of(key);
      Optional<LocationBucket> here =
          local.find(buckets[LocationStep.bucket(print, buckets.length)]);
      int[] numbers =
          here.isPresent() ? here.get().read(print, LocationProcessor.FOUND_LIMIT) : null;
      if (numbers == null) {
        elsewhere.add(key);
        found.add(UNKNOWN);
      } else {
        found.add(connected(numbers));
      }
    }
    return elsewhere;
  }

  @SuppressWarnings("ReferenceEquality") // The very list that stands for what is not known.
  private static List<List<PeerId>> filled(
      List<List<PeerId>> found, Iterator<List<PeerId>> answers) {
    found.replaceAll(peers -> peers == UNKNOWN ? answers.next() : peers);
    return found;
  }

  /** Asks the members that have the buckets. */
  private Mono<List<List<PeerId>>> ask(List<StorageKey> keys) {
    return Mono.<int[][]>create(
            sink -> waves.add(new LocationStep.Find(prints(keys), buckets.length, sink)))
        .map(found -> Arrays.stream(found).map(this::connected).toList());
  }

  /**
   * Frees the room of locations whose sessions are over: each member looks for its own, and one for
   * those of members that are gone. Blocks; not for event loops.
   */
  public void sweep() {
    int[] sessions = gone.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    int[] departed = members.leads() ? members.departed() : new int[0];
    if (sessions.length > 0 || departed.length > 0) {
      map.executeOnEntries(new SweepProcessor(sessions, departed));
    }
    for (int session : sessions) {
      gone.computeIfPresent(session, (number, sweeps) -> sweeps == 1 ? null : sweeps - 1);
    }
  }

  private List<PeerId> connected(int[] numbers) {
    List<PeerId> connected = new ArrayList<>();
    for (int i = 0; i < numbers.length && connected.size() < Limits.LOCATIONS; i++) {
      roster.at(numbers[i]).map(Seat::peer).ifPresent(connected::add);
    }
    return List.copyOf(connected);
  }

  private void counted(int number, int more) {
    announced.merge(number, more, Integer::sum);
    count.addAndGet(more);
  }

  private long[] prints(List<StorageKey> keys) {
    return keys.stream().mapToLong(fingerprint::of).toArray();
  }
}
