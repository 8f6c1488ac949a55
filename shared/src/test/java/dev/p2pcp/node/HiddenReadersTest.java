package dev.p2pcp.node;

import static dev.p2pcp.node.Lenders.identity;
import static dev.p2pcp.node.Lenders.kept;
import static dev.p2pcp.node.Lenders.lend;
import static dev.p2pcp.node.Lenders.putPublic;
import static dev.p2pcp.node.Lenders.read;
import static dev.p2pcp.node.Lenders.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who asks a machine shows it an address: not everybody wants that, and not for every machine. */
class HiddenReadersTest {
  private final Lenders lenders = new Lenders();
  private final Village village = lenders.village;

  @AfterEach
  void leave() {
    lenders.close();
  }

  @Test
  void who_hides_the_address_reads_and_leaves_blocks_through_their_holder() throws Exception {
    Village.Resident ada = village.settler();
    lend(ada, "one", 0);
    Village.Resident bob = lenders.neighbour();
    bob.agent().relayOnly(true);
    bob.put("/large", Lenders.LARGE);
    village.await("placed", bob::isAllFound);
    assertThat(kept(ada)).hasSizeGreaterThan(2);
    Village.Resident phone = village.new Resident(new MemoryBlockStore(Village.ROOM));
    phone.open(List.of(Village.ORIGIN)).agent().relayOnly(true);
    bob.stop();
    phone.agent().login(bob.words());
    village.await("catalogue", () -> phone.node().view(new Path("/large")).isPresent());
    assertThat(phone.get("/large")).contains(Lenders.LARGE);
    assertThat(lenders.byOthers("GET")).isZero();
    assertThat(lenders.byOthers("PUT")).isZero();
  }

  @Test
  void who_hides_the_address_looks_on_no_shelf_but_an_allowed_one() throws Exception {
    Village.Resident ada = village.settler();
    lend(ada, "one", 0);
    putPublic(ada, "/profile", Bytes.utf8("Ada"));
    village.await("published", () -> state(ada).published() > 0);
    PublicKey identity = identity(ada);
    ada.stop();
    Village.Resident dora = village.settler();
    dora.agent().relayOnly(true);
    assertThat(read(dora, identity, "/profile")).isEmpty();
    assertThat(lenders.byOthers("GET")).isZero();
    dora.node().bucket().allow(List.of(Lenders.STORE));
    village.clock.moveBy(6_000);
    assertThat(read(dora, identity, "/profile")).contains(Bytes.utf8("Ada"));
  }

  private static final class Given implements FileSource {
    @Override
    public long size() {
      return Lenders.LARGE.length();
    }

    @Override
    public Bytes read(long from, int length) {
      return Lenders.LARGE.slice((int) from, length);
    }
  }

  private static final class Patient implements Files.Watch {
    @Override
    public void done(long now) {}

    @Override
    public boolean isStopped() {
      return false;
    }
  }

  @Test
  void who_has_but_a_link_shows_no_bucket_an_address() throws Exception {
    Village.Resident ada = village.settler();
    lend(ada, "one", 0);
    Village.Resident bob = lenders.neighbour();
    Path path = new Path("/files/a.bin");
    FileInfo info = new FileInfo(Lenders.LARGE.length(), 1_700_000_000_000L, "a.bin", "text/plain");
    bob.node().files().put(path, new Given(), info, new Patient());
    village.await("placed", bob::isAllFound);
    FileLink link = bob.node().files().link(path).orElseThrow();
    bob.stop();
    long before = lenders.byOthers("GET");
    Guest guest = Guest.start(village.platform, village.network, List.of(Village.ORIGIN));
    try {
      assertThat(guest.part(link, 0, 1_000)).isEqualTo(Lenders.LARGE.slice(0, 1_000));
    } finally {
      guest.stop();
    }
    assertThat(lenders.byOthers("GET")).isEqualTo(before);
  }

  @Test
  void a_holder_whose_urls_lead_nowhere_is_asked_for_the_blocks_from_then_on() throws Exception {
    Village.Resident ada = village.settler();
    lend(ada, "one", 0);
    Village.Resident bob = lenders.neighbour();
    for (int i = 0; i < 4; i++) {
      bob.put("/notes/" + i, "note " + i);
    }
    village.await("placed", bob::isAllFound);
    lenders.buckets.close(true);
    List<StorageKey> keys = kept(ada);
    assertThat(keys).hasSizeGreaterThan(3);
    bob.stop();
    Village.Resident eve = village.settler();
    long before = lenders.byOthers("GET");
    for (StorageKey key : keys) {
      assertThat(eve.node().reader.newestAnywhere(key)).isPresent();
    }
    assertThat(lenders.byOthers("GET") - before).isEqualTo(1);
  }

  @Test
  void there_is_time_left_for_the_holder_when_a_url_keeps_a_reader_waiting() throws Exception {
    Village.Resident ada = village.settler();
    lend(ada, "one", 0);
    Village.Resident bob = lenders.neighbour();
    bob.put("/note", "kept by Ada");
    village.await("placed", bob::isAllFound);
    bob.stop();
    Village.Resident eve = village.settler();
    lenders.buckets.keepWaiting(village.clock::moveBy);
    assertThat(eve.node().reader.newestAnywhere(kept(ada).get(0))).isPresent();
  }
}
