package dev.p2pcp.load;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.load.baseline.NaiveLedger;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.SessionFrame;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An index server that starts empty, and agents that log in one after the other and bring all their
 * receipts under manifests: from encoded messages to ledgers, by the very desk of production with
 * true signatures, on one thread. Left out are sockets, and the way to another member of a cluster.
 *
 * <p>A round does the same naively: every batch verified whole, ledgers in maps. Rounds alternate;
 * figures are medians, and seconds are of this thread's processor time.
 */
final class LedgerBench implements Bench.Benchmark {
  private static final int AGENTS = 48;
  private static final int HELD = 4_096;
  private static final int WARM_UP = 2;
  private static final int ROUNDS = 3;

  /** Receipts in a batch: a full one, and what small rounds of placing come to. */
  private static final int[] BATCHES = {128, 32, 8};

  /** Signatures checked to know what one costs here now. */
  private static final int SIGNATURES = 500;

  private final Crypto crypto = new JvmCrypto();

  /** What one rebuild took, in seconds: all of it, the logins alone, and the median login. */
  private record Took(double all, double logins, double login) {}

  @Override
  public String run(List<String> arguments) {
    StringBuilder json = new StringBuilder("{\"bench\":\"ledger\"");
    for (int size : BATCHES) {
      // With smaller batches there is more to sign and to check: fewer agents take as long.
      int agents = AGENTS / (BATCHES[0] / size > 4 ? 4 : 1);
      LedgerVillage village = new LedgerVillage(crypto, agents, HELD, size);
      List<List<Bytes>> byHolders = village.messages(true);
      List<List<Bytes>> byOwners = village.messages(false);
      Took[] ours = new Took[ROUNDS];
      double[] both = new double[ROUNDS];
      double[] naive = new double[ROUNDS];
      for (int round = -WARM_UP; round < ROUNDS; round++) {
        double base = naive(byHolders, village.placements());
        Took took = rebuild(new LedgerDesk(crypto, village), byHolders);
        double all = both(village, byHolders, byOwners);
        if (round >= 0) {
          naive[round] = base;
          ours[round] = took;
          both[round] = all;
        }
      }
      json.append(figures(size, village, ours, both, naive));
    }
    json.append(String.format(Locale.ROOT, ",\"signature_check_us\":%.1f", signature()));
    return json.append(memory()).append('}').toString();
  }

  private String figures(
      int size, LedgerVillage village, Took[] ours, double[] both, double[] naive) {
    double all = median(ours, Took::all);
    double logins = median(ours, Took::logins);
    double login = median(ours, Took::login);
    double base = StoreBench.median(naive);
    int placements = village.placements();
    System.out.printf(
        Locale.ROOT,
        "batches of %d: %.0f placements/s (counted after %.0f %% of that time), login %.2f ms,"
            + " both sides bring %.0f/s, naive %.0f/s%n",
        size,
        placements / all,
        100 * logins / all,
        1_000 * login,
        placements / StoreBench.median(both),
        placements / base);
    String suffix = size == BATCHES[0] ? "" : "_batches_of_" + size;
    return String.format(
        Locale.ROOT,
        ",\"rebuild_placements_per_s%1$s\":%2$.0f,\"counted_placements_per_s%1$s\":%3$.0f,"
            + "\"both_sides_placements_per_s%1$s\":%4$.0f,\"login_verify_ms%1$s\":%5$.2f,"
            + "\"baseline_placements_per_s%1$s\":%6$.0f,\"cpu_us_per_placement%1$s\":%7$.3f,"
            + "\"baseline_cpu_us_per_placement%1$s\":%8$.3f",
        suffix,
        placements / all,
        placements / logins,
        placements / StoreBench.median(both),
        1_000 * login,
        placements / base,
        1e6 * all / placements,
        1e6 * base / placements);
  }

  private interface Part {
    double of(Took took);
  }

  private static double median(Took[] rounds, Part part) {
    double[] values = new double[rounds.length];
    for (int i = 0; i < rounds.length; i++) {
      values[i] = part.of(rounds[i]);
    }
    return StoreBench.median(values);
  }

