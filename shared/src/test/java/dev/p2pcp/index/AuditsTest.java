package dev.p2pcp.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.Excerpt;
import dev.p2pcp.block.Leaves;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.trust.Conduct;
import dev.p2pcp.trust.DayBudget;
import dev.p2pcp.trust.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is audited when, what it costs, and when a failure is a fault. */
class AuditsTest {
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final long START = 1_790_000_000_000L;

  private final Seeded arbitrary = new Seeded(5);
  private final Audits audits = new Audits(arbitrary);
  private final AccountId owner = new AccountId(arbitrary.bytes(AccountId.LENGTH));
  private long now = START;

  /** One that keeps blocks, of which some are gone. */
  private final class Keeper {
    final PeerId peer = new PeerId(arbitrary.bytes(PeerId.LENGTH));
    final AccountId account = new AccountId(arbitrary.bytes(AccountId.LENGTH));
    final List<ReceiptTerms> kept = new ArrayList<>();
    final Set<StorageKey> dropped = new HashSet<>();
    final Deque<long[]> spent = new ArrayDeque<>();
    int challenges;
    int passes;
    int faults;

    Keeper(int blocks, int size, boolean signed) {
      for (int i = 0; i < blocks; i++) {
        kept.add(terms(size, signed));
      }
    }

    void connect() {
      audits.connect(peer, account, now);
      kept.forEach(terms -> audits.kept(peer, owner, terms, now + 30 * DAY));
    }

    void disconnect() {
      audits.disconnect(peer, now);
    }

    Verdict verdict(Audits.Challenge challenge) {
      return dropped.contains(challenge.terms().key()) ? Verdict.REFUSED : Verdict.PASSED;
    }

