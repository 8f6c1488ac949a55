package dev.p2pcp.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import org.junit.jupiter.api.Test;

class ConductTest {
  private static final long NOW = 1_790_000_000_000L;

  @Test
  void nobody_is_faulty_by_passing() {
    Conduct conduct = Conduct.NONE;
    for (int i = 0; i < 100; i++) {
      conduct = conduct.passed(NOW + i);
    }
    assertThat(conduct.passes()).isEqualTo(100);
    assertThat(conduct.isFaultyAt(NOW)).isFalse();
  }

  @Test
  void a_fault_costs_standing_for_a_month() {
    Conduct conduct = Conduct.NONE.faulted(new Conduct.Fault(1, NOW));
    assertThat(conduct.isFaultyAt(NOW + Conduct.LIFE - 1)).isTrue();
    assertThat(conduct.isFaultyAt(NOW + Conduct.LIFE)).isFalse();
  }

  @Test
  void one_fault_that_two_members_found_is_one() {
    Conduct here = Conduct.NONE.faulted(new Conduct.Fault(1, NOW));
    Conduct there = Conduct.NONE.faulted(new Conduct.Fault(1, NOW + 5));
    assertThat(here.merge(there).faults()).containsExactly(new Conduct.Fault(1, NOW + 5));
  }

  @Test
  void merging_comes_to_the_same_in_any_order_and_twice() {
    Conduct here = Conduct.NONE.passed(NOW);
    Conduct there = Conduct.NONE;
    for (int i = 0; i < Conduct.MAX_FAULTS; i++) {
      here = here.faulted(new Conduct.Fault(i, NOW + 2 * i));
      there = there.faulted(new Conduct.Fault(100 + i, NOW + 2 * i + 1)).passed(NOW + i);
    }
    Conduct both = here.merge(there);
    assertThat(there.merge(here)).isEqualTo(both);
    assertThat(both.merge(here).merge(there)).isEqualTo(both);
    assertThat(both.faults()).hasSize(Conduct.MAX_FAULTS);
    assertThat(both.passes()).isEqualTo(Conduct.MAX_FAULTS);
  }

  @Test
  void it_is_read_as_it_was_written_and_nothing_else_is() throws Exception {
    Conduct conduct =
        Conduct.NONE
            .passed(NOW)
            .faulted(new Conduct.Fault(9, NOW))
            .faulted(new Conduct.Fault(4, NOW));
    assertThat(Conduct.read(new ByteReader(encoded(conduct)))).isEqualTo(conduct);
    Bytes unordered =
        new ByteWriter().u32(0).u64(0).u8(2).u64(9).u64(NOW).u64(4).u64(NOW).toBytes();
    assertThatThrownBy(() -> Conduct.read(new ByteReader(unordered)))
        .isInstanceOf(MalformedFrameException.class);
  }

  private static Bytes encoded(Conduct conduct) {
    ByteWriter writer = new ByteWriter();
    conduct.write(writer);
    return writer.toBytes();
  }
}
