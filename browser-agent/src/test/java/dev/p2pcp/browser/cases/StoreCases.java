package dev.p2pcp.browser.cases;

import static dev.p2pcp.browser.cases.Cases.equal;
import static dev.p2pcp.browser.cases.Cases.holds;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.BlockStore.Batch;
import dev.p2pcp.block.BlockStore.Table;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.browser.crypto.WebSealingKey;
import dev.p2pcp.browser.store.IndexedDbBlockStore;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.teavm.jso.JSBody;

/** What is particular to IndexedDB; the contract of every store is run beside this. */
final class StoreCases {
  private static final long SOON = 20_000;
  private static final int BLOCK = 256 * 1024;
  private static final int SMALL = 50_000;

  private final Platform platform;

  private StoreCases(Platform platform) {
    this.platform = platform;
  }

  static void addTo(Cases cases, Platform platform) {
    StoreCases store = new StoreCases(platform);
    cases.add("a_store_that_is_opened_again_has_all_that_was_written", store::opensAgain);
    cases.add("batches_that_arrive_together_are_all_stored", store::storesBatchesTogether);
    cases.add(
        "more_bytes_than_may_wait_make_the_writer_wait_and_are_all_stored", store::waitsForRoom);
    cases.add("later_batches_win_over_earlier_ones_of_the_same_key", store::keepsOrder);
    cases.add("a_store_deleted_by_another_page_is_closed", store::isClosedByDeletion);
    cases.add("more_keys_and_records_than_a_page_come_in_order", store::pages);
    cases.add("what_is_read_does_not_change_when_the_writer_reuses_its_array", store::copies);
    cases.add("a_device_key_is_kept_and_opens_what_it_sealed", store::keepsDeviceKey);
    cases.addWithSetting("while_data_is_cleared", store::writeUntilRefused);
    cases.addWithSetting("under_a_small_quota", store::quota);
  }

  private void opensAgain() throws StoreException {
    String name = name();
    BlockStore first = open(name);
    first.apply(
        new Batch()
            .putBlock(key(1), Bytes.utf8("one"))
            .putRecord(Table.ITEMS, Bytes.utf8("/a"), key(2).bytes()));
    first.close();
    BlockStore second = open(name);
    equal(Optional.of(Bytes.utf8("one")), second.block(key(1)));
    equal(Optional.of(key(2).bytes()), second.record(Table.ITEMS, Bytes.utf8("/a")));
    second.close();
    IndexedDbBlockStore.delete(name);
    BlockStore third = open(name);
    equal(List.of(), third.keys());
    third.close();
  }

  private void storesBatchesTogether() throws StoreException {
    BlockStore store = open(name());
    equal(List.of(), inParallel(store, 300, 1_000));
    equal(300, store.keys().size());
    for (int i = 0; i < 300; i++) {
      equal(Optional.of(block(i, 1_000)), store.block(key(i)));
    }
    store.close();
  }

  private void waitsForRoom() throws StoreException {
    BlockStore store = open(name());
    equal(List.of(), inParallel(store, 80, BLOCK));
    equal(80, store.keys().size());
    equal(Optional.of(block(79, BLOCK)), store.block(key(79)));
    store.close();
  }

  private void keepsOrder() throws StoreException {
    BlockStore store = open(name());
    Pending<Integer> all = platform.tasks().pending();
    int[] left = {20};
    for (int i = 0; i < 20; i++) {
      Bytes value = block(i, 100);
      platform
          .tasks()
          .spawn(
              "writer",
              () -> {
                apply(store, new Batch().putBlock(key(1), value), new ArrayList<>());
                if (--left[0] == 0) {
                  all.complete(1);
                }
              });
      platform.tasks().sleep(1);
    }
    all.await(platform.deadline(SOON));
    equal(Optional.of(block(19, 100)), store.block(key(1)));
    store.close();
  }

  private void isClosedByDeletion() throws StoreException {
    String name = name();
    BlockStore store = open(name);
    store.apply(new Batch().putBlock(key(1), Bytes.utf8("one")));
    IndexedDbBlockStore.delete(name);
    equal(StoreException.Reason.CLOSED, reason(() -> store.block(key(1))));
    equal(
        StoreException.Reason.CLOSED,
        reason(() -> store.apply(new Batch().putBlock(key(1), Bytes.utf8("one")))));
  }

  private void pages() throws StoreException {
    BlockStore store = open(name());
    int count = 2_500;
    Batch batch = new Batch();
    for (int i = 0; i < count; i++) {
      batch.putBlock(key(i), Bytes.EMPTY).putRecord(Table.SEEN, key(i).bytes(), block(i, 3));
    }
    batch
        .putRecord(Table.HELD, Bytes.EMPTY, Bytes.EMPTY)
        .putRecord(Table.SPENT, Bytes.EMPTY, Bytes.EMPTY);
    store.apply(batch);
    List<StorageKey> keys = store.keys();
    equal(count, keys.size());
    List<Bytes> records = List.copyOf(store.records(Table.SEEN).keySet());
    equal(count, records.size());
    for (int i = 1; i < count; i++) {
      holds(keys.get(i - 1).compareTo(keys.get(i)) < 0, "keys are in order");
      holds(records.get(i - 1).compareTo(records.get(i)) < 0, "records are in order");
    }
    equal(block(7, 3), store.records(Table.SEEN).get(key(7).bytes()));
    equal(keys, store.present(keys));
    equal(List.of(key(3)), store.present(List.of(key(9_999), key(3), key(10_000))));
    store.close();
  }

