package dev.p2pcp.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.jvm.JvmCrypto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which of two versions of a signed block replaces the other. */
class SignedOrderTest {
  private static final List<Block.Signed> VERSIONS = new ArrayList<>();

  /**
   * Few versions, times and payloads, so that many pairs are equal in one and differ in another.
   */
  @BeforeAll
  static void sign() {
    Crypto.SigningKey key = new JvmCrypto().signingKey(Bytes.wrap(new byte[32]));
    for (int version = 1; version <= 3; version++) {
      for (int time = 0; time < 3; time++) {
        for (String text : List.of("a", "b", "c")) {
          VERSIONS.add(
              Block.Signed.sign(key, StorageKey.pathHash("/a"), version, time, Bytes.utf8(text)));
        }
      }
    }
  }

  @Test
  void of_two_different_versions_exactly_one_replaces_the_other() {
    for (Block.Signed one : VERSIONS) {
      for (Block.Signed other : VERSIONS) {
        assertThat(one.replaces(other) ^ other.replaces(one)).isEqualTo(one != other);
      }
    }
  }

  @Test
  void what_replaces_a_version_replaces_all_that_it_replaced() {
    for (Block.Signed a : VERSIONS) {
      for (Block.Signed b : VERSIONS) {
        for (Block.Signed c : VERSIONS) {
          if (a.replaces(b) && b.replaces(c)) {
            assertThat(a.replaces(c)).isTrue();
          }
        }
      }
    }
  }

  @Test
  void agents_that_hear_of_versions_in_any_order_end_with_the_same_one() {
    Block.Signed expected = last(VERSIONS);
    for (int seed = 0; seed < 50; seed++) {
      List<Block.Signed> heard = new ArrayList<>(VERSIONS);
      Collections.shuffle(heard, new Random(seed));
      assertThat(last(heard)).isSameAs(expected);
    }
  }

  @Test
  void the_version_counts_before_the_time() {
    assertThat(expectedLast().version()).isEqualTo(3);
    assertThat(expectedLast().time()).isEqualTo(2);
  }

  private static Block.Signed expectedLast() {
    return last(VERSIONS);
  }

  private static Block.Signed last(List<Block.Signed> heard) {
    Block.Signed kept = heard.get(0);
    for (Block.Signed next : heard) {
      kept = next.replaces(kept) ? next : kept;
    }
    return kept;
  }
}
