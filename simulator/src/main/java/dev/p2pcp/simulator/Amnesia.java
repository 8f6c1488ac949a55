package dev.p2pcp.simulator;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.LedgerCommand;
import dev.p2pcp.inprocess.LedgerWitness;
import dev.p2pcp.inprocess.MemoryIndex;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.ReceiptBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Compares what an index server that forgot everything counts with what one would count that forgot
 * nothing: a witness has the ledgers as they were when the server died, and is told all that is
 * told to the server from then on. Once all who are online have logged in again, both are to be
 * equal, entry for entry: the same copies of the same blocks with the same holders until the same
 * moment. An entry may be missing only if nobody who is online has a receipt of it on the disk:
 * neither the owner's device nor the holder's. Such an entry waits for either of them.
 *
 * <p>Beside that, entries that somebody online could prove both when the server died and in the end
 * are counted that the server had then and has no more, or the other way round: what people did
 * meanwhile is to be all of it.
 */
final class Amnesia implements LedgerWitness {
  /** Who is online for so long has logged in and told all, in milliseconds. */
  private static final long LOGIN = 60_000;

  private final Clock clock;
  private final MemoryIndex index;
  private final List<SimAgent> agents;
  private final Tally tally;
  private Map<AccountId, AccountLedger> witness = Map.of();
  private Map<AccountId, AccountLedger> before = Map.of();
  private Map<AccountId, Proven> provenBefore = Map.of();
  private int pending;

  Amnesia(Clock clock, MemoryIndex index, List<SimAgent> agents, Tally tally) {
    this.clock = clock;
    this.index = index;
    this.agents = agents;
    this.tally = tally;
    index.show(this);
  }

  /** A copy that counts until then. */
  private record Entry(StorageKey key, PeerId holder, long until) {}

  /**
   * Blocks of one owner of which receipts are on any disk, and receipts on those of who is here.
   */
  private record Proven(Set<StorageKey> keys, Set<Entry> here) {
    Proven() {
      this(new LinkedHashSet<>(), new HashSet<>());
    }
  }

  /**
   * Ledgers compared.
   *
   * @param ledgers of how many accounts
   * @param unequal of them those that differ in an entry that somebody who is online could prove
   * @param entries that are the same
   * @param waiting entries that nobody who is online could prove
   * @param changed entries that could be proven all the time, and began or ended meanwhile
   * @param differences some of those that make ledgers unequal, in words
   */
  record Outcome(
      int ledgers,
      int unequal,
      long entries,
      long waiting,
      long changed,
      List<String> differences) {}

  /** The server is about to die. */
  void begin() {
    if (pending++ == 0) {
      witness = index.ledgers();
      before = index.ledgers();
      provenBefore = proven();
    }
  }

  @Override
  public void entered(AccountId account, LedgerCommand command) {
    if (pending > 0) {
      command.apply(ledger(account), clock.now());
    }
  }

  private AccountLedger ledger(AccountId account) {
    return witness.computeIfAbsent(account, a -> new AccountLedger());
  }

  /** All who are online are back; unless the server died once more since. */
  void end() {
    if (--pending > 0) {
      return;
    }
    Map<AccountId, Proven> proven = proven();
    Map<AccountId, AccountLedger> after = index.ledgers();
    AccountLedger none = new AccountLedger();
    Count count = new Count();
    for (SimAgent agent : agents) {
      if (agent.hasBegun()) {
        AccountId account = agent.account();
        Proven of = proven.getOrDefault(account, new Proven());
        Set<Entry> expected = entries(ledger(account), of.keys);
        Set<Entry> counted = entries(after.getOrDefault(account, none), of.keys);
        count.compare("agent " + agent.number(), expected, counted, of.here);
        Set<Entry> earlier = entries(before.getOrDefault(account, none), of.keys);
        Set<Entry> both = new LinkedHashSet<>(of.here);
        both.retainAll(provenBefore.getOrDefault(account, new Proven()).here);
        count.changed +=
            both.stream().filter(one -> earlier.contains(one) != counted.contains(one)).count();
      }
    }
    tally.relearnt(count.outcome());
    witness = Map.of();
    before = Map.of();
  }

  /** Sums over accounts. */
  private static final class Count {
    private static final int WORDS = 20;

    private int ledgers;
    private int unequal;
    private long same;
    private long waiting;
    private long changed;
    private final List<String> differences = new ArrayList<>();

    void compare(String who, Set<Entry> expected, Set<Entry> counted, Set<Entry> provable) {
      boolean differs = false;
      for (Entry entry : expected) {
        if (counted.contains(entry)) {
          same++;
        } else if (provable.contains(entry)) {
          differs = true;
          say(who + " lacks " + entry);
        } else {
          waiting++;
        }
      }
      for (Entry entry : counted) {
        if (!expected.contains(entry)) {
          differs = true;
          say(who + " has " + entry);
        }
      }
      ledgers++;
      unequal += differs ? 1 : 0;
    }

    private void say(String words) {
      if (differences.size() < WORDS) {
        differences.add(words);
      }
    }

    Outcome outcome() {
      return new Outcome(ledgers, unequal, same, waiting, changed, List.copyOf(differences));
    }
  }

  private Set<Entry> entries(AccountLedger ledger, Set<StorageKey> keys) {
    Set<Entry> entries = new LinkedHashSet<>();
    for (StorageKey key : keys) {
      for (AccountLedger.Kept kept : ledger.copies(key, clock.now())) {
        entries.add(new Entry(key, kept.holder().peer(), kept.expires()));
      }
    }
    return entries;
  }

  /** By owner, what is on the disks. */
  private Map<AccountId, Proven> proven() {
    Map<AccountId, Proven> proven = new LinkedHashMap<>();
    Map<Bytes, ReceiptBatch> read = new HashMap<>();
    for (SimAgent agent : agents) {
      boolean isHere = agent.isThereFor(LOGIN);
      for (Bytes encoded : agent.receipts()) {
        ReceiptBatch batch = read.computeIfAbsent(encoded, Amnesia::decoded);
        Proven of = proven.computeIfAbsent(batch.header().owner(), owner -> new Proven());
        for (ReceiptBatch.Entry one : batch.entries()) {
          StorageKey key = one.terms().key();
          of.keys.add(key);
          if (isHere) {
            of.here.add(new Entry(key, batch.header().holder(), batch.header().expires()));
          }
        }
      }
    }
    return proven;
  }

  private static ReceiptBatch decoded(Bytes encoded) {
    ByteReader reader = new ByteReader(encoded);
    try {
      return Objects.requireNonNull(ReceiptBatch.read(reader));
    } catch (MalformedFrameException e) {
      throw new IllegalStateException("an agent wrote it", e);
    }
  }
}