  private void copies() throws StoreException {
    BlockStore store = open(name());
    byte[] array = {1, 2, 3, 4};
    Bytes part = Bytes.wrap(array).slice(1, 2);
    store.apply(new Batch().putBlock(key(1), part));
    array[1] = 9;
    equal(Optional.of(Bytes.wrap(new byte[] {2, 3})), store.block(key(1)));
    store.close();
  }

  private void keepsDeviceKey() throws Exception {
    String name = name();
    IndexedDbBlockStore store = open(name);
    equal(Optional.empty(), store.deviceKeys().get("wrap"));
    Bytes nonce = platform.entropy().bytes(12);
    Bytes sealed = store.deviceKeys().create("wrap").seal(nonce, Bytes.EMPTY, Bytes.utf8("seed"));
    store.close();
    IndexedDbBlockStore again = open(name);
    WebSealingKey key = again.deviceKeys().get("wrap").orElseThrow();
    equal(Bytes.utf8("seed"), key.open(nonce, Bytes.EMPTY, sealed));
    equal(false, key.handle().isExtractable());
    again.deviceKeys().delete("wrap");
    equal(Optional.empty(), again.deviceKeys().get("wrap"));
    again.close();
  }

  /** The test beside it clears the site's data meanwhile. */
  private void writeUntilRefused() throws StoreException {
    BlockStore store = open(name());
    List<StoreException> failures = new ArrayList<>();
    store.apply(new Batch().putBlock(key(0), block(0, 1_000)));
    sayWriting();
    long end = platform.clock().ticks() + SOON;
    for (int i = 0; failures.isEmpty() && platform.clock().ticks() < end; i++) {
      apply(store, new Batch().putBlock(key(i % 100), block(i, 1_000)), failures);
    }
    equal(1, failures.size());
    StoreException.Reason reason = failures.get(0).reason();
    holds(
        reason == StoreException.Reason.CLOSED || reason == StoreException.Reason.ABORTED,
        "the refusal says what happened: " + reason);
    equal(StoreException.Reason.CLOSED, reason(() -> store.block(key(1))));
  }

  @JSBody(script = "window.isWriting = true;")
  private static native void sayWriting();

  /** Runs under a quota of 3 MiB, which the test beside it sets: less than the large one needs. */
  private void quota() throws StoreException {
    BlockStore store = open(name());
    List<StoreException> failures = new ArrayList<>();
    boolean[] refused = new boolean[5];
    Pending<Integer> all = platform.tasks().pending();
    int[] left = {5};
    for (int i = 0; i < 5; i++) {
      int writer = i;
      platform
          .tasks()
          .spawn(
              "writer",
              () -> {
                int before = failures.size();
                apply(store, quotaBatch(writer), failures);
                refused[writer] = failures.size() > before;
                if (--left[0] == 0) {
                  all.complete(1);
                }
              });
    }
    holds(all.await(platform.deadline(SOON)).isPresent(), "all writers are answered");
    holds(refused[1], "the large one is refused");
    for (StoreException failure : failures) {
      equal(StoreException.Reason.FULL, failure.reason());
    }
    for (int i = 1; i < 4; i++) {
      equal(store.block(key(i)).isPresent(), store.record(Table.HELD, key(i).bytes()).isPresent());
    }
    equal(Optional.empty(), store.block(key(1)));
    equal(Optional.empty(), store.record(Table.HELD, key(1).bytes()));
    store.close();
  }

  /** All come in one transaction; but for the second they fit. The last replaces the first. */
  private static Batch quotaBatch(int i) {
    return i == 4
        ? new Batch().putBlock(key(0), block(4, 100))
        : new Batch()
            .putRecord(Table.HELD, key(i).bytes(), Bytes.EMPTY)
            .putBlock(key(i), block(i, i == 1 ? 15 * BLOCK : SMALL));
  }

  private List<StoreException> inParallel(BlockStore store, int count, int size) {
    List<StoreException> failures = new ArrayList<>();
    Pending<Integer> all = platform.tasks().pending();
    int[] left = {count};
    for (int i = 0; i < count; i++) {
      Batch batch = new Batch().putBlock(key(i), block(i, size));
      platform
          .tasks()
          .spawn(
              "writer",
              () -> {
                apply(store, batch, failures);
                if (--left[0] == 0) {
                  all.complete(1);
                }
              });
    }
    holds(all.await(platform.deadline(SOON)).isPresent(), "all writers are answered");
    return failures;
  }

  private static void apply(BlockStore store, Batch batch, List<StoreException> failures) {
    try {
      store.apply(batch);
    } catch (StoreException failure) {
      failures.add(failure);
    }
  }

  private static StoreException.Reason reason(Cases.Check check) {
    try {
      check.run();
    } catch (StoreException refused) {
      return refused.reason();
    } catch (Exception other) {
      throw new AssertionError("not a refusal of the store: " + other);
    }
    throw new AssertionError("nothing was refused");
  }

  private IndexedDbBlockStore open(String name) throws StoreException {
    return IndexedDbBlockStore.open(name, platform.clock(), platform.tasks());
  }

  private String name() {
    return "store-" + platform.entropy().bytes(8).hex();
  }

  private static StorageKey key(int seed) {
    return new StorageKey(Sha256.hash(Bytes.utf8("key " + seed)).bytes());
  }

  private static Bytes block(int seed, int size) {
    byte[] block = new byte[size];
    int state = seed + 1;
    for (int i = 0; i < size; i++) {
      state = state * 1_103_515_245 + 12_345;
      block[i] = (byte) (state >> 16);
    }
    return Bytes.wrap(block);
  }
}
