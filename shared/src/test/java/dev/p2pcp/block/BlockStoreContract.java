package dev.p2pcp.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.p2pcp.block.BlockStore.Batch;
import dev.p2pcp.block.BlockStore.Table;
import dev.p2pcp.block.StoreException.Reason;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every place to keep blocks does. */
public abstract class BlockStoreContract {
  private static final long LIMIT = 16 * 1024 * 1024;
  private static final Bytes KEY = Bytes.utf8("key");

  private final List<BlockStore> opened = new ArrayList<>();

  /** An empty store that may use so many bytes of keys and values. */
  protected abstract BlockStore create(long limitBytes) throws StoreException;

  /** Opens again what a closed store left; empty if it leaves nothing. */
  protected abstract Optional<BlockStore> reopen(long limitBytes) throws StoreException;

  /**
   * Whether the store counts its own bytes against the limit; a browser counts roughly, for all of
   * a site, against a limit of its own.
   */
  protected boolean countsItsBytes() {
    return true;
  }

  @AfterEach
  void close() {
    opened.forEach(BlockStore::close);
  }

  @Test
  void a_new_store_is_empty() throws StoreException {
    BlockStore store = store(LIMIT);
    assertThat(store.keys()).isEmpty();
    assertThat(store.block(key(1))).isEmpty();
    for (Table table : Table.values()) {
      assertThat(store.records(table)).isEmpty();
    }
    if (countsItsBytes()) {
      assertThat(store.usage().usedBytes()).isZero();
    }
  }

  @Test
  void a_block_comes_back_byte_for_byte() throws StoreException {
    BlockStore store = store(LIMIT);
    Bytes large = new Seeded(1).bytes(256 * 1024 + 300);
    store.apply(new Batch().putBlock(key(1), large).putBlock(key(2), Bytes.EMPTY));
    assertThat(store.block(key(1))).contains(large);
    assertThat(store.block(key(2))).contains(Bytes.EMPTY);
  }

  @Test
  void a_block_given_as_part_of_a_larger_run_is_stored_alone() throws StoreException {
    BlockStore store = store(LIMIT);
    Bytes run = new Seeded(2).bytes(1000);
    store.apply(
        new Batch()
            .putBlock(key(1), run.slice(10, 20))
            .putRecord(Table.HELD, KEY, run.slice(30, 5)));
    assertThat(store.block(key(1))).contains(run.slice(10, 20));
    assertThat(store.record(Table.HELD, KEY)).contains(run.slice(30, 5));
  }

  @Test
  void the_last_change_to_an_entry_wins_within_a_batch_and_across() throws StoreException {
    BlockStore store = store(LIMIT);
    store.apply(
        new Batch()
            .putBlock(key(1), Bytes.utf8("a"))
            .putBlock(key(1), Bytes.utf8("b"))
            .putBlock(key(2), Bytes.utf8("c"))
            .removeBlock(key(2))
            .removeBlock(key(3))
            .putBlock(key(3), Bytes.utf8("d")));
    assertThat(store.block(key(1))).contains(Bytes.utf8("b"));
    assertThat(store.block(key(2))).isEmpty();
    assertThat(store.block(key(3))).contains(Bytes.utf8("d"));
    store.apply(new Batch().putBlock(key(1), Bytes.utf8("e")).removeBlock(key(3)));
    assertThat(store.block(key(1))).contains(Bytes.utf8("e"));
    assertThat(store.keys()).containsExactly(key(1));
  }

  @Test
  void keys_come_in_order() throws StoreException {
    BlockStore store = store(LIMIT);
    store.apply(
        new Batch()
            .putBlock(key(0x80), Bytes.EMPTY)
            .putBlock(key(0x7f), Bytes.EMPTY)
            .putBlock(key(0xff), Bytes.EMPTY)
            .putBlock(key(0), Bytes.EMPTY));
    assertThat(store.keys()).containsExactly(key(0), key(0x7f), key(0x80), key(0xff));
  }

  @Test
  void present_names_those_that_are_here_as_they_were_asked() throws StoreException {
    BlockStore store = store(LIMIT);
    store.apply(new Batch().putBlock(key(1), Bytes.EMPTY).putBlock(key(3), Bytes.EMPTY));
    assertThat(store.present(List.of(key(3), key(2), key(1)))).containsExactly(key(3), key(1));
    assertThat(store.present(List.of())).isEmpty();
  }

