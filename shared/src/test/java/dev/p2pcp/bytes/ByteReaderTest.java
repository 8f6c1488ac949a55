package dev.p2pcp.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.p2pcp.testing.Decoders;
import dev.p2pcp.testing.Seeded;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteReaderTest {
  @Test
  void what_was_written_is_read() {
    Seeded.check(
        200,
        arbitrary -> {
          int small = arbitrary.below(256);
          int medium = arbitrary.below(65_536);
          long large = arbitrary.next() >>> 32;
          long huge = arbitrary.next() >>> 1;
          Bytes some = arbitrary.upTo(100);
          ByteWriter writer = new ByteWriter(1);
          writer.u8(small).u16(medium).u32(large).u64(huge).bytes16(some).bytes32(some).bytes(some);
          ByteReader reader = new ByteReader(writer.toBytes());
          assertThat(reader.u8("a")).isEqualTo(small);
          assertThat(reader.u16("b")).isEqualTo(medium);
          assertThat(reader.u32("c")).isEqualTo(large);
          assertThat(reader.u64("d")).isEqualTo(huge);
          assertThat(reader.bytes16(100, "e")).isEqualTo(some);
          assertThat(reader.bytes32(100, "f")).isEqualTo(some);
          assertThat(reader.rest()).isEqualTo(some);
          reader.end();
        });
  }

  @Test
  void numbers_are_big_endian() {
    Bytes written =
        new ByteWriter().u16(0x0102).u32(0x03040506L).u64(0x0708090a0b0c0d0eL).toBytes();
    assertThat(written.hex()).isEqualTo("0102030405060708090a0b0c0d0e");
  }

  @Test
  void numbers_that_do_not_fit_are_not_written() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ByteWriter().u8(256));
    assertThatIllegalArgumentException().isThrownBy(() -> new ByteWriter().u8(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> new ByteWriter().u16(65_536));
    assertThatIllegalArgumentException().isThrownBy(() -> new ByteWriter().u32(1L << 32));
    assertThatIllegalArgumentException().isThrownBy(() -> new ByteWriter().u64(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ByteWriter().bytes16(Bytes.wrap(new byte[65_536])));
  }

  @Test
  void what_is_short_is_refused_by_the_name_of_its_field() {
    refused("number", "00000000000000", reader -> reader.u64("number"));
    refused("number", "", reader -> reader.u8("number"));
    refused("run", "0003aabb", reader -> reader.bytes16(9, "run"));
    refused("run", "00000003aabb", reader -> reader.bytes32(9, "run"));
    refused("run", "aa", reader -> reader.bytes(2, "run"));
    refused("run", "aa", reader -> reader.bytes(-1, "run"));
  }

  @Test
  void what_is_over_a_limit_is_refused_even_if_it_is_there() {
    refused("run", "0003aabbcc", reader -> reader.bytes16(2, "run"));
    refused("run", "00000003aabbcc", reader -> reader.bytes32(2, "run"));
    refused("run", "ffffffff", reader -> reader.bytes32(Integer.MAX_VALUE, "run"));
    refused("list", "0002aabb", reader -> reader.list(1, "list", each -> each.u8("element")));
    refused("number", "8000000000000000", reader -> reader.u64("number"));
    refused("count", "00000003", reader -> reader.count(2, "count"));
  }

  @Test
  void trailing_bytes_are_refused() {
    refused("trailing", "00", ByteReader::end);
  }

  @Test
  void text_is_well_formed_or_refused() throws MalformedFrameException {
    Bytes written = new ByteWriter().bytes16(Bytes.utf8("Grüße 😀")).toBytes();
    assertThat(new ByteReader(written).text(100, "text")).isEqualTo("Grüße 😀");
    for (String wrong :
        List.of("0001ff", "0002c0af", "0003eda080", "0001c3", "000480808080", "0004f4908080")) {
      refused("text", wrong, reader -> reader.text(100, "text"));
    }
  }

  @Test
  void a_list_that_claims_more_than_there_is_takes_no_room() {
    refused("element", "ffff", reader -> reader.list(0xffff, "list", each -> each.u64("element")));
  }

  @Test
  void a_decoder_made_of_these_is_canonical() {
    Bytes right =
        new ByteWriter()
            .u16(2)
            .bytes16(Bytes.utf8("a"))
            .bytes16(Bytes.utf8("ü"))
            .bytes32(Bytes.utf8("rest"))
            .toBytes();
    Decoders.check(ByteReaderTest::roundTrip, right, new ByteWriter().u16(0).u32(0).toBytes());
  }

  @FuzzTest
  void fuzz_reader(byte[] data) {
    Decoders.isAccepted(ByteReaderTest::roundTrip, Bytes.copyOf(data));
  }

  @FuzzTest
  void fuzz_text_forms(byte[] data) {
    String text = Bytes.copyOf(data).utf8();
    try {
      assertThat(Bytes.fromBase64Url(text).base64Url()).isEqualTo(text);
    } catch (MalformedFrameException e) {
      assertThat(e).hasMessage("base64url");
    }
    try {
      assertThat(Bytes.fromHex(text).hex()).isEqualTo(text);
    } catch (MalformedFrameException e) {
      assertThat(e).hasMessage("hex");
    }
  }

  private static Bytes roundTrip(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    List<String> texts = reader.list(10, "texts", each -> each.text(50, "text"));
    Bytes run = reader.bytes32(100, "run");
    reader.end();
    ByteWriter writer = new ByteWriter().u16(texts.size());
    texts.forEach(text -> writer.bytes16(Bytes.utf8(text)));
    return writer.bytes32(run).toBytes();
  }

  private static void refused(String field, String hex, Read read) {
    assertThatExceptionOfType(MalformedFrameException.class)
        .isThrownBy(() -> read.from(new ByteReader(Bytes.fromHex(hex))))
        .withMessage(field);
  }

  @FunctionalInterface
  private interface Read {
    void from(ByteReader reader) throws MalformedFrameException;
  }
}
