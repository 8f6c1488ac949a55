package dev.p2pcp.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.BlockStore.Batch;
import dev.p2pcp.block.BlockStore.Table;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.block.StoreException.Reason;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.testing.Seeded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A crash at any moment leaves whole batches, and whatever else happened to the files is noticed.
 */
class JournaledStoreCrashTest {
  private static final long LIMIT = 1024 * 1024;
  private static final int BATCHES = 3;
  private static final int MAGIC = 8;
  private static final int ENTRY_HEADER = 12;

  @TempDir(factory = FastFolder.class)
  Path root;

  private Path origin;
  private byte[] journal;
  private final List<Integer> ends = new ArrayList<>();
  private final List<Map<String, Bytes>> states = new ArrayList<>();

  /** Some batches, with the shelf as each of them left it: a later one uses places again. */
  @BeforeEach
  void some_batches() throws StoreException, IOException {
    origin = root.resolve("origin");
    JournaledStore store = JournaledStore.open(origin, LIMIT);
    remember(store);
    Seeded arbitrary = new Seeded(11);
    copy(origin.resolve("slots"), Files.createDirectory(root.resolve("slots-0")));
    for (int i = 0; i < BATCHES; i++) {
      store.apply(
          new Batch()
              .putBlock(key(i), arbitrary.bytes(40))
              .putBlock(key(9), arbitrary.bytes(50))
              .putRecord(Table.HELD, Bytes.utf8("record"), arbitrary.bytes(10))
              .removeBlock(key(i - 2)));
      remember(store);
      copy(origin.resolve("slots"), Files.createDirectory(root.resolve("slots-" + (i + 1))));
    }
    store.close();
    journal = Files.readAllBytes(origin.resolve("journal"));
  }

  @Test
  void a_journal_cut_anywhere_gives_whole_batches() throws StoreException, IOException {
    for (int length = MAGIC; length <= journal.length; length++) {
      Path folder = crashed("cut-" + length, Arrays.copyOf(journal, length));
      JournaledStore store = JournaledStore.open(folder, LIMIT);
      assertThat(contents(store))
          .as("cut at %s", length)
          .isEqualTo(states.get(wholeBatches(length)));
      store.close();
    }
  }

  @Test
  void a_store_goes_on_after_a_crash() throws StoreException, IOException {
    for (int length = MAGIC; length <= journal.length; length += 11) {
      Path folder = crashed("goes-on-" + length, Arrays.copyOf(journal, length));
      JournaledStore store = JournaledStore.open(folder, LIMIT);
      store.apply(new Batch().putBlock(key(7), Bytes.utf8("after the crash")));
      store.close();
      BlockStore again = JournaledStore.open(folder, LIMIT);
      assertThat(again.block(key(7))).contains(Bytes.utf8("after the crash"));
      assertThat(contents(again)).containsAllEntriesOf(states.get(wholeBatches(length)));
      again.close();
    }
  }

  @Test
  void a_last_entry_with_sectors_never_written_is_dropped() throws StoreException, IOException {
    int lastEntry = ends.get(BATCHES - 1);
    for (int from = lastEntry; from < journal.length; from++) {
      byte[] torn = journal.clone();
      Arrays.fill(torn, from, torn.length, (byte) 0);
      if (from > lastEntry && from < lastEntry + ENTRY_HEADER) {
        // Sectors are far longer than a header, so that half a header is no crash's work.
        continue;
      }
      JournaledStore store = JournaledStore.open(crashed("torn-" + from, torn), LIMIT);
      // Where the last bytes are zero anyway, nothing was lost.
      boolean whole = Arrays.equals(torn, journal);
      assertThat(contents(store))
          .as("zeros from %s", from)
          .isEqualTo(states.get(whole ? BATCHES : BATCHES - 1));
      store.close();
    }
  }

  @Test
  void an_altered_entry_before_the_last_is_damage_and_not_a_shorter_history() throws IOException {
    for (int at = 0; at < ends.get(BATCHES - 1); at++) {
      byte[] altered = journal.clone();
      altered[at] ^= 0x10;
      Path folder = crashed("altered-" + at, altered);
      assertThatExceptionOfType(StoreException.class)
          .as("altered at %s", at)
          .isThrownBy(() -> JournaledStore.open(folder, LIMIT))
          .satisfies(damage -> assertThat(damage.reason()).isEqualTo(Reason.DAMAGED));
    }
  }

  @Test
  void a_rewritten_journal_that_did_not_get_its_name_is_ignored()
      throws StoreException, IOException {
    Path folder = crashed("unnamed", journal);
    Files.write(folder.resolve("journal.new"), new byte[] {1, 2, 3});
    JournaledStore store = JournaledStore.open(folder, LIMIT);
    assertThat(contents(store)).isEqualTo(states.get(BATCHES));
    store.close();
  }

  private int wholeBatches(int length) {
    int batches = 0;
    while (batches < BATCHES && ends.get(batches + 1) <= length) {
      batches++;
    }
    return batches;
  }

  private void remember(JournaledStore store) throws StoreException, IOException {
    ends.add((int) Files.size(origin.resolve("journal")));
    states.add(contents(store));
  }

  private Path crashed(String name, byte[] journal) throws IOException {
    Path folder = Files.createDirectories(root.resolve(name));
    // The batch of the torn entry has written its blocks already.
    int written = Math.min(BATCHES, wholeBatches(journal.length) + 1);
    copy(root.resolve("slots-" + written), Files.createDirectories(folder.resolve("slots")));
    Files.write(folder.resolve("journal"), journal);
    return folder;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(file.getFileName());
        if (!Files.exists(target)) {
          Files.copy(file, target);
        }
      }
    }
  }

  private static Map<String, Bytes> contents(BlockStore store) throws StoreException {
    Map<String, Bytes> contents = new TreeMap<>();
    for (StorageKey key : store.keys()) {
      contents.put("block " + key, store.block(key).orElseThrow());
    }
    store.records(Table.HELD).forEach((key, value) -> contents.put("record " + key.hex(), value));
    return contents;
  }

  private static StorageKey key(int first) {
    byte[] bytes = new byte[StorageKey.LENGTH];
    bytes[0] = (byte) first;
    return new StorageKey(Bytes.wrap(bytes));
  }
}
