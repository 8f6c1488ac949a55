package dev.p2pcp.donor.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.BlockStore.Batch;
import dev.p2pcp.block.BlockStoreContract;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.block.StoreException.Reason;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.jvm.JournaledStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store does, with its blocks in a bucket of a real server; and what a bucket adds. */
abstract class BucketStoreContract extends BlockStoreContract {
  private static final long LIMIT = 16L << 20;

  protected static @Nullable BucketServer server;

  @TempDir Path folder;
  private int stores;

  static BucketServer server() {
    BucketServer running = server;
    if (running == null) {
      throw new IllegalStateException("it is started before all tests");
    }
    return running;
  }

  @AfterAll
  static void stop() {
    server().close();
  }

  @Override
  protected BlockStore create(long limitBytes) throws StoreException {
    stores++;
    return open(limitBytes);
  }

  @Override
  protected Optional<BlockStore> reopen(long limitBytes) throws StoreException {
    return Optional.of(open(limitBytes));
  }

  private String prefix() {
    return getClass().getSimpleName() + "/" + folder.getFileName() + "/" + stores;
  }

  private BlockStore open(long limitBytes) throws StoreException {
    return JournaledStore.open(
        folder.resolve("store-" + stores),
        limitBytes,
        any -> new BucketShelf(server().bucket(prefix()), Budget.unlimited()));
  }

  @Test
  void a_probe_finds_nothing_wrong_and_leaves_nothing() throws IOException {
    try (Bucket bucket = server().bucket("probe-" + folder.getFileName())) {
      bucket.probe(Bytes.utf8("a probe"));
      assertThat(bucket.list(null).objects()).isEmpty();
    }
  }

  @Test
  void strays_of_a_crash_are_removed_and_nothing_else() throws Exception {
    BlockStore store = create(LIMIT);
    store.apply(new Batch().putBlock(key(1), Bytes.utf8("kept")));
    store.close();
    try (Bucket bucket = server().bucket(prefix())) {
      bucket.put(BucketShelf.name(new dev.p2pcp.jvm.Shelf.Placed(7, key(2))), Bytes.utf8("stray"));
      bucket.put("somebody-elses", Bytes.utf8("file"));
      BlockStore again = reopen(LIMIT).orElseThrow();
      await(() -> names(bucket).size() == 2);
      assertThat(names(bucket)).contains("somebody-elses").anyMatch(n -> n.startsWith("" + key(1)));
      assertThat(again.block(key(1))).contains(Bytes.utf8("kept"));
      again.close();
    }
  }

  @Test
  void what_is_removed_or_replaced_goes_from_the_bucket() throws Exception {
    BlockStore store = create(LIMIT);
    store.apply(new Batch().putBlock(key(1), Bytes.utf8("a")).putBlock(key(2), Bytes.utf8("b")));
    store.apply(new Batch().putBlock(key(1), Bytes.utf8("c")).removeBlock(key(2)));
    try (Bucket bucket = server().bucket(prefix())) {
      await(() -> names(bucket).size() == 1);
      assertThat(names(bucket).getFirst()).startsWith(key(1).toString());
    }
    store.close();
  }

  @Test
  void objects_that_are_gone_or_altered_are_reported_and_others_still_read() throws Exception {
    BlockStore store = create(LIMIT);
    store.apply(new Batch().putBlock(key(1), Bytes.utf8("first")));
    store.apply(new Batch().putBlock(key(2), Bytes.utf8("second")));
    store.apply(new Batch().putBlock(key(3), Bytes.utf8("third")));
    store.apply(new Batch().putBlock(key(4), Bytes.utf8("fourth")));
    for (int i = 1; i <= 4; i++) {
      // What was just stored is given once without asking the bucket.
      assertThat(store.block(key(i))).isPresent();
    }
    try (Bucket bucket = server().bucket(prefix())) {
      bucket.delete(named(bucket, key(1).toString()));
      bucket.put(named(bucket, key(2).toString()), Bytes.utf8("SECOND"));
      bucket.put(named(bucket, key(3).toString()), Bytes.wrap(new byte[1 << 20]));
    }
    refused(Reason.DAMAGED, () -> store.block(key(1)));
    refused(Reason.DAMAGED, () -> store.block(key(2)));
    refused(Reason.DAMAGED, () -> store.block(key(3)));
    assertThat(store.block(key(4))).contains(Bytes.utf8("fourth"));
    store.close();
  }

  private static String named(Bucket bucket, String beginning) throws IOException {
    return names(bucket).stream().filter(n -> n.startsWith(beginning)).findFirst().orElseThrow();
  }

  private static List<String> names(Bucket bucket) throws BucketException {
    List<String> names = new ArrayList<>();
    bucket.list(null).objects().forEach(object -> names.add(object.name()));
    return names;
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long began = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - began > 60_000_000_000L) {
        throw new AssertionError("in vain");
      }
      LockSupport.parkNanos(20_000_000);
    }
  }
}
