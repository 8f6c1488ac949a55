package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several devices of one account. */
class DevicesTest {
  private final Village village = new Village();
  private final List<Village.Resident> devices = new ArrayList<>();

  @BeforeEach
  void settle() throws Exception {
    village.settlers(2);
    devices.add(village.settler());
    devices.get(0).put("/notes/first", "first");
    village.await("placed", devices.get(0)::isAllPlaced);
  }

  @AfterEach
  void leave() {
    village.close();
  }

  private void join(int count) throws Exception {
    String words = devices.get(0).words();
    while (devices.size() < count) {
      Village.Resident device = village.device(words);
      devices.add(device);
      village.await("caught up", () -> device.get("/notes/first").isPresent());
    }
  }

  /** All devices write at the same moment. */
  private void atOnce(Writing writing) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < devices.size(); i++) {
      int number = i;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      start.await();
                      writing.by(number);
                    } catch (Exception e) {
                      failures.add(e);
                    }
                  }));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  private interface Writing {
    void by(int device) throws Exception;
  }

  private Catalogue.Entry[] catalogueOf(Village.Resident device) throws Exception {
    return device.node().items.entries().toArray(new Catalogue.Entry[0]);
  }

  private void awaitOneCatalogue() throws Exception {
    village.await(
        "one catalogue",
        () -> {
          ItemState first = devices.get(0).node().items.state(Catalogue.PATH).orElseThrow();
          for (Village.Resident device : devices) {
            ItemState state = device.node().items.state(Catalogue.PATH).orElseThrow();
            if (!state.head().equals(first.head())
                || !List.of(catalogueOf(device)).equals(List.of(catalogueOf(devices.get(0))))) {
              return false;
            }
          }
          return true;
        });
  }

  @Test
  void different_items_written_at_once_by_three_devices_are_all_there() throws Exception {
    join(3);
    atOnce(
        device -> {
          for (int i = 0; i < 5; i++) {
            devices.get(device).put("/notes/" + device + "/" + i, "text " + device + " " + i);
          }
        });
    awaitOneCatalogue();
    for (Village.Resident reader : devices) {
      for (int device = 0; device < 3; device++) {
        for (int i = 0; i < 5; i++) {
          String path = "/notes/" + device + "/" + i;
          Bytes expected = Bytes.utf8("text " + device + " " + i);
          village.await(
              "all items", () -> reader.get(path).equals(java.util.Optional.of(expected)));
        }
      }
    }
  }

  @Test
  void what_two_new_devices_write_at_once_is_soon_shown_as_stored_on_both() throws Exception {
    devices.clear();
    devices.add(village.settler());
    devices.add(village.device(devices.get(0).words()));
    for (Village.Resident device : devices) {
      village.await("online", () -> !device.node().servers.sessions().isEmpty());
    }

    atOnce(
        device -> {
          for (int i = 0; i < 8; i++) {
            devices.get(device).put("/notes/" + device + "/" + i, "text " + device + " " + i);
          }
        });

    for (Village.Resident device : devices) {
      village.await(
          "stored",
          () ->
              device.node().list("").stream()
                      .filter(item -> item.placement() == ItemView.Placement.DONE)
                      .count()
                  == 16);
    }
  }

  @Test
  void copies_that_another_device_placed_of_the_same_block_are_counted_too() throws Exception {
    devices.clear();
    devices.add(village.settler());
    devices.add(village.device(devices.get(0).words()));
    village.await("online", () -> !devices.get(1).node().servers.sessions().isEmpty());
    devices.get(0).put("/notes/one", "one");
    village.await("placed", devices.get(0)::isAllPlaced);

    // Its catalogue is another, until the two merge, and all who could hold it do.
    devices.get(1).put("/notes/other", "other");

    for (Village.Resident device : devices) {
      village.await("one", () -> device.isPlaced("/notes/one"));
      village.await("other", () -> device.isPlaced("/notes/other"));
    }
    // The other device knows their true end by receipts of its own.
    StorageKey one = devices.get(1).node().view(new Path("/notes/one")).orElseThrow().key();
    long end = village.clock.now() + Renewing.BEFORE;
    village.await(
        "renewed",
        () ->
            devices.get(1).node().own.get(one).orElseThrow().copies().stream()
                .anyMatch(copy -> copy.expires() > end));
  }

  @Test
  void of_two_edits_at_once_the_later_stays_and_the_other_is_one_conflict_copy() throws Exception {
    join(2);
    Village.Resident a = devices.get(0);
    Village.Resident b = devices.get(1);
    // Neither can know of the other's.
    village.index.kill();
    for (Village.Resident device : devices) {
      village.await("cut off", () -> device.node().servers.sessions().isEmpty());
    }
    atOnce(device -> devices.get(device).put("/notes/first", "by " + device));
    village.index.restart();
    village.await(
        "one text",
        () ->
            a.get("/notes/first").equals(b.get("/notes/first"))
                && a.conflicts.size() + b.conflicts.size() > 0);
    awaitOneCatalogue();
    String winner = new String(a.get("/notes/first").orElseThrow().toArray());
    assertThat(winner).isIn("by 0", "by 1");
    List<Conflicts.Conflict> all = new ArrayList<>(a.conflicts);
    all.addAll(b.conflicts);
    assertThat(all).hasSize(1);
    assertThat(all.get(0).value()).isEqualTo(Bytes.utf8(winner.equals("by 0") ? "by 1" : "by 0"));
  }

  @Test
  void edits_one_after_the_other_are_no_conflict() throws Exception {
    join(2);
    Village.Resident a = devices.get(0);
    Village.Resident b = devices.get(1);
    for (int i = 0; i < 4; i++) {
      Village.Resident writer = i % 2 == 0 ? b : a;
      Village.Resident reader = i % 2 == 0 ? a : b;
      writer.put("/notes/first", "draft " + i);
      writer.put("/notes/first", "more " + i);
      writer.put("/notes/first", "last " + i);
      Bytes last = Bytes.utf8("last " + i);
      village.await("arrived", () -> reader.get("/notes/first").filter(last::equals).isPresent());
    }
    assertThat(a.conflicts).isEmpty();
    assertThat(b.conflicts).isEmpty();
  }

  @Test
  void several_edits_elsewhere_do_not_hide_that_an_edit_here_was_not_known() throws Exception {
    join(2);
    Village.Resident a = devices.get(0);
    Village.Resident b = devices.get(1);
    b.stop();
    a.put("/notes/first", "one");
    a.put("/notes/first", "two");
    a.put("/notes/first", "three");
    village.await("placed", a::isAllPlaced);
    // Written where the other edits can't be known.
    village.index.kill();
    b.open(List.of(Village.ORIGIN));
    b.put("/notes/first", "offline");
    village.index.restart();
    village.await("kept", () -> a.conflicts.size() + b.conflicts.size() == 1);
    village.await("one text", () -> a.get("/notes/first").equals(b.get("/notes/first")));
    assertThat(a.get("/notes/first")).contains(Bytes.utf8("three"));
  }

  @Test
  void a_removal_reaches_the_other_device_and_the_path_can_be_used_again() throws Exception {
    join(2);
    Village.Resident a = devices.get(0);
    Village.Resident b = devices.get(1);
    a.node().remove(new Path("/notes/first"));
    village.await("gone", () -> b.node().view(new Path("/notes/first")).isEmpty());
    assertThat(b.get("/notes/first")).isEmpty();
    b.put("/notes/first", "again");
    village.await(
        "back", () -> a.get("/notes/first").filter(Bytes.utf8("again")::equals).isPresent());
  }
}
