package dev.p2pcp.load;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.load.peer.VirtualPeer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;

/** Peers that announce, and look up what was announced, at the members of an index server. */
final class IndexLoad implements AutoCloseable {
  /** What one peer announces, the most that it may. */
  static final int KEYS_OF_PEER = 100_000;

  /** Peers that ask at the same time, and what each asks. */
  static final int ASKING = 32;

  static final int REQUESTS = 3_000;
  static final int LOOKUP_KEYS = 16;

  private static final int ROUNDS = 3;
  private static final int BATCH = 1_000;

  /** Batches that a peer has under way, and peers that announce at the same time. */
  private static final int WINDOW = 4;

  private static final int ANNOUNCING = 4;

  private final List<MeasuredProcess> members;
  private final List<VirtualPeer> peers = new ArrayList<>();
  private long announced;

  IndexLoad(List<MeasuredProcess> members) {
    this.members = members;
  }

  /** Something that is done so many times. */
  @FunctionalInterface
  interface Work {
    int run() throws IOException;
  }

  /** Storage keys announced so far. */
  long announced() {
    return announced;
  }

  /** All that these members have used so far. */
  double cpuSeconds() throws IOException {
    double sum = 0;
    for (MeasuredProcess member : members) {
      sum += member.cpuSeconds();
    }
    return sum;
  }

  /** So many newcomers announce all they may, in batches; how many keys. */
  int announce(int newcomers) throws IOException {
    List<VirtualPeer> fresh = login(newcomers);
    for (int at = 0; at < newcomers; at += ANNOUNCING) {
      long from = announced + (long) at * KEYS_OF_PEER;
      List<VirtualPeer> some = fresh.subList(at, Math.min(newcomers, at + ANNOUNCING));
      Together.each(
          some,
          peer ->
              peer.announce(
                  Keys.lists(from + (long) some.indexOf(peer) * KEYS_OF_PEER, KEYS_OF_PEER, BATCH),
                  WINDOW));
    }
    int keys = newcomers * KEYS_OF_PEER;
    announced += keys;
    return keys;
  }

  /** Newcomers announce one key after the other; how many keys. */
  int single() throws IOException {
    List<VirtualPeer> fresh = login(ASKING);
    long from = announced;
    announced += (long) ASKING * REQUESTS;
    Together.each(
        fresh,
        peer ->
            peer.announce(
                Keys.lists(from + (long) fresh.indexOf(peer) * REQUESTS, REQUESTS, 1), 1));
    return ASKING * REQUESTS;
  }

  /** The last peers look up what anybody announced; how many lookups. */
  int lookup() throws IOException {
    Together.each(
        peers.subList(peers.size() - ASKING, peers.size()),
        peer -> {
          for (int i = 0; i < REQUESTS; i++) {
            List<StorageKey> keys =
                LongStream.generate(this::anyone).limit(LOOKUP_KEYS).mapToObj(Keys::of).toList();
            if (!peer.missing(keys).isEmpty()) {
              throw new IOException("not all were found");
            }
          }
        });
    return ASKING * REQUESTS;
  }

  /** The number of a key that was announced. */
  long anyone() {
    return ThreadLocalRandom.current().nextLong(announced);
  }

  private List<VirtualPeer> login(int count) throws IOException {
    List<VirtualPeer> fresh = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fresh.add(VirtualPeer.login(members.get(i % members.size()).address()));
    }
    peers.addAll(fresh);
    return fresh;
  }

  /**
   * Microseconds of all members for one, the median of three rounds. As many as there are members
   * warm up before them, as each compiles its own code.
   */
  double cpu(String what, Work work) throws IOException {
    for (MeasuredProcess _ : members) {
      int _ = work.run();
    }
    double[] cpu = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double began = cpuSeconds();
      long clock = System.nanoTime();
      int count = work.run();
      double seconds = (System.nanoTime() - clock) / 1e9;
      cpu[round] = (cpuSeconds() - began) * 1e6 / count;
      System.out.printf(
          Locale.ROOT, "%s: %.2f us of CPU, %.0f/s%n", what, cpu[round], count / seconds);
    }
    return StoreBench.median(cpu);
  }

  @Override
  public void close() throws IOException {
    for (VirtualPeer peer : peers) {
      peer.close();
    }
  }
}
