package dev.p2pcp.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.BlockStore.Batch;
import dev.p2pcp.block.BlockStore.Table;
import dev.p2pcp.block.BlockStoreContract;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.block.StoreException.Reason;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.testing.Seeded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlockStoreTest extends BlockStoreContract {
  private static final long LIMIT = 1024 * 1024;

  @TempDir(factory = FastFolder.class)
  Path root;

  private int stores;

  @Override
  protected BlockStore create(long limitBytes) throws StoreException {
    stores++;
    return FileBlockStore.open(folder(), limitBytes);
  }

  @Override
  protected Optional<BlockStore> reopen(long limitBytes) throws StoreException {
    return Optional.of(FileBlockStore.open(folder(), limitBytes));
  }

  @Test
  void a_directory_is_for_one_store_at_a_time() throws StoreException {
    BlockStore first = create(LIMIT);
    refused(Reason.CLOSED, () -> FileBlockStore.open(folder(), LIMIT));
    first.close();
    FileBlockStore.open(folder(), LIMIT).close();
  }

  @Test
  void removed_and_replaced_blocks_leave_no_file() throws StoreException, IOException {
    BlockStore store = create(LIMIT);
    store.apply(new Batch().putBlock(key(1), Bytes.utf8("a")).putBlock(key(2), Bytes.utf8("b")));
    store.apply(new Batch().putBlock(key(1), Bytes.utf8("c")).removeBlock(key(2)));
    assertThat(blockFiles()).hasSize(1);
    refused(
        Reason.FULL,
        () -> store.apply(new Batch().putBlock(key(3), Bytes.wrap(new byte[(int) LIMIT]))));
    assertThat(blockFiles()).hasSize(1);
    store.close();
  }

  @Test
  void files_that_nothing_names_are_removed_on_opening() throws StoreException, IOException {
    BlockStore store = create(LIMIT);
    store.apply(new Batch().putBlock(key(1), Bytes.utf8("a")));
    store.close();
    Path kept = blockFiles().getFirst();
    Files.writeString(kept.resolveSibling("1000"), "written before a crash");
    Files.writeString(kept.resolveSibling("no-number"), "a stray");
    BlockStore again = FileBlockStore.open(folder(), LIMIT);
    assertThat(blockFiles()).containsExactly(kept);
    assertThat(again.block(key(1))).contains(Bytes.utf8("a"));
    again.close();
  }

  @Test
  void an_altered_block_is_reported_and_others_still_read() throws StoreException, IOException {
    BlockStore store = create(LIMIT);
    store.apply(new Batch().putBlock(key(1), Bytes.utf8("first")));
    store.apply(new Batch().putBlock(key(2), Bytes.utf8("second")));
    Files.writeString(folder().resolve("blocks/0/0"), "First");
    refused(Reason.DAMAGED, () -> store.block(key(1)));
    Files.delete(folder().resolve("blocks/0/0"));
    refused(Reason.DAMAGED, () -> store.block(key(1)));
    assertThat(store.block(key(2))).contains(Bytes.utf8("second"));
    store.close();
  }

  @Test
  void a_long_history_is_dropped_and_nothing_else() throws StoreException, IOException {
    Path folder = root.resolve("compacted");
    FileBlockStore store = FileBlockStore.open(folder, LIMIT, 1000);
    Seeded arbitrary = new Seeded(5);
    Bytes last = Bytes.EMPTY;
    for (int i = 0; i < 200; i++) {
      last = arbitrary.bytes(100);
      store.apply(
          new Batch().putRecord(Table.SEEN, Bytes.utf8("key"), last).putBlock(key(i % 3), last));
    }
    assertThat(Files.size(folder.resolve("journal"))).isLessThan(4000);
    store.close();
    BlockStore again = FileBlockStore.open(folder, LIMIT);
    assertThat(again.record(Table.SEEN, Bytes.utf8("key"))).contains(last);
    assertThat(again.block(key(199 % 3))).contains(last);
    assertThat(again.keys()).hasSize(3);
    again.close();
  }

  @Test
  void a_batch_that_the_disk_refuses_is_not_done_and_can_be_tried_again()
      throws StoreException, IOException {
    BlockStore store = create(LIMIT);
    Path blocks = folder().resolve("blocks");
    Files.delete(blocks);
    Files.writeString(blocks, "in the way");
    Batch batch =
        new Batch()
            .putRecord(Table.HELD, Bytes.utf8("key"), Bytes.EMPTY)
            .putBlock(key(1), Bytes.utf8("a"));
    refused(Reason.ABORTED, () -> store.apply(batch));
    assertThat(store.keys()).isEmpty();
    assertThat(store.records(Table.HELD)).isEmpty();
    Files.delete(blocks);
    store.apply(batch);
    assertThat(store.block(key(1))).contains(Bytes.utf8("a"));
    store.close();
  }

  @Test
  void many_threads_write_and_read_at_once() throws StoreException, InterruptedException {
    BlockStore store = create(LIMIT);
    List<Thread> threads = new ArrayList<>();
    List<Throwable> crashes = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int own = i;
      threads.add(
          Thread.ofVirtual()
              .uncaughtExceptionHandler(
                  (thread, crash) -> {
                    synchronized (crashes) {
                      crashes.add(crash);
                    }
                  })
              .start(() -> rewrite(store, key(own))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(crashes).isEmpty();
    assertThat(store.keys()).hasSize(8);
    store.close();
  }

  private static void rewrite(BlockStore store, StorageKey key) {
    try {
      for (int round = 0; round < 20; round++) {
        Bytes value = Bytes.wrap(new byte[] {(byte) round, key.bytes().at(0)});
        store.apply(new Batch().putBlock(key, value));
        assertThat(store.block(key)).contains(value);
      }
    } catch (StoreException e) {
      throw new AssertionError(e);
    }
  }

  private Path folder() {
    return root.resolve("store-" + stores);
  }

  private List<Path> blockFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder().resolve("blocks"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