  @Test
  void tables_are_apart() throws StoreException {
    BlockStore store = store(LIMIT);
    for (Table table : Table.values()) {
      store.apply(new Batch().putRecord(table, KEY, Bytes.utf8(table.name())));
    }
    store.apply(new Batch().removeRecord(Table.SEEN, KEY));
    for (Table table : Table.values()) {
      assertThat(store.record(table, KEY))
          .isEqualTo(
              table == Table.SEEN ? Optional.empty() : Optional.of(Bytes.utf8(table.name())));
    }
  }

  @Test
  void records_come_in_the_order_of_their_keys() throws StoreException {
    BlockStore store = store(LIMIT);
    Bytes high = Bytes.wrap(new byte[] {(byte) 0x80});
    Bytes low = Bytes.wrap(new byte[] {1});
    Bytes longer = Bytes.wrap(new byte[] {1, 0});
    store.apply(
        new Batch()
            .putRecord(Table.ITEMS, high, Bytes.EMPTY)
            .putRecord(Table.ITEMS, longer, Bytes.utf8("x"))
            .putRecord(Table.ITEMS, low, Bytes.utf8("y")));
    assertThat(store.records(Table.ITEMS).keySet()).containsExactly(low, longer, high);
    assertThat(store.records(Table.ITEMS)).containsEntry(low, Bytes.utf8("y"));
  }

  @Test
  void what_was_read_does_not_change_afterwards() throws StoreException {
    BlockStore store = store(LIMIT);
    store.apply(new Batch().putBlock(key(1), Bytes.EMPTY).putRecord(Table.HELD, KEY, Bytes.EMPTY));
    List<StorageKey> keys = store.keys();
    Map<Bytes, Bytes> records = store.records(Table.HELD);
    store.apply(new Batch().removeBlock(key(1)).removeRecord(Table.HELD, KEY));
    assertThat(keys).containsExactly(key(1));
    assertThat(records).containsOnlyKeys(KEY);
  }

  @Test
  void a_batch_that_does_not_fit_is_refused_whole() throws StoreException {
    assumeThat(countsItsBytes()).isTrue();
    BlockStore store = store(2000);
    store.apply(new Batch().putBlock(key(1), Bytes.wrap(new byte[1000])));
    Batch tooMuch =
        new Batch()
            .putRecord(Table.HELD, KEY, Bytes.utf8("small"))
            .removeBlock(key(1))
            .putBlock(key(2), Bytes.wrap(new byte[2000]));
    refused(Reason.FULL, () -> store.apply(tooMuch));
    assertThat(store.record(Table.HELD, KEY)).isEmpty();
    assertThat(store.keys()).containsExactly(key(1));
    store.apply(new Batch().putRecord(Table.HELD, KEY, Bytes.utf8("small")));
    assertThat(store.record(Table.HELD, KEY)).contains(Bytes.utf8("small"));
  }

  @Test
  void a_full_store_lets_go_and_takes_what_then_fits() throws StoreException {
    assumeThat(countsItsBytes()).isTrue();
    BlockStore store = store(1000);
    store.apply(new Batch().putBlock(key(1), Bytes.wrap(new byte[900])));
    refused(
        Reason.FULL, () -> store.apply(new Batch().putBlock(key(2), Bytes.wrap(new byte[900]))));
    store.apply(new Batch().putBlock(key(2), Bytes.wrap(new byte[900])).removeBlock(key(1)));
    assertThat(store.keys()).containsExactly(key(2));
    store.apply(new Batch().putBlock(key(2), Bytes.wrap(new byte[10])));
    store.apply(new Batch().removeBlock(key(2)));
    assertThat(store.usage().usedBytes()).isZero();
  }

  @Test
  void usage_follows_what_is_stored() throws StoreException {
    assumeThat(countsItsBytes()).isTrue();
    BlockStore store = store(LIMIT);
    store.apply(new Batch().putBlock(key(1), Bytes.wrap(new byte[1000])));
    long one = store.usage().usedBytes();
    assertThat(one).isGreaterThanOrEqualTo(1000);
    store.apply(new Batch().putBlock(key(2), Bytes.wrap(new byte[1000])));
    assertThat(store.usage().usedBytes()).isGreaterThanOrEqualTo(one + 1000);
    assertThat(store.usage().grantedBytes()).isGreaterThanOrEqualTo(store.usage().usedBytes());
  }

  @Test
  void an_empty_batch_changes_nothing() throws StoreException {
    BlockStore store = store(LIMIT);
    store.apply(new Batch());
    assertThat(store.keys()).isEmpty();
  }