    void answer(Audits.Challenge challenge, Verdict verdict) {
      challenges++;
      int shown = verdict == Verdict.PASSED ? shown(challenge.terms()) : 0;
      Audits.Finding finding = audits.done(challenge, verdict, shown, now);
      passes += finding.verdict() == Verdict.PASSED ? 1 : 0;
      faults += finding.fault().isPresent() ? 1 : 0;
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_dropped_tenth_is_found_within_a_day(Visits visits) {
    int keepers = 400;
    Map<PeerId, Keeper> all = new HashMap<>();
    List<Keeper> order = new ArrayList<>();
    for (int i = 0; i < keepers; i++) {
      Keeper keeper = new Keeper(100, 262_144, i % 2 == 0);
      keeper.kept.stream().limit(10).forEach(terms -> keeper.dropped.add(terms.key()));
      all.put(keeper.peer, keeper);
      order.add(keeper);
    }
    int most = 0;
    for (; now < START + DAY; now += 10 * SECOND) {
      for (int i = 0; i < keepers; i++) {
        long at = (now - START + i * MINUTE) % visits.pause;
        if (at == 0 || (now == START && at < visits.length)) {
          order.get(i).connect();
        } else if (at == visits.length) {
          order.get(i).disconnect();
        }
      }
      for (Audits.Challenge challenge : audits.due(now, keepers)) {
        Keeper keeper = all.get(challenge.holder());
        keeper.answer(challenge, keeper.verdict(challenge));
        most = Math.max(most, keeper.challenges);
      }
    }
    long caught = order.stream().filter(keeper -> keeper.faults > 0).count();
    assertThat(caught)
        .as("of %d, by at most %d challenges", keepers, most)
        .isGreaterThanOrEqualTo(keepers * visits.found / 100);
  }

  /** How often somebody comes, and for how long; how many of a hundred are to be found. */
  private enum Visits {
    A_FIFTH_OF_THE_DAY(6 * HOUR, 72 * MINUTE, 97),
    ONCE_FOR_TWENTY_MINUTES(DAY, 20 * MINUTE, 75),
    OFTEN_FOR_TWO_MINUTES(2 * HOUR, 2 * MINUTE, 80);

    private final long pause;
    private final long length;
    private final int found;

    Visits(long pause, long length, int found) {
      this.pause = pause;
      this.length = length;
      this.found = found;
    }
  }

  @ParameterizedTest
  @EnumSource
  void no_peer_has_to_bear_more_than_the_limit_in_any_24_hours_of_a_month(Load load) {
    Keeper keeper = new Keeper(60, load.size, load.signed);
    keeper.connect();
    long spent = 0;
    for (; now < START + 30 * DAY; now += 5 * SECOND) {
      if (load.visit > 0 && (now - START) % load.visit == 0) {
        keeper.disconnect();
        keeper.connect();
      }
      for (Audits.Challenge challenge : audits.due(now, 1)) {
        keeper.answer(challenge, Verdict.PASSED);
        int bytes = 240 + shown(challenge.terms());
        keeper.spent.add(new long[] {now, bytes});
        spent += bytes;
      }
      while (!keeper.spent.isEmpty() && keeper.spent.getFirst()[0] <= now - DAY) {
        spent -= keeper.spent.removeFirst()[1];
      }
      assertThat(spent).isLessThanOrEqualTo(DayBudget.LIMIT);
    }
    assertThat(keeper.passes).as("so many days of 44 audits").isGreaterThan(30 * 44);
  }

  /** What is kept, and after how many milliseconds the peer comes again; 0: it stays. */
  private enum Load {
    LARGE_CONTENT(262_144, false, 0),
    SMALL_NOTES(300, true, 0),
    LONG_NOTES(262_144, true, 0),
    SHORT_VISITS(262_144, false, 10 * MINUTE);

    private final int size;
    private final boolean signed;
    private final long visit;

    Load(int size, boolean signed, long visit) {
      this.size = size;
      this.signed = signed;
      this.visit = visit;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"WRONG", "REFUSED"})
  void a_failure_is_a_fault_after_three_re_checks_and_within_minutes(Verdict failure) {
    Keeper keeper = new Keeper(1, 4096, false);
    keeper.connect();
    for (int i = 0; i <= Conduct.RECHECKS; i++) {
      assertThat(keeper.faults).isZero();
      keeper.answer(next(), failure);
    }
    assertThat(keeper.faults).isEqualTo(1);
    assertThat(now - START).isLessThan(6 * MINUTE);
    assertThat(nothingFor(DAY)).isTrue();
  }

  @Test
  void a_pass_in_between_clears_the_suspicion() {
    Keeper keeper = new Keeper(1, 4096, false);
    keeper.connect();
    for (int i = 0; i < 20; i++) {
      keeper.answer(next(), i % 4 == 3 ? Verdict.PASSED : Verdict.REFUSED);
    }
    assertThat(keeper.faults).isZero();
  }

  @Test
  void going_away_does_not_clear_it() {
    Keeper keeper = new Keeper(1, 4096, false);
    for (int i = 0; i <= Conduct.RECHECKS; i++) {
      keeper.connect();
      keeper.answer(next(), Verdict.REFUSED);
      keeper.disconnect();
      now += HOUR;
    }
    assertThat(keeper.faults).isEqualTo(1);
  }

  @Test
  void who_is_absent_or_slow_is_never_accused() {
    Keeper keeper = new Keeper(50, 4096, false);
    keeper.connect();
    for (int i = 0; i < 2_000; i++) {
      Audits.Challenge challenge = next();
      now += 30 * SECOND;
      if (i % 7 == 0) {
        keeper.disconnect();
        keeper.connect();
      }
      keeper.answer(challenge, Verdict.ABSENT);
    }
    assertThat(keeper.faults).isZero();
  }

  @Test
  void who_says_that_it_lost_a_block_is_never_accused() {
    Keeper keeper = new Keeper(30, 4096, false);
    keeper.connect();
    for (int i = 0; i < 30; i++) {
      Audits.Challenge challenge = next();
      StorageKey key = challenge.terms().key();
      if (i % 2 == 0) {
        audits.freed(keeper.peer, owner, List.of(key));
        keeper.answer(challenge, Verdict.REFUSED);
      } else {
        keeper.answer(challenge, Verdict.REFUSED);
        audits.freed(keeper.peer, owner, List.of(key));
      }
    }
    assertThat(keeper.faults).isZero();
    assertThat(nothingFor(DAY)).isTrue();
  }

  @Test
  void each_copy_is_asked_for_before_any_is_asked_for_again() {
    Keeper keeper = new Keeper(30, 300, true);
    Set<StorageKey> asked = new HashSet<>();
    for (int i = 0; i < 30; i++) {
      keeper.connect();
      Audits.Challenge challenge = next();
      assertThat(asked.add(challenge.terms().key())).isTrue();
      keeper.answer(challenge, Verdict.PASSED);
      keeper.disconnect();
    }
  }

  @Test
  void no_copy_of_few_is_asked_for_twice_in_a_hurry() {
    Keeper keeper = new Keeper(6, 1000, true);
    keeper.connect();
    for (; now < START + 4 * MINUTE; now += SECOND) {
      audits.due(now, 1).forEach(asked -> keeper.answer(asked, Verdict.PASSED));
    }
    assertThat(keeper.challenges).isEqualTo(6);
  }

  @Test
  void every_copy_of_many_has_the_same_chance_to_be_asked_for() {
    int blocks = 100;
    Map<StorageKey, Integer> times = new HashMap<>();
    List<ReceiptTerms> kept = new Keeper(blocks, 300, true).kept;
    int rounds = 3_000;
    for (int i = 0; i < rounds; i++) {
      AuditSample sample = new AuditSample();
      kept.forEach(terms -> sample.add(owner, terms, now + DAY, arbitrary));
      sample
          .pick(new AuditSample.Marks(), now, arbitrary)
          .ifPresent(copy -> times.merge(copy.key(), 1, Integer::sum));
    }
    assertThat(times).hasSize(blocks);
    assertThat(times.values()).allMatch(count -> count > 8 && count < 60);
  }

  @Test
  void what_has_expired_is_not_asked_for() {
    PeerId peer = new PeerId(arbitrary.bytes(PeerId.LENGTH));
    audits.connect(peer, owner, now);
    audits.kept(peer, owner, terms(300, true), now + 5 * SECOND);
    assertThat(nothingFor(HOUR)).isTrue();
  }

  @Test
  void a_new_peer_is_audited_more_often_than_one_that_has_passed() {
    Keeper keeper = new Keeper(60, 300, true);
    keeper.connect();
    for (int i = 0; i < Audits.SETTLED_PASSES; i++) {
      keeper.answer(next(), Verdict.PASSED);
    }
    long first = now - START;
    for (int i = 0; i < Audits.SETTLED_PASSES; i++) {
      keeper.answer(next(), Verdict.PASSED);
    }
    assertThat(now - START - first).isGreaterThan(first * 5 / 4);
  }

  @Test
  void who_shows_others_and_keeps_silent_about_one_is_at_fault() {
    Keeper keeper = new Keeper(10, 1000, true);
    StorageKey dropped = keeper.kept.getFirst().key();
    keeper.connect();
    int silences = 0;
    for (; keeper.faults == 0 && now < START + 6 * HOUR; now += 10 * SECOND) {
      for (Audits.Challenge challenge : audits.due(now, 1)) {
        boolean silent = challenge.terms().key().equals(dropped);
        silences += silent ? 1 : 0;
        keeper.answer(challenge, silent ? Verdict.ABSENT : Verdict.PASSED);
      }
    }
    assertThat(keeper.faults).isOne();
    assertThat(silences).isEqualTo(Audits.SILENCES + 1);
  }

  @Test
  void who_is_silent_about_everything_or_answers_after_all_is_not_at_fault() {
    Keeper throttled = new Keeper(10, 1000, true);
    Keeper slow = new Keeper(10, 1000, true);
    StorageKey late = slow.kept.getFirst().key();
    throttled.connect();
    slow.connect();
    int silences = 0;
    for (; now < START + 2 * DAY; now += 10 * SECOND) {
      for (Audits.Challenge challenge : audits.due(now, 2)) {
        if (challenge.holder().equals(throttled.peer)) {
          throttled.answer(challenge, Verdict.ABSENT);
        } else {
          boolean silent =
              challenge.terms().key().equals(late) && silences++ % Audits.SILENCES != 0;
          slow.answer(challenge, silent ? Verdict.ABSENT : Verdict.PASSED);
        }
      }
    }
    assertThat(silences).isGreaterThan(2 * Audits.SILENCES);
    assertThat(throttled.faults + slow.faults).isZero();
  }

  @Test
  void who_has_shown_enough_for_today_is_left_in_peace_and_not_at_fault() {
    Keeper keeper = new Keeper(10, 1000, true);
    keeper.connect();
    int busy = 0;
    for (; now < START + 3 * DAY; now += 10 * SECOND) {
      for (Audits.Challenge challenge : audits.due(now, 1)) {
        // What another server had it show is more on the first and third day than there is.
        boolean rests = (now - START) / DAY != 1;
        keeper.answer(challenge, rests ? Verdict.ABSENT : Verdict.PASSED);
        if (rests) {
          audits.rests(keeper.peer, now);
          busy++;
        }
      }
    }
    assertThat(keeper.faults).isZero();
    assertThat(keeper.passes).isGreaterThan(30);
    assertThat(busy).isLessThan(40);
  }

  @Test
  void who_says_so_of_one_copy_and_shows_others_is_at_fault_within_a_day_there() {
    Keeper keeper = new Keeper(10, 1000, true);
    StorageKey dropped = keeper.kept.getFirst().key();
    keeper.connect();
    for (; keeper.faults == 0 && now < START + DAY; now += 10 * SECOND) {
      for (Audits.Challenge challenge : audits.due(now, 1)) {
        boolean rests = challenge.terms().key().equals(dropped);
        keeper.answer(challenge, rests ? Verdict.ABSENT : Verdict.PASSED);
        if (rests) {
          audits.rests(keeper.peer, now);
        }
      }
    }
    assertThat(keeper.faults).isOne();
  }

  @Test
  void a_line_that_breaks_is_no_further_visit() {
    Keeper steady = new Keeper(60, 300, true);
    Keeper broken = new Keeper(60, 300, true);
    steady.connect();
    broken.connect();
    for (; now < START + 2 * HOUR; now += 5 * SECOND) {
      if ((now - START) % (10 * MINUTE) == 0) {
        broken.disconnect();
        broken.connect();
      }
      for (Audits.Challenge challenge : audits.due(now, 2)) {
        (challenge.holder().equals(steady.peer) ? steady : broken)
            .answer(challenge, Verdict.PASSED);
      }
    }
    assertThat(broken.challenges).isBetween(steady.challenges / 2, steady.challenges * 3 / 2);
  }

  /** Bytes that are shown of it, with the proof. */
  private static int shown(ReceiptTerms terms) {
    int beside = terms.isSigned() ? Excerpt.MAX_LENGTH - Leaves.LENGTH : 0;
    int whole = terms.size() - beside;
    int proof = MerkleTree.longestProof(Leaves.count(whole)) * Hash.LENGTH;
    return beside + Math.min(Leaves.LENGTH, whole) + proof;
  }

  private ReceiptTerms terms(int size, boolean signed) {
    Bytes root = signed ? Bytes.wrap(new byte[Hash.LENGTH]) : arbitrary.bytes(Hash.LENGTH);
    return new ReceiptTerms(
        arbitrary.bytes(Ticket.SERIAL_LENGTH),
        new StorageKey(arbitrary.bytes(StorageKey.LENGTH)),
        size,
        new Hash(root));
  }

  private Audits.Challenge next() {
    return within(DAY).orElseThrow();
  }

  private boolean nothingFor(long time) {
    return within(time).isEmpty();
  }

  private Optional<Audits.Challenge> within(long time) {
    for (long until = now + time; now < until; now += SECOND) {
      List<Audits.Challenge> due = audits.due(now, 1);
      if (!due.isEmpty()) {
        return Optional.of(due.get(0));
      }
    }
    return Optional.empty();
  }
}
