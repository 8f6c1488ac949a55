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
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournaledStoreTest extends BlockStoreContract {
  private static final long LIMIT = 1024 * 1024;

  @TempDir(factory = FastFolder.class)
  Path root;

  private int stores;

  @Override
  protected BlockStore create(long limitBytes) throws StoreException {
    stores++;
    return JournaledStore.open(folder(), limitBytes);
  }

  @Override
  protected Optional<BlockStore> reopen(long limitBytes) throws StoreException {
    return Optional.of(JournaledStore.open(folder(), limitBytes));
  }

  @Test
  void a_directory_is_for_one_store_at_a_time() throws StoreException {
    BlockStore first = create(LIMIT);
    refused(Reason.CLOSED, () -> JournaledStore.open(folder(), LIMIT));
    first.close();
    JournaledStore.open(folder(), LIMIT).close();
  }

  @Test
  void what_removed_and_replaced_blocks_took_is_taken_again() throws StoreException, IOException {
    BlockStore store = create(LIMIT);
    for (int round = 0; round < 50; round++) {
      store.apply(new Batch().putBlock(key(1), Bytes.utf8("a")).putBlock(key(2), Bytes.utf8("b")));
      store.apply(new Batch().putBlock(key(1), Bytes.utf8("c")).removeBlock(key(2)));
      Batch tooMuch = new Batch();
      for (int i = 3; i < 8; i++) {
        tooMuch.putBlock(key(i), Bytes.wrap(new byte[(int) LIMIT / 4]));
      }
      refused(Reason.FULL, () -> store.apply(tooMuch));
    }
    assertThat(Files.size(slots())).isLessThan(4L * SlotShelf.SLOT);
    store.close();
  }

  @Test
  void a_place_is_not_taken_again_while_it_is_read() {
    SlotTaker shelf = new SlotTaker();
    Pins pins = new Pins(shelf);
    Shelf.Placed place = new Shelf.Placed(3, key(3));
    pins.pin(place);
    pins.pin(place);
    pins.free(place);
    pins.unpin(place);
    assertThat(shelf.freed).isEmpty();
    pins.unpin(place);
    assertThat(shelf.freed).containsExactly(place);
    pins.free(place);
    assertThat(shelf.freed).containsExactly(place, place);
  }

  @Test
  void an_altered_block_is_reported_and_others_still_read() throws StoreException, IOException {
    BlockStore store = create(LIMIT);
    store.apply(new Batch().putBlock(key(1), Bytes.utf8("first")));
    store.apply(new Batch().putBlock(key(2), Bytes.utf8("second")));
    try (RandomAccessFile file = new RandomAccessFile(slots().toFile(), "rw")) {
      file.write('F');
    }
    refused(Reason.DAMAGED, () -> store.block(key(1)));
    assertThat(store.block(key(2))).contains(Bytes.utf8("second"));
    try (RandomAccessFile file = new RandomAccessFile(slots().toFile(), "rw")) {
      file.setLength(SlotShelf.SLOT);
    }
    refused(Reason.DAMAGED, () -> store.block(key(2)));
    Files.delete(slots());
    refused(Reason.DAMAGED, () -> store.block(key(1)));
    store.close();
  }

  @Test
  void many_slots_take_several_files() throws StoreException, IOException {
    BlockStore store = create(LIMIT);
    Batch batch = new Batch();
    for (int i = 0; i <= SlotShelf.SLOTS_PER_FILE; i++) {
      batch.putBlock(key(i >> 8, i), Bytes.wrap(new byte[] {(byte) i}));
    }
    store.apply(batch);
    assertThat(slots().resolveSibling("1")).exists();
    int last = SlotShelf.SLOTS_PER_FILE;
    assertThat(store.block(key(last >> 8, last))).contains(Bytes.wrap(new byte[] {(byte) last}));
    store.close();
    BlockStore again = JournaledStore.open(folder(), LIMIT);
    assertThat(again.keys()).hasSize(last + 1);
    assertThat(again.block(key(0, 7))).contains(Bytes.wrap(new byte[] {7}));
    again.close();
  }

  @Test
  void a_long_history_is_dropped_and_nothing_else() throws StoreException, IOException {
    Path folder = root.resolve("compacted");
    JournaledStore store = JournaledStore.open(folder, LIMIT, 1000, SlotShelf::new);
    Seeded arbitrary = new Seeded(5);
    Bytes last = Bytes.EMPTY;
    for (int i = 0; i < 200; i++) {
      last = arbitrary.bytes(100);
      store.apply(
          new Batch().putRecord(Table.SEEN, Bytes.utf8("key"), last).putBlock(key(i % 3), last));
    }
    assertThat(Files.size(folder.resolve("journal"))).isLessThan(4000);
    store.close();
    BlockStore again = JournaledStore.open(folder, LIMIT);
    assertThat(again.record(Table.SEEN, Bytes.utf8("key"))).contains(last);
    assertThat(again.block(key(199 % 3))).contains(last);
    assertThat(again.keys()).hasSize(3);
    again.close();
  }

  @Test
  void a_batch_that_the_disk_refuses_is_not_done_and_can_be_tried_again()
      throws StoreException, IOException {
    BlockStore store = create(LIMIT);
    Files.createDirectory(slots());
    Batch batch =
        new Batch()
            .putRecord(Table.HELD, Bytes.utf8("key"), Bytes.EMPTY)
            .putBlock(key(1), Bytes.utf8("a"));
    refused(Reason.ABORTED, () -> store.apply(batch));
    assertThat(store.keys()).isEmpty();
    assertThat(store.records(Table.HELD)).isEmpty();
    Files.delete(slots());
    store.apply(batch);
    assertThat(store.block(key(1))).contains(Bytes.utf8("a"));
    store.close();
  }

  @Test
  void a_store_whose_disk_may_have_lost_writes_closes_itself() throws StoreException {
    SlotTaker shelf = new SlotTaker();
    BlockStore store = JournaledStore.open(root.resolve("failing"), LIMIT, folder -> shelf);
    shelf.failing = true;
    refused(Reason.ABORTED, () -> store.apply(new Batch().putBlock(key(1), Bytes.utf8("a"))));
    refused(Reason.CLOSED, store::usage);
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

  private Path slots() {
    return folder().resolve("slots/0");
  }

  private static StorageKey key(int first, int second) {
    byte[] bytes = new byte[StorageKey.LENGTH];
    bytes[0] = (byte) first;
    bytes[1] = (byte) second;
    return new StorageKey(Bytes.wrap(bytes));
  }

  /** A shelf that only notes what is freed, and can fail. */
  private static final class SlotTaker implements Shelf {
    private final List<Placed> freed = new ArrayList<>();
    private boolean failing;

    @Override
    public long take() {
      return 0;
    }

    @Override
    public void begin(Iterable<Placed> taken) {}

    @Override
    public Writing write(Placed at, Bytes encoded) {
      return () -> {};
    }

    @Override
    public void sync(Collection<Placed> written) throws IOException {
      if (failing) {
        throw new IOException("the disk is failing");
      }
    }

    @Override
    public Bytes read(Placed at, int length) throws IOException {
      throw new NoSuchFileException("nothing is kept");
    }

    @Override
    public void free(Placed at) {
      freed.add(at);
    }

    @Override
    public long room() {
      return LIMIT;
    }

    @Override
    public void close() {}
  }
}
