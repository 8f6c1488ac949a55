package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.Path;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands in the blocks that lead to a file's chunks. */
class FileRootTest {
  private static final int RUNS = 2_000;

  @Test
  void every_root_that_is_written_is_read_as_it_was() throws Exception {
    Seeded.check(
        RUNS / 10,
        random -> {
          FileRoot root = arbitrary(random);
          FileRoot read = FileRoot.decode(root.encoded());
          assertThat(read).isEqualTo(root);
          assertThat(read.encoded()).isEqualTo(root.encoded());
        });
  }

  @Test
  void whatever_is_not_canonical_is_malformed() {
    Bytes tiny = new FileRoot(3, 9, "a", "b", Bytes.utf8("abc"), List.of()).encoded();
    assertMalformed(tiny.slice(0, tiny.length() - 1));
    assertMalformed(Bytes.concat(tiny, Bytes.utf8("x")));
    assertMalformed(Bytes.concat(Bytes.wrap(new byte[] {2}), tiny.from(1)));
    List<StorageKey> two = keys(new Seeded(4), 2);
    long size = FileRoot.CHUNK + 1L;
    assertMalformed(new FileRoot(size, 9, "a", "b", Bytes.EMPTY, two.subList(0, 1)).encoded());
    assertMalformed(new FileRoot(FileRoot.MAX_SIZE + 1, 9, "a", "b", Bytes.EMPTY, two).encoded());
  }

  @Test
  void decoders_fed_anything_throw_nothing_but_malformed() {
    Seeded.check(
        RUNS,
        random -> {
          Bytes bytes = random.below(2) == 0 ? random.bytes(random.below(400)) : damaged(random);
          survives(() -> FileRoot.decode(bytes));
          survives(() -> UploadHead.decode(bytes));
          survives(() -> ItemBody.decode(bytes));
        });
  }

  @Test
  void the_largest_file_takes_two_levels_of_bounded_blocks() {
    int chunks = FileRoot.chunksOf(FileRoot.MAX_SIZE);
    assertThat(chunks).isEqualTo(8_194);
    assertThat(FileRoot.indexesOf(chunks)).isEqualTo(9);
    assertThat(FileRoot.MAX_BLOCKS).isEqualTo(8_204);
    assertThat(FileRoot.indexesOf(FileRoot.FAN_OUT)).isZero();
    assertThat(FileRoot.listed(keys(new Seeded(5), FileRoot.FAN_OUT)).length())
        .isLessThan(FileRoot.CHUNK);
  }

  @Test
  void a_link_is_64_bytes_of_base64url() throws Exception {
    FileLink link = new FileLink(keys(new Seeded(6), 1).get(0), new Seeded(7).bytes(32));
    assertThat(link.text()).hasSize(86).matches("[\\w-]+");
    assertThat(FileLink.parse(link.text())).isEqualTo(link);
    assertThat(link.toString()).doesNotContain(link.key().base64Url());
    for (String wrong : List.of("", "abc", link.text() + "AA", link.text().substring(2) + "*")) {
      assertThatThrownBy(() -> FileLink.parse(wrong)).isInstanceOf(MalformedFrameException.class);
    }
  }

  @Test
  void a_body_of_a_file_and_an_unfinished_one_are_read_as_they_were_written() throws Exception {
    FileLink link = new FileLink(keys(new Seeded(6), 1).get(0), new Seeded(7).bytes(32));
    ItemBody body = ItemBody.file(new Hash(new Seeded(8).bytes(32)), 77, link);
    assertThat(ItemBody.decode(body.encoded())).isEqualTo(body);
    assertThat(body.link()).isEqualTo(link);
    UploadHead head =
        new UploadHead(
            new Path("/files/a"), new FileInfo(5, 6, "\u00e4/b", "text/plain"), link.key());
    assertThat(UploadHead.decode(head.encoded())).isEqualTo(head);
  }

  private interface Decoding {
    void run() throws MalformedFrameException;
  }

  private static void survives(Decoding decoding) {
    assertThatCode(
            () -> {
              try {
                decoding.run();
              } catch (MalformedFrameException e) {
                assertThat(e).hasMessageStartingWith("");
              }
            })
        .doesNotThrowAnyException();
  }

  private static void assertMalformed(Bytes encoded) {
    assertThatThrownBy(() -> FileRoot.decode(encoded)).isInstanceOf(MalformedFrameException.class);
  }

  private static Bytes damaged(Seeded random) {
    byte[] bytes = arbitrary(random).encoded().toArray();
    bytes[random.below(Math.min(64, bytes.length))] ^= (byte) (1 << random.below(8));
    return Bytes.wrap(bytes);
  }

  private static FileRoot arbitrary(Seeded random) {
    boolean small = random.below(2) == 0;
    int inline = random.below(300);
    long size =
        small ? inline : FileRoot.MAX_INLINE + 1L + random.below((int) (FileRoot.MAX_SIZE / 2));
    int chunks = FileRoot.chunksOf(size);
    int indexes = FileRoot.indexesOf(chunks);
    return new FileRoot(
        size,
        random.below(1_000_000),
        "n\u00e4me " + random.below(9),
        "video/webm",
        small ? random.bytes(inline) : Bytes.EMPTY,
        keys(random, indexes > 0 ? indexes : chunks));
  }

  private static List<StorageKey> keys(Seeded random, int count) {
    List<StorageKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(new StorageKey(random.bytes(StorageKey.LENGTH)));
    }
    return keys;
  }
}
