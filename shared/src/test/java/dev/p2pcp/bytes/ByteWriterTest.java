package dev.p2pcp.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteWriterTest {
  @Test
  void what_was_given_out_does_not_change_by_what_is_written_next() {
    ByteWriter writer = new ByteWriter(2).u16(0x0102);
    Bytes full = writer.toBytes();
    Bytes more = writer.u16(0x0304).toBytes();
    assertThat(full).isEqualTo(Bytes.wrap(new byte[] {1, 2}));
    assertThat(more).isEqualTo(Bytes.wrap(new byte[] {1, 2, 3, 4}));
    assertThat(writer.u8(5).toBytes().length()).isEqualTo(5);
    assertThat(more).isEqualTo(Bytes.wrap(new byte[] {1, 2, 3, 4}));
  }
}
