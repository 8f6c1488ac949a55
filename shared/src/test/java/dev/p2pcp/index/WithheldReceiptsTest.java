package dev.p2pcp.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.trust.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who drops a copy and brings its receipt no more is asked for it as others are. */
class WithheldReceiptsTest {
  private static final long SECOND = 1_000;
  private static final long HOUR = 3_600 * SECOND;
  private static final long START = 1_790_000_000_000L;
  private static final long EXPIRES = START + 30 * 24 * HOUR;

  private final Seeded arbitrary = new Seeded(6);
  private final Audits audits = new Audits(arbitrary);
  private final AccountId owner = new AccountId(arbitrary.bytes(AccountId.LENGTH));
  private final PeerId holder = new PeerId(arbitrary.bytes(PeerId.LENGTH));
  private final AccountId account = new AccountId(arbitrary.bytes(AccountId.LENGTH));
  private final List<ReceiptTerms> kept = Stream.generate(this::terms).limit(10).toList();
  private final StorageKey dropped = kept.getFirst().key();

  @Test
  void what_its_holder_brought_in_an_earlier_session_is_asked_for() {
    audits.connect(holder, account, START);
    bring(kept);
    audits.disconnect(holder, START + HOUR);
    audits.connect(holder, account, START + 2 * HOUR);
    bring(kept.subList(1, kept.size()));
    assertThat(faultsWithinAnHourOf(START + 2 * HOUR)).isOne();
  }

  @Test
  void what_its_owner_brought_while_the_holder_was_away_is_asked_for() {
    audits.connect(holder, account, START);
    audits.disconnect(holder, START + HOUR);
    bring(kept.subList(0, 1));
    audits.connect(holder, account, START + 2 * HOUR);
    assertThat(faultsWithinAnHourOf(START + 2 * HOUR)).isOne();
  }

  @Test
  void what_its_holder_gave_up_is_not() {
    audits.connect(holder, account, START);
    bring(kept);
    audits.freed(holder, owner, List.of(dropped));
    audits.disconnect(holder, START + HOUR);
    audits.connect(holder, account, START + 2 * HOUR);
    assertThat(faultsWithinAnHourOf(START + 2 * HOUR)).isZero();
  }

  private void bring(List<ReceiptTerms> receipts) {
    receipts.forEach(terms -> audits.kept(holder, owner, terms, EXPIRES));
  }

  private long faultsWithinAnHourOf(long start) {
    long faults = 0;
    for (long now = start; now < start + HOUR; now += SECOND) {
      for (Audits.Challenge asked : audits.due(now, 1)) {
        boolean isHere = !asked.terms().key().equals(dropped);
        Verdict verdict = isHere ? Verdict.PASSED : Verdict.REFUSED;
        faults += audits.done(asked, verdict, isHere ? 500 : 0, now).fault().isPresent() ? 1 : 0;
      }
    }
    return faults;
  }

  private ReceiptTerms terms() {
    return new ReceiptTerms(
        arbitrary.bytes(Ticket.SERIAL_LENGTH),
        new StorageKey(arbitrary.bytes(StorageKey.LENGTH)),
        1_000,
        new Hash(Bytes.wrap(new byte[Hash.LENGTH])));
  }
}
