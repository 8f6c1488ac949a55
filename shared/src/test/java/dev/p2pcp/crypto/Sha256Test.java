package dev.p2pcp.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.Seeded;
import org.junit.jupiter.api.Test;

/** Against the platform's own. */
class Sha256Test {
  private static final int LONGEST = 300;

  @Test
  void a_message_of_any_length_has_the_hash_that_the_platform_gives_it() {
    Crypto platform = new JvmCrypto();
    Seeded.check(
        20,
        arbitrary -> {
          for (int length = 0; length <= LONGEST; length++) {
            Bytes message = arbitrary.bytes(length);
            assertThat(Sha256.hash(message)).isEqualTo(platform.sha256(message));
          }
        });
  }

  @Test
  void how_it_is_put_in_makes_no_difference_and_one_hash_leaves_nothing_for_the_next() {
    Crypto platform = new JvmCrypto();
    Sha256 hasher = new Sha256();
    Seeded.check(
        500,
        arbitrary -> {
          Bytes message = arbitrary.bytes(arbitrary.below(LONGEST));
          int at = 0;
          while (at < message.length()) {
            int count = Math.min(message.length() - at, arbitrary.below(LONGEST / 2));
            switch (arbitrary.below(3)) {
              case 0 -> hasher.add(message.slice(at, count));
              case 1 -> hasher.add(message.toArray(), at, count);
              default -> {
                hasher.add(message.at(at));
                count = 1;
              }
            }
            at += count;
          }
          byte[] digest = new byte[Hash.LENGTH + 2];
          hasher.into(digest, 1);
          assertThat(Bytes.wrap(digest).slice(1, Hash.LENGTH))
              .isEqualTo(platform.sha256(message).bytes());
        });
  }
}
