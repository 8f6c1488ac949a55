package dev.p2pcp.simulator;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.PeerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** What is seen from outside: copies on all disks, what can be read, what the index counts. */
final class Tally {
  /** Pages that are opened each hour. */
  static final int READS = 20;

  private static final int HOURS = 24;

  /** Failures of which the words are kept. */
  private static final int FAILURES = 100;

  private final Scenario scenario;
  private final List<SimAgent> agents;
  private final Census census;
  private final Justice justice;
  private final List<Sample> samples = new ArrayList<>();
  private final Map<String, Integer> failures = new TreeMap<>();
  private Bytes digest = Bytes.EMPTY;
  private long reads;
  private long readsPossible;
  private long readsDone;
  private int cleared;
  private int kills;
  private long turns;
  private final Map<Integer, Long> convicts = new HashMap<>();
  private final Map<PeerId, long[]> audits = new HashMap<>();
  private final List<Amnesia.Outcome> relearnt = new ArrayList<>();
  private Operator.Outcome outcome = Operator.Outcome.NONE;
  private int auditedHour;
  private long auditBytes;
  private long auditMost;
  private final Set<Integer> tried = new HashSet<>();
  private int caughtInTime;

  Tally(Scenario scenario, List<SimAgent> agents, Census census, Justice justice) {
    this.scenario = scenario;
    this.agents = agents;
    this.census = census;
    this.justice = justice;
  }

  /** What the index holds of people. */
  interface Justice {
    /** When it first took the agent for a cheater; empty if it does not. */
    OptionalLong foundGuilty(SimAgent agent);
  }

  /**
   * One hour.
   *
   * @param millis since the days began
   * @param agentsOnline tabs that are open
   * @param blocks blocks of items
   * @param copies copies of them on all disks
   * @param surplus of these copies those beyond the ones wanted of each block
   * @param copiesOnline copies on disks of open tabs
   * @param readable blocks of which a copy is online
   * @param atRisk blocks with one copy left
   * @param lost blocks without a copy
   * @param bytes sent and received by all since the beginning
   * @param written bytes of blocks that came to disks since the beginning
   * @param reads pages that were opened since the beginning
   * @param readsDone of them those that were read
   * @param caught cheaters of whom the index knows by now
   * @param accused others whom it takes for cheaters
   */
  record Sample(
      long millis,
      int agentsOnline,
      int blocks,
      long copies,
      long surplus,
      long copiesOnline,
      int readable,
      int atRisk,
      int lost,
      long bytes,
      long written,
      long reads,
      long readsDone,
      int caught,
      int accused) {}

  Sample sample(long millis) {
    int agentsOnline = 0;
    int accused = 0;
    long bytes = 0;
    for (SimAgent agent : agents) {
      agentsOnline += agent.isOnline() ? 1 : 0;
      bytes += agent.transport().bytes();
      OptionalLong guilty = justice.foundGuilty(agent);
      accused += guilty.isPresent() && agent.cheat().isEmpty() ? 1 : 0;
      if (guilty.isPresent() && agent.cheat().isPresent()) {
        convicts.putIfAbsent(agent.number(), guilty.getAsLong());
      }
    }
    judge(millis + World.SETTLED);
    sumAudits();
    Sample sample =
        new Sample(
            millis,
            agentsOnline,
            census.blocks(),
            census.copies(),
            census.copiesBeyond(scenario.data().copies()),
            census.copiesOnline(),
            census.readable(),
            census.atRisk(),
            census.lost(),
            bytes,
            census.written(),
            reads,
            readsDone,
            convicts.size(),
            accused);
    samples.add(sample);
    digest = Sha256.hash(Bytes.concat(digest, Bytes.utf8(sample.toString()))).bytes();
    return sample;
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

  /** The index was killed, and knows again what those who are online could tell. */
  void killed() {
    kills++;
  }

  /** What the index counts after that is compared with what it would count otherwise. */
  void relearnt(Amnesia.Outcome outcome) {
    relearnt.add(outcome);
  }

  /** Something that a person would have been told of. */
  void failed(String doing, Exception why) {
    String words = doing + ": " + why;
    if (failures.containsKey(words) || failures.size() < FAILURES) {
      failures.merge(words, 1, Integer::sum);
    }
  }

  /** What an operator with many accounts came to. */
  void operated(Operator.Outcome what) {
    outcome = what;
    digest = Sha256.hash(Bytes.concat(digest, Bytes.utf8(what.toString()))).bytes();
  }

  /** As {@link #operated}. */
  Operator.Outcome outcome() {
    return outcome;
  }

  void finish(long all) {
    turns = all;
    String last = turns + " " + reads + " " + readsDone + " " + failures;
    digest = Sha256.hash(Bytes.concat(digest, Bytes.utf8(last))).bytes();
  }

  /** Times that the last copy of a block went. */
  long losses() {
    return census.losses();
  }

  /** Counts those who have cheated for a day now, and who of them is caught. */
  private void judge(long ticks) {
    for (SimAgent agent : agents) {
      OptionalLong since = agent.cheat().map(Cheat::since).orElse(OptionalLong.empty());
      if (since.isPresent()
          && ticks - since.getAsLong() >= World.DAY
          && tried.add(agent.number())) {
        long caught = convicts.getOrDefault(agent.number(), Long.MAX_VALUE);
        caughtInTime += caught <= since.getAsLong() + World.DAY ? 1 : 0;
      }
    }
  }

  /** An audit cost the peer so many bytes. */
  void audited(PeerId peer, int bytes) {
    auditBytes += bytes;
    long[] hours = audits.computeIfAbsent(peer, p -> new long[HOURS]);
    hours[auditedHour % HOURS] += bytes;
  }

  /** The hour is over. */
  private void sumAudits() {
    auditedHour++;
    for (long[] hours : audits.values()) {
      auditMost = Math.max(auditMost, Arrays.stream(hours).sum());
      hours[auditedHour % HOURS] = 0;
    }
  }

  /** Bytes of all audits since the beginning. */
  long auditBytes() {
    return auditBytes;
  }

  /** The most that audits came to for one peer in any 24 hours. */
  long auditMost() {
    return auditMost;
  }

  int cheaters() {
    return (int) agents.stream().filter(agent -> agent.cheat().isPresent()).count();
  }

  /** Cheaters who did something to be caught with at least a day before the end. */
  int tried() {
    return tried.size();
  }

  /** Those of {@link #tried} who were caught within a day of their first deed. */
  int caughtInTime() {
    return caughtInTime;
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

  /** How ledgers compared after each time that the index forgot them. */
  List<Amnesia.Outcome> relearnt() {
    return List.copyOf(relearnt);
  }

  long ledgers() {
    return relearnt.stream().mapToLong(Amnesia.Outcome::ledgers).sum();
  }

  long ledgersUnequal() {
    return relearnt.stream().mapToLong(Amnesia.Outcome::unequal).sum();
  }

  /** Entries of ledgers that waited for who was away, over all comparisons. */
  long entriesWaiting() {
    return relearnt.stream().mapToLong(Amnesia.Outcome::waiting).sum();
  }

  /** Entries that were the same. */
  long entriesEqual() {
    return relearnt.stream().mapToLong(Amnesia.Outcome::entries).sum();
  }

  /** Entries that began or ended while the index learnt. */
  long entriesChanged() {
    return relearnt.stream().mapToLong(Amnesia.Outcome::changed).sum();
  }
}
