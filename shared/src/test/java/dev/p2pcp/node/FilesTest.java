package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.Path;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are stored as they are read, in copies, and read in parts by who has the link. */
class FilesTest {
  private static final Path AT = new Path("/files/a.bin");
  private static final int CHUNK = FileRoot.CHUNK;

  private final Village village = new Village();

  @AfterEach
  void leave() {
    village.close();
  }

  /** A file in memory that counts what is read of it. */
  private static final class Given implements FileSource {
    final Bytes bytes;
    long read;

    Given(Bytes bytes) {
      this.bytes = bytes;
    }

    static Given ofSize(long seed, int size) {
      return new Given(new Seeded(seed).bytes(size));
    }

    FileInfo info(String name) {
      return new FileInfo(bytes.length(), 1_700_000_000_000L, name, "video/webm");
    }

    @Override
    public long size() {
      return bytes.length();
    }

    @Override
    public Bytes read(long from, int length) {
      read += length;
      return bytes.slice((int) from, length);
    }
  }

  /** Stops after so many bytes. */
  private record StopAt(long bytes, long[] done) implements Files.Watch {
    static StopAt never() {
      return new StopAt(Long.MAX_VALUE, new long[1]);
    }

    @Override
    public void done(long now) {
      done[0] = now;
    }

    @Override
    public boolean isStopped() {
      return done[0] >= bytes;
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, FileRoot.MAX_INLINE, FileRoot.MAX_INLINE + 1, CHUNK, CHUNK + 1, 5 * CHUNK - 7})
  void a_file_of_any_size_is_read_as_it_was_stored(int size) throws Exception {
    Village.Resident ada = village.settler();
    Given given = Given.ofSize(size, size);
    put(ada, AT, given, "a.bin");

    FileLink link = link(ada, AT);

    assertThat(ada.node().files().info(link)).isEqualTo(given.info("a.bin"));
    assertThat(whole(ada.node(), link)).isEqualTo(given.bytes);
    assertThat(ada.node().view(AT).orElseThrow().size()).isEqualTo(size);
    assertThat(ada.node().ownBlocks()).isEqualTo(FileRoot.blocksOf(size) + 2);
  }

  @Test
  void any_part_can_be_read_alone() throws Exception {
    Village.Resident ada = village.settler();
    Given given = Given.ofSize(4, 5 * CHUNK + 100);
    put(ada, AT, given, "a.bin");
    FileLink link = link(ada, AT);
    Seeded random = new Seeded(11);
    for (int i = 0; i < 40; i++) {
      int from = random.below(given.bytes.length() + 10);
      int length = random.below(3 * CHUNK);
      Bytes part = ada.node().files().part(link, from, length);
      int begin = Math.min(from, given.bytes.length());
      int end = Math.min(given.bytes.length(), begin + length);
      assertThat(part).as(random.toString()).isEqualTo(given.bytes.slice(begin, end - begin));
    }
  }

  @Test
  void a_large_file_has_index_blocks_and_states_of_bounded_size() throws Exception {
    Village.Resident ada = village.settler();
    ada.agent().wantCopies(1);
    ada.agent().lend(1_100);
    Given given = Given.ofSize(5, (FileRoot.FAN_OUT + 2) * CHUNK + 1);
    put(ada, AT, given, "a.bin");
    FileLink link = link(ada, AT);
    long end = given.size();
    assertThat(ada.node().ownBlocks()).isEqualTo(FileRoot.FAN_OUT + 3 + 2 + 1 + 1 + 1);
    assertThat(ada.node().files().part(link, end - 9, 100))
        .isEqualTo(given.bytes.from((int) end - 9));
    assertThat(ada.node().files().part(link, 7, 9)).isEqualTo(given.bytes.slice(7, 9));
    assertThat(ada.node().files().unfinished()).isEmpty();
  }

  @Test
  void what_was_stopped_goes_on_where_it_was_after_a_restart() throws Exception {
    Village.Resident ada = village.settler();
    ada.agent().wantCopies(1);
    ada.agent().lend(400);
    Given given = Given.ofSize(6, 300 * CHUNK);
    StopAt watch = new StopAt(280L * CHUNK, new long[1]);
    ItemException stopped =
        catchThrowableOfType(
            ItemException.class,
            () -> ada.node().files().put(AT, given, given.info("a.bin"), watch));
    assertThat(stopped.reason()).isEqualTo(ItemException.Reason.ABORTED);
    assertThat(ada.node().view(AT)).isEmpty();

    ada.reopened();

    assertThat(ada.node().files().unfinished())
        .containsExactly(new Files.Unfinished(AT, given.info("a.bin"), watch.done()[0]));
    Given again = new Given(given.bytes);
    put(ada, AT, again, "a.bin");
    assertThat(again.read).isLessThan(40L * CHUNK);
    assertThat(whole(ada.node(), link(ada, AT))).isEqualTo(given.bytes);
    assertThat(ada.node().files().unfinished()).isEmpty();
    assertThat(ada.node().ownBlocks()).isEqualTo(300 + 3);
  }

