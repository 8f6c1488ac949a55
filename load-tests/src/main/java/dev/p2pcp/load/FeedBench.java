package dev.p2pcp.load;

import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.feed.Feed;
import dev.p2pcp.feed.FeedPart;
import dev.p2pcp.feed.LeafHasher;
import dev.p2pcp.feed.Runs;
import dev.p2pcp.feed.StoreShelf;
import dev.p2pcp.graph.NameSet;
import dev.p2pcp.graph.ReconcileMessage;
import dev.p2pcp.graph.Reconciliation;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Platform;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Feeds and graphs on one thread: appending in batches into segments, blocks and a signed head, in
 * memory; verifying parts as a stream brings them, from bytes with their proofs; and what it takes
 * to reconcile two sets. The baseline is the platform's SHA-256 over the same bytes in the same
 * round. Seconds are of this thread's processor time; figures are medians.
 */
final class FeedBench implements Bench.Benchmark {
  private static final int KIB = 1024;
  private static final int ENTRIES = 40_000;
  private static final int BATCH = 1_000;

  /** Entries of one KiB in a part of a stream. */
  private static final int PART = 200;

  private static final int LONG = 64 * KIB;
  private static final int LONG_ENTRIES = 640;

  /** Entries of 64 KiB in a part. */
  private static final int LONG_PART = 3;

  private static final int WARM_UP = 2;
  private static final int ROUNDS = 5;
  private static final int MILLION = 1_000_000;
  private static final int NAMES = 100_000;
  private static final int DIFFERENT = 100;

  private final Crypto crypto = new JvmCrypto();
  private final Platform platform =
      new Platform(
          new JvmClock(),
          new JvmEntropy(),
          new VirtualThreadTasks(
              new JvmClock(),
              (task, cause) -> {
                throw new IllegalStateException(task, cause);
              }),
          crypto);
  private final Random random = new Random(1);

