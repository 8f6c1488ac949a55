package dev.p2pcp.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.p2pcp.testing.Seeded;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BytesTest {
  @Test
  void runs_are_equal_by_content_whatever_they_are_part_of() {
    Bytes run = Bytes.utf8("xxabcxx");
    assertThat(run.slice(2, 3)).isEqualTo(Bytes.utf8("abc")).hasSameHashCodeAs(Bytes.utf8("abc"));
    assertThat(run.slice(2, 3)).isNotEqualTo(Bytes.utf8("abd")).isNotEqualTo(Bytes.utf8("ab"));
    assertThat(run.slice(7, 0)).isEqualTo(Bytes.EMPTY);
  }

  @Test
  void order_is_that_of_unsigned_bytes() {
    Seeded.check(
        300,
        arbitrary -> {
          Bytes one = arbitrary.upTo(4);
          Bytes other = arbitrary.upTo(4);
          int expected = Integer.signum(Arrays.compareUnsigned(one.toArray(), other.toArray()));
          assertThat(Integer.signum(one.compareTo(other))).isEqualTo(expected);
          assertThat(one.equals(other)).isEqualTo(expected == 0);
          assertThat(one.equalsInConstantTime(other)).isEqualTo(expected == 0);
        });
  }

  @Test
  void text_forms_read_back() {
    Seeded.check(
        300,
        arbitrary -> {
          Bytes bytes = arbitrary.upTo(50);
          assertThat(Bytes.fromHex(bytes.hex())).isEqualTo(bytes);
          assertThat(Bytes.fromBase64Url(bytes.base64Url())).isEqualTo(bytes);
        });
  }

  @Test
  void only_canonical_text_is_read() {
    for (String wrong :
        new String[] {"a", "=", "QQ==", "QR", "QQ\n", "Q Q", "+_", "//", "QQ.", "ä"}) {
      assertThatExceptionOfType(MalformedFrameException.class)
          .isThrownBy(() -> Bytes.fromBase64Url(wrong));
    }
    for (String wrong : new String[] {"0", "0g", "0A", "zz", " 0", "ä0"}) {
      assertThatExceptionOfType(MalformedFrameException.class)
          .isThrownBy(() -> Bytes.fromHex(wrong));
    }
  }

  @Test
  void what_is_handed_out_cannot_change_a_run() {
    byte[] source = {1, 2, 3};
    Bytes copy = Bytes.copyOf(source);
    source[0] = 9;
    copy.toArray()[1] = 9;
    copy.slice(0, 2).unsafeArray()[1] = 9;
    assertThat(copy).isEqualTo(Bytes.wrap(new byte[] {1, 2, 3}));
  }

  @Test
  void nothing_is_read_beyond_a_slice() {
    Bytes slice = Bytes.utf8("abcdef").slice(1, 3);
    assertThat(slice.utf8()).isEqualTo("bcd");
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> slice.at(3));
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> slice.at(-1));
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> slice.slice(2, 2));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> slice.slice(1, Integer.MAX_VALUE));
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> slice.from(4));
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> slice.longAt(0));
  }

  @Test
  void content_does_not_reach_a_log_by_accident() {
    assertThat(Bytes.utf8("secret").toString()).isEqualTo("Bytes[6]");
  }
}