  @Test
  void a_closed_store_says_so() throws StoreException {
    BlockStore store = store(LIMIT);
    store.close();
    store.close();
    refused(Reason.CLOSED, () -> store.block(key(1)));
    refused(Reason.CLOSED, () -> store.present(List.of()));
    refused(Reason.CLOSED, store::keys);
    refused(Reason.CLOSED, () -> store.record(Table.HELD, KEY));
    refused(Reason.CLOSED, () -> store.records(Table.HELD));
    refused(Reason.CLOSED, () -> store.apply(new Batch()));
    refused(Reason.CLOSED, store::usage);
  }

  @Test
  void arbitrary_batches_leave_what_a_plain_map_would_hold() {
    Seeded.check(
        5,
        arbitrary -> {
          BlockStore store = store(LIMIT);
          Model model = new Model();
          for (int round = 0; round < 20; round++) {
            store.apply(model.arbitraryBatch(arbitrary));
          }
          model.mustBe(store);
          store.close();
          Optional<BlockStore> again = reopened(LIMIT);
          if (again.isPresent()) {
            model.mustBe(again.get());
            again.get().apply(model.arbitraryBatch(arbitrary));
            model.mustBe(again.get());
            again.get().close();
          }
        });
  }

  @Test
  void everything_is_there_after_opening_again() throws StoreException {
    BlockStore store = store(LIMIT);
    Bytes block = new Seeded(3).bytes(70_000);
    store.apply(
        new Batch().putBlock(key(1), block).putRecord(Table.PROFILE, KEY, Bytes.utf8("value")));
    BlockStore.Usage usage = store.usage();
    store.close();
    Optional<BlockStore> again = reopened(LIMIT);
    assumeThat(again).as("the store outlives its closing").isPresent();
    assertThat(again.orElseThrow().block(key(1))).contains(block);
    assertThat(again.orElseThrow().record(Table.PROFILE, KEY)).contains(Bytes.utf8("value"));
    if (countsItsBytes()) {
      assertThat(again.orElseThrow().usage()).isEqualTo(usage);
    }
  }

  /** A key that begins with that byte. */
  protected static StorageKey key(int first) {
    byte[] bytes = new byte[StorageKey.LENGTH];
    bytes[0] = (byte) first;
    return new StorageKey(Bytes.wrap(bytes));
  }

  /** Requires that the call is refused for that reason. */
  protected static void refused(Reason reason, Call call) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(call::run)
        .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(reason));
  }

  /** A call to a store. */
  @FunctionalInterface
  protected interface Call {
    void run() throws StoreException;
  }

  private BlockStore store(long limitBytes) throws StoreException {
    BlockStore store = create(limitBytes);
    opened.add(store);
    return store;
  }

  private Optional<BlockStore> reopened(long limitBytes) throws StoreException {
    Optional<BlockStore> store = reopen(limitBytes);
    store.ifPresent(opened::add);
    return store;
  }

  /** What a store should hold. */
  private static final class Model {
    private final Map<StorageKey, Bytes> blocks = new TreeMap<>();
    private final Map<Table, Map<Bytes, Bytes>> tables = new EnumMap<>(Table.class);

    Batch arbitraryBatch(Seeded arbitrary) {
      Batch batch = new Batch();
      for (int i = arbitrary.below(6); i > 0; i--) {
        StorageKey key = key(arbitrary.below(8));
        Table table = Table.values()[arbitrary.below(Table.values().length)];
        Map<Bytes, Bytes> records = tables.computeIfAbsent(table, t -> new TreeMap<>());
        Bytes value = arbitrary.upTo(2000);
        switch (arbitrary.below(5)) {
          case 0 -> {
            batch.removeBlock(key);
            blocks.remove(key);
          }
          case 1 -> {
            batch.removeRecord(table, key.bytes());
            records.remove(key.bytes());
          }
          case 2 -> {
            batch.putRecord(table, key.bytes(), value);
            records.put(key.bytes(), value);
          }
          default -> {
            batch.putBlock(key, value);
            blocks.put(key, value);
          }
        }
      }
      return batch;
    }

    void mustBe(BlockStore store) throws StoreException {
      assertThat(store.keys()).containsExactlyElementsOf(blocks.keySet());
      for (Map.Entry<StorageKey, Bytes> block : blocks.entrySet()) {
        assertThat(store.block(block.getKey())).contains(block.getValue());
      }
      for (Table table : Table.values()) {
        assertThat(store.records(table)).isEqualTo(tables.getOrDefault(table, Map.of()));
      }
    }
  }
}
