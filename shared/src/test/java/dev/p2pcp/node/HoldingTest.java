package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.Block;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.testing.Seeded;
import org.junit.jupiter.api.Test;

class HoldingTest {
  private final Seeded arbitrary = new Seeded(1);
  private final AccountId owner = new AccountId(arbitrary.bytes(AccountId.LENGTH));
  private final Holding block = Holding.of(Block.Content.of(Bytes.utf8("a block")));

  @Test
  void a_settled_claim_outlives_a_later_put_that_is_not_settled() {
    Holding.Claim settled = claim(owner, 1_000, true);
    Holding again = block.withClaim(settled).withClaim(claim(owner, 100, false));
    assertThat(again.claims()).containsExactly(settled);
  }

  @Test
  void a_receipt_that_runs_longer_renews_a_claim() {
    Holding.Claim renewed = claim(owner, 2_000, true);
    Holding after = block.withClaim(claim(owner, 1_000, true)).withClaim(renewed);
    assertThat(after.claims()).containsExactly(renewed);
  }

  @Test
  void claims_of_different_accounts_stand_side_by_side() throws MalformedFrameException {
    AccountId other = new AccountId(arbitrary.bytes(AccountId.LENGTH));
    Holding both = block.withClaim(claim(owner, 1_000, true)).withClaim(claim(other, 1, false));
    assertThat(both.claims()).hasSize(2);
    assertThat(Holding.decode(both.encoded())).isEqualTo(both);
    assertThat(both.without(c -> c.owner().equals(owner)).keptUntil()).isEqualTo(1);
  }

  private Holding.Claim claim(AccountId account, long expires, boolean settled) {
    return new Holding.Claim(account, arbitrary.bytes(Ticket.SERIAL_LENGTH), 1, expires, settled);
  }
}
