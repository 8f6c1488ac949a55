package dev.p2pcp.donor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.Path;
import dev.p2pcp.identity.SeedPhrase;
import dev.p2pcp.jvm.JournaledStore;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.node.ItemView;
import dev.p2pcp.node.StoreCheck;
import dev.p2pcp.testing.Seeded;
import java.io.RandomAccessFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A donor among people, at a real index server. */
class DonorTest {
  private static final int SLOTS = 600;
  private static final int ITEMS = 12;

  @TempDir java.nio.file.Path folder;
  private final SeedPhrase phrase = SeedPhrase.generate(new JvmEntropy());

  @Test
  void a_donor_is_sought_first_as_an_anchor_is() throws Exception {
    try (Town town = new Town();
        HeadlessAgent donor = donor(town)) {
      for (int i = 0; i < 3; i++) {
        town.visitor(SLOTS, 2);
      }
      HeadlessAgent writer = store(town);
      int blocks = writer.node().blocks().size();
      Await.until(
          "every block has its copy with the donor",
          () -> donor.node().status().lending().forOthers() >= blocks);
    }
  }

  @Test
  void a_block_that_the_disk_lost_is_given_up_at_the_start_and_made_anew() throws Exception {
    try (Town town = new Town()) {
      HeadlessAgent first = donor(town);
      HeadlessAgent writer = store(town);
      first.close();
      town.visitor(SLOTS, 2);
      spoil(folder.resolve("slots/0"));
      try (HeadlessAgent again = donor(town)) {
        Await.until("online", () -> Town.isOnline(again));
        StoreCheck check = new StoreCheck(again.node(), again.platform().tasks());
        int kept = again.node().status().lending().forOthers();
        check.run(0);
        assertThat(check.progress()).isEqualTo(new StoreCheck.Progress(kept, kept, kept, true));
        Await.until("its copies are elsewhere", () -> isStored(writer));
      }
    }
  }

  @Test
  void other_words_do_not_open_the_store() throws Exception {
    HeadlessAgent.Task task = task("http://127.0.0.1:9");
    HeadlessAgent.open(open(), phrase, task).close();
    SeedPhrase other = SeedPhrase.generate(new JvmEntropy());
    assertThatExceptionOfType(DonorException.class)
        .isThrownBy(() -> HeadlessAgent.open(open(), other, task))
        .withMessageContaining("belongs to other words");
  }

  @Test
  void lending_less_than_is_in_use_keeps_what_is_kept() throws Exception {
    try (Town town = new Town()) {
      HeadlessAgent donor = donor(town);
      store(town);
      int kept = donor.node().status().lending().forOthers();
      assertThat(kept).isGreaterThanOrEqualTo(ITEMS);
      donor.close();
      HeadlessAgent.Task less = new HeadlessAgent.Task(2, true, List.of(town.origin()));
      try (HeadlessAgent again = HeadlessAgent.open(open(), phrase, less)) {
        assertThat(again.node().status().lending().slots()).isEqualTo(kept);
        assertThat(again.node().status().lending().forOthers()).isEqualTo(kept);
      }
    }
  }

  private JournaledStore open() throws Exception {
    return JournaledStore.open(folder, HeadlessAgent.bytesOf(SLOTS));
  }

  private static HeadlessAgent.Task task(String origin) {
    return new HeadlessAgent.Task(SLOTS, true, List.of(origin));
  }

  private HeadlessAgent donor(Town town) throws Exception {
    HeadlessAgent donor = HeadlessAgent.open(open(), phrase, task(town.origin()));
    Await.until("online", () -> Town.isOnline(donor));
    return donor;
  }

  /** Somebody whose items have all their copies. */
  private static HeadlessAgent store(Town town) throws Exception {
    HeadlessAgent writer = town.visitor(SLOTS, 2).agent();
    Seeded arbitrary = new Seeded(7);
    for (int i = 0; i < ITEMS; i++) {
      Bytes value = arbitrary.bytes(1000 + arbitrary.below(5000));
      writer.node().put(new Path("/item-" + i), value, false, 0);
    }
    Await.until("stored", () -> isStored(writer));
    return writer;
  }

  private static boolean isStored(HeadlessAgent writer) throws Exception {
    writer.agent().watch();
    return writer.node().list("").stream()
        .allMatch(view -> view.placement() == ItemView.Placement.DONE && view.online() == 2);
  }

  private static void spoil(java.nio.file.Path slots) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(slots.toFile(), "rw")) {
      for (long at = 100; at < file.length(); at += 266_240) {
        file.seek(at);
        file.write(0x55);
        file.write(0xaa);
      }
    }
  }
}
