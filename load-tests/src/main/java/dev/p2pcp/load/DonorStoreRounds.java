package dev.p2pcp.load;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.BlockVerifier;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.jvm.JournaledStore;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Ticket;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The store of a donor against a plain file: blocks of 256 KiB, so many puts at once. A put is what
 * a holder does for it but for signatures: the block is verified against its key, then block,
 * holding and used ticket become durable; every 64 of them are settled by one more batch. The plain
 * file is written in sequence and synchronised after as many blocks as are put at once, so that it
 * waits as seldom as ours may at best. Rounds alternate; figures are medians.
 */
final class DonorStoreRounds {
  private static final int ROUNDS = 5;
  private static final int BLOCKS = 1024;
  private static final int AT_ONCE = 64;
  private static final int READERS = 4;
  private static final int SETTLED = 64;
  private static final long LIMIT = 4L << 30;
  private static final double MEGABYTES = BLOCKS * 256 * 1024 / 1e6;

  private final Path root;
  private final JvmCrypto crypto = new JvmCrypto();
  private final JvmEntropy entropy = new JvmEntropy();
  private final AccountId owner = AccountId.of(crypto.signingKey(entropy.bytes(32)).publicKey());
  private final List<ReceiptTerms> terms = new ArrayList<>();
  private final List<Bytes> encoded = new ArrayList<>();

  DonorStoreRounds(Path root) {
    this.root = root;
    for (int i = 0; i < BLOCKS; i++) {
      Block.Content block = Block.Content.of(entropy.bytes(Block.MAX_LENGTH - 1));
      StorageKey key = StorageKey.ofContent(crypto, block.encoded());
      terms.add(ReceiptTerms.of(entropy.bytes(Ticket.SERIAL_LENGTH), key, block));
      encoded.add(block.encoded());
    }
  }

  void run(Figures figures) throws Exception {
    Files.createDirectories(root);
    double[] put = new double[ROUNDS];
    double[] get = new double[ROUNDS];
    double[] plain = new double[ROUNDS];
    double[] ratio = new double[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      int at = Math.max(0, round);
      // Who goes first takes turns.
      if (round % 2 == 0) {
        plain[at] = plainly();
      }
      ours(at, put, get);
      if (round % 2 != 0) {
        plain[at] = plainly();
      }
      ratio[at] = put[at] / plain[at];
      System.out.printf(
          Locale.ROOT,
          "%s: put %.0f MB/s, plain %.0f MB/s, get %.0f MB/s%n",
          round < 0 ? "warm-up" : "round " + (round + 1),
          put[at],
          plain[at],
          get[at]);
    }
    figures
        .add("put_ratio", StoreBench.median(ratio), 2)
        .add("put_mb_s", StoreBench.median(put), 0)
        .add("plain_mb_s", StoreBench.median(plain), 0)
        .add("get_mb_s", StoreBench.median(get), 0);
  }

  private double plainly() throws IOException {
    Path file = root.resolve("plain");
    long began = System.nanoTime();
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      for (int i = 0; i < BLOCKS; i++) {
        out.write(encoded.get(i).unsafeArray());
        if (i % AT_ONCE == AT_ONCE - 1) {
          out.getFD().sync();
        }
      }
    }
    double rate = MEGABYTES * 1e9 / (System.nanoTime() - began);
    Files.delete(file);
    return rate;
  }

  private void ours(int round, double[] put, double[] get) throws Exception {
    Path folder = root.resolve("ours");
    BlockStore store = JournaledStore.open(folder, LIMIT);
    put[round] = timed(AT_ONCE, i -> put(store, i));
    get[round] =
        timed(
            READERS,
            i -> {
              Bytes block = store.block(terms.get(i).key()).orElseThrow();
              if (block.length() != Block.MAX_LENGTH) {
                throw new IllegalStateException("another block");
              }
            });
    store.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void put(BlockStore store, int i) throws StoreException {
    ReceiptTerms term = terms.get(i);
    var verified = new BlockVerifier(crypto).verify(term.key(), encoded.get(i));
    if (!(verified instanceof BlockVerifier.Genuine)) {
      throw new IllegalStateException("own block is forged");
    }
    Bytes held = DonorFixture.held(term, owner, 1, 2);
    store.apply(
        new BlockStore.Batch()
            .putBlock(term.key(), encoded.get(i))
            .putRecord(BlockStore.Table.SPENT, term.serial(), held)
            .putRecord(BlockStore.Table.HELD, term.key().bytes(), held));
    if (i % SETTLED == SETTLED - 1) {
      BlockStore.Batch settled = new BlockStore.Batch();
      List<ReceiptTerms> part = terms.subList(i + 1 - SETTLED, i + 1);
      part.forEach(t -> settled.putRecord(BlockStore.Table.HELD, t.key().bytes(), held));
      settled.putRecord(
          BlockStore.Table.RECEIPTS,
          term.key().bytes(),
          Bytes.concat(part.stream().map(ReceiptTerms::encoded).toArray(Bytes[]::new)));
      store.apply(settled);
    }
  }

  /** Work on one block. */
  private interface Work {
    void on(int block) throws StoreException;
  }

  /** Megabytes a second of work on all blocks, so many at once. */
  private static double timed(int atOnce, Work work) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    long began = System.nanoTime();
    for (int t = 0; t < atOnce; t++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int i = next.getAndIncrement(); i < BLOCKS; i = next.getAndIncrement()) {
                        work.on(i);
                      }
                    } catch (StoreException | RuntimeException e) {
                      failure.set(e);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new IllegalStateException(failure.get());
    }
    return MEGABYTES * 1e9 / (System.nanoTime() - began);
  }
}
