package dev.p2pcp.server.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitsTest {
  private static final Bytes SUBSCRIBER = Bytes.wrap(new byte[] {127, 0, 0, 1});
  private static final AccountId ACCOUNT =
      new AccountId(Sha256.hash(Bytes.utf8("account")).bytes());

  @ParameterizedTest
  @ValueSource(ints = {1, Rates.MOST})
  void whatever_may_be_set_lets_somebody_in(int rate) {
    RateLimits limits = new RateLimits(new Rates(rate, rate, rate, rate, rate, rate, rate, rate));
    assertThat(limits.login(SUBSCRIBER)).isZero();
    assertThat(limits.session(ACCOUNT)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, Rates.MOST + 1, Integer.MAX_VALUE})
  void what_could_not_work_is_refused_at_the_start(int rate) {
    assertThatThrownBy(() -> new Rates(1, 1, 1, 1, 1, 1, 1, rate))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("p2pcp.rates.tunnel-bytes");
  }

  @Test
  void who_has_used_ten_seconds_of_logins_waits() {
    RateLimits limits = new RateLimits(new Rates(1, 1, 1, 1, 1, 1, 1, 1));
    for (int login = 0; login < 10; login++) {
      assertThat(limits.login(SUBSCRIBER)).isZero();
    }
    assertThat(limits.login(SUBSCRIBER)).isPositive();
  }
}
