package dev.p2pcp.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.BitFlips;
import dev.p2pcp.testing.Parties;
import dev.p2pcp.testing.Seeded;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TicketTest {
  private final Crypto crypto = new JvmCrypto();
  private final Seeded arbitrary = new Seeded(1);
  private final Parties parties = Parties.of(crypto, arbitrary);

  @Test
  void each_ticket_of_a_batch_can_be_checked_by_itself() throws MalformedFrameException {
    for (int count : new int[] {1, 2, 3, 7, 64, 200, TicketBatch.MAX}) {
      List<Grant> grants = parties.tickets(arbitrary, count).grants();
      assertThat(grants).hasSize(count);
      for (Grant grant : grants) {
        assertThat(grant.isGenuine(crypto)).isTrue();
        assertThat(read(encoded(grant))).isEqualTo(grant);
      }
    }
  }

  @Test
  void the_longest_grant_is_as_long_as_its_limit_says() {
    Grant grant = parties.tickets(arbitrary, TicketBatch.MAX).grants().get(0);
    assertThat(encoded(grant).length()).isEqualTo(Grant.MAX_LENGTH);
  }

  @Test
  void every_single_bit_of_a_grant_counts() {
    for (int count : new int[] {1, 5}) {
      Bytes encoded = encoded(parties.tickets(arbitrary, count).grants().get(count - 1));
      for (Bytes altered : new BitFlips(encoded)) {
        assertThat(isGenuine(altered)).isFalse();
      }
    }
  }

  @Test
  void a_grant_is_for_its_own_ticket_only() {
    List<Grant> grants = parties.tickets(arbitrary, 9).grants();
    for (Grant grant : grants) {
      for (Grant other : grants) {
        Grant mixed =
            new Grant(
                other.ticket(),
                grant.issuer(),
                grant.signature(),
                grant.count(),
                grant.index(),
                grant.proof());
        assertThat(mixed.isGenuine(crypto)).isEqualTo(grant == other);
      }
    }
  }

  @Test
  void serials_of_a_batch_differ() {
    List<Ticket> tickets = parties.tickets(arbitrary, TicketBatch.MAX).tickets();
    assertThat(new HashSet<>(tickets.stream().map(Ticket::serial).toList()))
        .hasSize(tickets.size());
  }

  @Test
  void a_batch_over_the_limit_is_not_issued() {
    Ticket ticket = parties.tickets(arbitrary, 1).tickets().get(0);
    List<Ticket> tooMany = Collections.nCopies(TicketBatch.MAX + 1, ticket);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TicketBatch.issue(parties.server(), tooMany));
  }

  @Test
  void a_ticket_is_current_within_its_life_and_the_skew_of_clocks() {
    Ticket ticket = parties.tickets(arbitrary, 1).tickets().get(0);
    assertThat(ticket.isCurrent(ticket.issued() - Ticket.CLOCK_SKEW)).isTrue();
    assertThat(ticket.isCurrent(ticket.issued() - Ticket.CLOCK_SKEW - 1)).isFalse();
    assertThat(ticket.isCurrent(ticket.expires() + Ticket.CLOCK_SKEW)).isTrue();
    assertThat(ticket.isCurrent(ticket.expires() + Ticket.CLOCK_SKEW + 1)).isFalse();
  }

  private boolean isGenuine(Bytes encoded) {
    try {
      return read(encoded).isGenuine(crypto);
    } catch (MalformedFrameException e) {
      return false;
    }
  }

  private static Grant read(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    Grant grant = Grant.read(reader);
    reader.end();
    return grant;
  }

  private static Bytes encoded(Grant grant) {
    ByteWriter writer = new ByteWriter();
    grant.write(writer);
    return writer.toBytes();
  }
}