  private static Took rebuild(LedgerDesk desk, List<List<Bytes>> agents) {
    double[] each = new double[agents.size()];
    double begun = cpuSeconds();
    double late = 0;
    for (int agent = 0; agent < agents.size(); agent++) {
      double before = cpuSeconds();
      desk.login(agent, agents.get(agent));
      double after = cpuSeconds();
      each[agent] = after - before;
      desk.verifyRest();
      late += cpuSeconds() - after;
    }
    double all = cpuSeconds() - begun;
    desk.requireAll();
    return new Took(all, all - late, StoreBench.median(each));
  }

  /** Every receipt is brought by its holder and by its owner. */
  private double both(
      LedgerVillage village, List<List<Bytes>> byHolders, List<List<Bytes>> byOwners) {
    List<List<Bytes>> all = new ArrayList<>();
    for (int agent = 0; agent < byHolders.size(); agent++) {
      all.add(byHolders.get(agent));
      all.add(byOwners.get(agent));
    }
    LedgerDesk desk = new LedgerDesk(crypto, village);
    double begun = cpuSeconds();
    for (int i = 0; i < all.size(); i++) {
      desk.login(i / 2, all.get(i));
      desk.verifyRest();
    }
    double took = cpuSeconds() - begun;
    desk.requireAll();
    return took;
  }

  private double naive(List<List<Bytes>> agents, int placements) {
    NaiveLedger ledger = new NaiveLedger();
    double begun = cpuSeconds();
    for (List<Bytes> messages : agents) {
      for (Bytes message : messages) {
        if (LedgerDesk.decoded(message) instanceof SessionFrame.Present present) {
          for (ReceiptBatch batch : present.batches()) {
            ledger.present(crypto, batch);
          }
        }
      }
    }
    double took = cpuSeconds() - begun;
    if (ledger.placements() != placements) {
      throw new IllegalStateException("the baseline lost placements");
    }
    return took;
  }

  /** What one signature costs to check, in microseconds. */
  private double signature() {
    Crypto.SigningKey key = crypto.signingKey(Bytes.wrap(new byte[32]));
    Bytes message = Bytes.wrap(new byte[148]);
    Signature right = key.sign(Domain.RECEIPT_OWNER, message);
    double begun = cpuSeconds();
    for (int i = 0; i < SIGNATURES; i++) {
      if (!crypto.verify(key.publicKey(), Domain.RECEIPT_OWNER, message, right)) {
        throw new IllegalStateException("a right signature is wrong");
      }
    }
    return 1e6 * (cpuSeconds() - begun) / SIGNATURES;
  }

  /** Memory per placement, counted after everything else is collected. */
  private String memory() {
    LedgerVillage village = new LedgerVillage(crypto, AGENTS, HELD, BATCHES[0]);
    List<List<Bytes>> agents = village.messages(true);
    NaiveLedger naive = new NaiveLedger();
    long empty = usedBytes();
    naive(naive, agents);
    double naively = (double) (usedBytes() - empty) / naive.placements();
    LedgerDesk desk = new LedgerDesk(crypto, village);
    for (int agent = 0; agent < agents.size(); agent++) {
      desk.login(agent, agents.get(agent));
    }
    desk.verifyRest();
    desk.requireAll();
    desk.forgetAllButLedgers();
    long with = usedBytes();
    int placements = desk.placements();
    desk.forgetLedgers();
    double ours = (double) (with - usedBytes()) / placements;
    System.out.printf(Locale.ROOT, "bytes per placement: %.1f, naive %.1f%n", ours, naively);
    return String.format(
        Locale.ROOT,
        ",\"bytes_per_placement\":%.1f,\"baseline_bytes_per_placement\":%.1f",
        ours,
        naively);
  }

  private void naive(NaiveLedger ledger, List<List<Bytes>> agents) {
    for (List<Bytes> messages : agents) {
      for (Bytes message : messages) {
        // A copy, so that what the ledger keeps of the message is counted.
        Bytes copy = Bytes.copyOf(message.toArray());
        if (LedgerDesk.decoded(copy) instanceof SessionFrame.Present present) {
          present.batches().forEach(batch -> ledger.present(crypto, batch));
        }
      }
    }
  }

  private static long usedBytes() {
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static double cpuSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }

  /** For {@link LedgerDesk}. */
  static Bytes encoded(SessionFrame frame) {
    return FrameCodec.encode(frame);
  }
}