  @Test
  void another_file_in_its_place_begins_anew_and_frees_what_was_there() throws Exception {
    Village.Resident ada = village.settler();
    ada.agent().wantCopies(1);
    Given given = Given.ofSize(7, 40 * CHUNK);
    catchThrowableOfType(
        ItemException.class,
        () ->
            ada.node()
                .files()
                .put(AT, given, given.info("a.bin"), new StopAt(20L * CHUNK, new long[1])));
    Given other = Given.ofSize(8, 40 * CHUNK);

    put(ada, AT, other, "a.bin");

    assertThat(whole(ada.node(), link(ada, AT))).isEqualTo(other.bytes);
    assertThat(ada.node().ownBlocks()).isEqualTo(40 + 3);
  }

  @Test
  void cancelled_and_removed_files_free_all_their_blocks_here_and_at_holders() throws Exception {
    List<Village.Resident> others = village.settlers(2);
    Village.Resident ada = village.settler();
    // Tickets for what was cancelled count until they run out.
    ada.agent().lend(200);
    Given given = Given.ofSize(9, 20 * CHUNK);
    catchThrowableOfType(
        ItemException.class,
        () ->
            ada.node()
                .files()
                .put(AT, given, given.info("a.bin"), new StopAt(16L * CHUNK, new long[1])));
    assertThat(ada.node().ownBlocks()).isEqualTo(17);
    ada.node().files().cancel(AT);
    assertThat(ada.node().ownBlocks()).isZero();

    put(ada, AT, given, "a.bin");
    village.await("placed", ada::isAllPlaced);
    village.await("kept", () -> kept(others) >= 2 * (20 + 3));
    ada.node().remove(AT);
    village.await("freed", () -> ada.isAllPlaced() && kept(others) == 2);
  }

  @Test
  void what_is_lent_too_little_is_said_before_anything_is_stored() throws Exception {
    Village.Resident ada = village.settler();
    ada.agent().lend(30);
    village.await("told", () -> ada.node().allowance(0).lent() == 30);
    Given given = Given.ofSize(10, 20 * CHUNK);

    ItemException refused =
        catchThrowableOfType(ItemException.class, () -> put(ada, AT, given, "a.bin"));

    assertThat(refused.figures().orElseThrow().missing()).isEqualTo(3 * 23 - 30);
    assertThat(given.read).isZero();
    assertThat(ada.node().ownBlocks()).isZero();
  }

  @Test
  void who_has_the_link_reads_it_from_holders_while_its_owner_is_away() throws Exception {
    village.settlers(2);
    Village.Resident ada = village.settler();
    Given given = Given.ofSize(12, 6 * CHUNK + 5);
    put(ada, AT, given, "../<img onerror>");
    village.await("placed", ada::isAllFound);
    String link = link(ada, AT).text();
    ada.stop();

    Guest guest = Guest.start(village.platform, village.network, List.of(Village.ORIGIN));
    try {
      FileLink parsed = FileLink.parse(link);
      assertThat(guest.info(parsed).name()).isEqualTo("../<img onerror>");
      assertThat(guest.part(parsed, 5L * CHUNK, CHUNK))
          .isEqualTo(given.bytes.slice(5 * CHUNK, CHUNK));
    } finally {
      guest.stop();
    }
  }

  @Test
  void another_device_learns_of_it_and_brings_its_blocks_here() throws Exception {
    village.settlers(2);
    Village.Resident ada = village.settler();
    Given given = Given.ofSize(13, 4 * CHUNK);
    put(ada, AT, given, "a.bin");
    village.await("placed", ada::isAllFound);
    String words = ada.words();

    Village.Resident phone = village.device(words);

    village.await("listed", () -> phone.node().view(AT).isPresent());
    village.await("all there", () -> phone.node().ownBlocks() == 4 + 3);
    assertThat(whole(phone.node(), link(phone, AT))).isEqualTo(given.bytes);
    List<StorageKey> blocks = phone.node().items.state(AT).orElseThrow().blocks();
    village.await("kept", () -> Set.copyOf(phone.node().holdings.keys()).containsAll(blocks));
  }

  private static void put(Village.Resident who, Path path, Given given, String name)
      throws Exception {
    who.node().files().put(path, given, given.info(name), StopAt.never());
  }

  private static FileLink link(Village.Resident who, Path path) throws Exception {
    return who.node().files().link(path).orElseThrow();
  }

  private static Bytes whole(Node node, FileLink link) throws Exception {
    List<Bytes> parts = new ArrayList<>();
    long at = 0;
    while (true) {
      Bytes part = node.files().part(link, at, 1_000_000);
      if (part.length() == 0) {
        return Bytes.concat(parts.toArray(new Bytes[0]));
      }
      parts.add(part);
      at += part.length();
    }
  }

  private static int kept(List<Village.Resident> others) throws Exception {
    int kept = 0;
    for (Village.Resident other : others) {
      kept += other.node().holdings.forOthers();
    }
    return kept;
  }
}