  @Override
  public String run(List<String> arguments) throws Exception {
    Figures figures = new Figures("feed");
    List<Bytes> entries = entries(ENTRIES, KIB);
    List<Bytes> longs = entries(LONG_ENTRIES, LONG);
    double[] append = new double[ROUNDS];
    double[] verify = new double[ROUNDS];
    double[] ratio = new double[ROUNDS];
    double[] shortRatio = new double[ROUNDS];
    double[] sha = new double[ROUNDS];
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      double before = cpuSeconds();
      Feed feed = fed(entries, BATCH);
      double appended = cpuSeconds() - before;
      double plain = hashing(entries);
      double verified = verifying(parts(feed, PART));
      double longPlain = hashing(longs);
      double longVerified = verifying(parts(fed(longs, LONG_PART), LONG_PART));
      if (round >= 0) {
        append[round] = ENTRIES / appended;
        verify[round] = ENTRIES / verified;
        shortRatio[round] = plain / verified;
        ratio[round] = longPlain / longVerified;
        sha[round] = (double) LONG_ENTRIES * LONG / longPlain / 1e6;
      }
      System.out.printf(
          Locale.ROOT,
          "append %.0f/s, verify %.0f/s, 64 KiB at %.2f of SHA-256%n",
          ENTRIES / appended,
          ENTRIES / verified,
          longPlain / longVerified);
    }
    figures
        .add("append_per_s", StoreBench.median(append), 0)
        .add("verify_per_s", StoreBench.median(verify), 0)
        .add("verify_ratio", StoreBench.median(ratio), 2)
        .add("verify_ratio_1kib", StoreBench.median(shortRatio), 2)
        .add("baseline_sha256_mb_per_s", StoreBench.median(sha), 0);
    million(figures);
    reconcile(figures);
    return figures.json();
  }

  private Feed fed(List<Bytes> entries, int batch) throws Exception {
    MemoryBlockStore store = new MemoryBlockStore(1L << 32);
    Feed feed = Feed.own(platform, new StoreShelf(store, crypto), key());
    for (int at = 0; at < entries.size(); at += batch) {
      feed.append(entries.subList(at, Math.min(entries.size(), at + batch)));
    }
    return feed;
  }

  /** Encoded parts that have all entries, as they come over a link. */
  private static List<Bytes> parts(Feed feed, int entries) throws Exception {
    List<Bytes> parts = new ArrayList<>();
    long length = feed.head().length();
    for (long from = 0; from < length; from += entries) {
      Runs runs = Runs.of(from, Math.min(length, from + entries));
      parts.add(feed.prove(feed.snapshot(), runs).encoded());
    }
    return parts;
  }

  /** Decodes and verifies each part; the head they share is verified once. */
  private double verifying(List<Bytes> parts) throws Exception {
    double before = cpuSeconds();
    LeafHasher leaves = new LeafHasher(crypto);
    Optional<Bytes> head = Optional.empty();
    for (Bytes encoded : parts) {
      FeedPart part = FeedPart.decode(encoded);
      boolean known = head.filter(part.head().encoded()::equals).isPresent();
      if (!part.fits(leaves) || !(known || part.head().isGenuine(crypto))) {
        throw new IllegalStateException("a genuine part is refused");
      }
      head = Optional.of(part.head().encoded());
    }
    return cpuSeconds() - before;
  }

  private double hashing(List<Bytes> entries) {
    double before = cpuSeconds();
    for (Bytes entry : entries) {
      crypto.sha256(entry);
    }
    return cpuSeconds() - before;
  }

  private void million(Figures figures) throws Exception {
    MemoryBlockStore store = new MemoryBlockStore(1L << 32);
    StoreShelf shelf = new StoreShelf(store, crypto);
    Crypto.SigningKey key = key();
    Feed feed = Feed.own(platform, shelf, key);
    List<Bytes> batch = entries(10_000, 64);
    for (int i = 0; i < MILLION / batch.size(); i++) {
      feed.append(batch);
    }
    long before = System.nanoTime();
    Feed opened = Feed.of(platform, shelf, key.publicKey());
    double millis = (System.nanoTime() - before) / 1e6;
    int most = 0;
    for (int i = 0; i < 200; i++) {
      long index = i == 0 ? 0 : random.nextInt(MILLION);
      FeedPart part = opened.prove(opened.snapshot(), Runs.of(index, index + 1));
      most = Math.max(most, part.proof().size());
    }
    figures.add("proof_hashes_max", most, 0).add("reopen_million_ms", millis, 1);
  }

  private void reconcile(Figures figures) throws Exception {
    List<Hash> all = new ArrayList<>();
    for (int i = 0; i < NAMES + DIFFERENT / 2; i++) {
      byte[] name = new byte[Hash.LENGTH];
      random.nextBytes(name);
      all.add(new Hash(Bytes.wrap(name)));
    }
    Collections.shuffle(all, random);
    Set<Hash> here = new HashSet<>(all.subList(0, NAMES));
    Set<Hash> there = new HashSet<>(all.subList(DIFFERENT / 2, all.size()));
    int bytes = 0;
    int messages = 0;
    double before = cpuSeconds();
    Optional<ReconcileMessage> next = Optional.of(side(here).begin(platform.entropy()));
    while (next.isPresent()) {
      Bytes encoded = next.get().encoded();
      bytes += encoded.length();
      messages++;
      Reconciliation.Step step = side(there).take(ReconcileMessage.decode(encoded));
      here.addAll(step.send());
      next = step.reply();
      Set<Hash> turned = here;
      here = there;
      there = turned;
    }
    double took = cpuSeconds() - before;
    if (!here.equals(there) || here.size() != all.size()) {
      throw new IllegalStateException("the sets differ still");
    }
    figures
        .add("reconcile_bytes", bytes, 0)
        .add("reconcile_messages", messages, 0)
        .add("reconcile_cpu_ms", 1000 * took, 0);
  }

  private Reconciliation side(Set<Hash> names) {
    return new Reconciliation(NameSet.Sorted.of(names), crypto.hasher());
  }

  private Crypto.SigningKey key() {
    return crypto.signingKey(platform.entropy().bytes(32));
  }

  private List<Bytes> entries(int count, int length) {
    List<Bytes> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] entry = new byte[length];
      random.nextBytes(entry);
      entries.add(Bytes.wrap(entry));
    }
    return entries;
  }

  private static double cpuSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }
}
