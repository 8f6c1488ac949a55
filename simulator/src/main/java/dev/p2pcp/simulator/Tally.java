package dev.p2pcp.simulator;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is seen from outside: copies on all disks, what can be read, what the index counts. */
final class Tally {
  /** Pages that are opened each hour. */
  static final int READS = 20;

  /** Failures of which the words are kept. */
  private static final int FAILURES = 100;

  private final Scenario scenario;
  private final List<SimAgent> agents;
  private final List<Sample> samples = new ArrayList<>();
  private final Map<String, Integer> failures = new TreeMap<>();
  private Set<StorageKey> online = new HashSet<>();
  private Bytes digest = Bytes.EMPTY;
  private long reads;
  private long readsPossible;
  private long readsDone;
  private int cleared;
  private int kills;
  private long turns;
  private long ledgers;
  private long ledgersUnequal;

  Tally(Scenario scenario, List<SimAgent> agents) {
    this.scenario = scenario;
    this.agents = agents;
  }

  /**
   * One hour.
   *
   * @param millis since the days began
   * @param agentsOnline tabs that are open
   * @param blocks blocks of items
   * @param copies copies of them on all disks
   * @param copiesOnline copies on disks of open tabs
   * @param readable blocks of which a copy is online
   * @param atRisk blocks with one copy left
   * @param lost blocks without a copy
   * @param bytes sent and received by all since the beginning
   */
  record Sample(
      long millis,
      int agentsOnline,
      int blocks,
      long copies,
      long copiesOnline,
      int readable,
      int atRisk,
      int lost,
      long bytes) {}

  Sample sample(long millis) {
    Map<StorageKey, int[]> counts = new HashMap<>();
    int blocks = 0;
    for (SimAgent agent : agents) {
      for (StorageKey key : agent.items().values()) {
        counts.put(key, new int[2]);
        blocks++;
      }
    }
    int agentsOnline = 0;
    long bytes = 0;
    for (SimAgent agent : agents) {
      int here = agent.isOnline() ? 1 : 0;
      agentsOnline += here;
      bytes += agent.transport().bytes();
      for (StorageKey key : agent.blocks()) {
        int[] count = counts.get(key);
        if (count != null) {
          count[0]++;
          count[1] += here;
        }
      }
    }
    Sample sample = summed(millis, agentsOnline, blocks, counts, bytes);
    samples.add(sample);
    digest = Sha256.hash(Bytes.concat(digest, Bytes.utf8(sample.toString()))).bytes();
    return sample;
  }

  private Sample summed(
      long millis, int agentsOnline, int blocks, Map<StorageKey, int[]> counts, long bytes) {
    long copies = 0;
    long copiesOnline = 0;
    int readable = 0;
    int atRisk = 0;
    int lost = 0;
    Set<StorageKey> now = new HashSet<>();
    for (Map.Entry<StorageKey, int[]> entry : counts.entrySet()) {
      int[] count = entry.getValue();
      copies += count[0];
      copiesOnline += count[1];
      atRisk += count[0] == 1 ? 1 : 0;
      lost += count[0] == 0 ? 1 : 0;
      if (count[1] > 0) {
        readable++;
        now.add(entry.getKey());
      }
    }
    online = now;
    return new Sample(
        millis, agentsOnline, blocks, copies, copiesOnline, readable, atRisk, lost, bytes);
  }

  /** Whether a copy of the block was online at the last sample. */
  boolean isOnline(StorageKey key) {
    return online.contains(key);
  }

  /** A page was opened. */
  void read(boolean possible, boolean done) {
    reads++;
    readsPossible += possible ? 1 : 0;
    readsDone += done ? 1 : 0;
  }

  void cleared() {
    cleared++;
  }

  /** The index was killed, and knows again what it knew of so many ledgers but for so many. */
  void killed(long all, long unequal) {
    kills++;
    ledgers += all;
    ledgersUnequal += unequal;
  }

  /** Something that a person would have been told of. */
  void failed(String doing, Exception why) {
    String words = doing + ": " + why;
    if (failures.containsKey(words) || failures.size() < FAILURES) {
      failures.merge(words, 1, Integer::sum);
    }
  }

  void finish(long all) {
    turns = all;
    String last = turns + " " + reads + " " + readsDone + " " + failures;
    digest = Sha256.hash(Bytes.concat(digest, Bytes.utf8(last))).bytes();
  }

  /** Turns that tasks took. */
  long turns() {
    return turns;
  }

  Scenario scenario() {
    return scenario;
  }

  List<Sample> samples() {
    return List.copyOf(samples);
  }

  Map<String, Integer> failures() {
    return failures;
  }

  /** Stands for the whole run: the same seed gives the same. */
  String digest() {
    return digest.hex();
  }

  long reads() {
    return reads;
  }

  /** Pages that could be read, as a copy was online within the hour. */
  long readsPossible() {
    return readsPossible;
  }

  long readsDone() {
    return readsDone;
  }

  int clearedCount() {
    return cleared;
  }

  int kills() {
    return kills;
  }

  long ledgers() {
    return ledgers;
  }

  long ledgersUnequal() {
    return ledgersUnequal;
  }
}
