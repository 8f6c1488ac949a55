package dev.p2pcp.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Small runs that every build makes; longer ones are made by hand. */
class WorldTest {
  @Test
  void who_stays_online_keeps_every_copy_though_the_index_forgets_all_again_and_again() {
    Tally tally = run(Scenarios.with(Scenarios.calm(1, 8, 1), Scenarios.kills(5)));
    assertThat(tally.samples())
        .allMatch(sample -> sample.copies() == 3L * sample.blocks())
        .allMatch(sample -> sample.readable() == sample.blocks());
    assertThat(tally.kills()).isEqualTo(5);
    assertThat(tally.ledgers()).isEqualTo(40);
    assertThat(tally.ledgersUnequal()).isZero();
    assertThat(tally.readsDone()).isGreaterThan(tally.reads() * 95 / 100);
    assertThat(tally.failures()).isEmpty();
  }

  @Test
  void what_people_who_come_and_go_can_prove_the_index_counts_as_if_it_never_forgot() {
    Tally tally = run(Scenarios.with(Scenarios.lively(1), Scenarios.kills(5)));
    assertThat(tally.kills()).isEqualTo(15);
    assertThat(tally.relearnt()).hasSize(15);
    assertThat(tally.relearnt()).flatExtracting(Amnesia.Outcome::differences).isEmpty();
    assertThat(tally.ledgersUnequal()).isZero();
    assertThat(tally.entriesEqual()).isGreaterThan(3_000);
    // What began or ended in a quarter of an hour is little.
    assertThat(tally.entriesChanged()).isLessThan(tally.entriesEqual() / 100);
    assertThat(tally.samples()).allMatch(sample -> sample.lost() == 0);
  }

  @Test
  void both_halves_of_a_network_that_was_cut_agree_with_an_index_that_never_forgot() {
    Tally tally = run(Scenarios.with(Scenarios.lively(2), Scenarios.cut(0.5, 6, 8)));
    assertThat(tally.relearnt()).flatExtracting(Amnesia.Outcome::differences).isEmpty();
    assertThat(tally.ledgersUnequal()).isZero();
    assertThat(tally.entriesEqual()).isGreaterThan(3_000);
    assertThat(tally.samples()).allMatch(sample -> sample.lost() == 0);
  }

  @Test
  void what_was_replaced_while_half_of_the_network_was_cut_off_is_released_when_it_heals() {
    // For longer than any holder is waited for: from the 96th hour to the 180th.
    Tally tally = run(Scenarios.with(Scenarios.calm(3, 12, 8), Scenarios.cut(0.5, 84)));
    List<Tally.Sample> samples = tally.samples();
    long wanted = 3L * samples.getFirst().blocks();
    assertThat(samples.get(167).copies()).isEqualTo(wanted);
    assertThat(samples.get(179).surplus()).isGreaterThan(wanted / 8);
    assertThat(samples.get(181).surplus()).isZero();
    assertThat(samples.getLast().copies()).isEqualTo(wanted);
  }

  @Test
  void half_of_the_network_is_cut_off_for_hours_and_nothing_is_lost() {
    Tally tally = run(Scenarios.with(Scenarios.calm(2, 8, 1), Scenarios.cut(0.5, 6)));
    Tally.Sample apart = tally.samples().get(15);
    assertThat(apart.agentsOnline()).isEqualTo(8);
    Tally.Sample last = tally.samples().getLast();
    assertThat(last.lost()).isZero();
    assertThat(last.copies()).isEqualTo(3L * last.blocks());
    assertThat(tally.readsDone()).isLessThan(tally.reads());
    // Who is cut off rests between its attempts.
    assertThat(tally.turns()).isLessThan(200_000);
  }

  @Test
  void people_whose_browsers_are_cleared_have_everything_back() {
    Scenario often =
        Scenarios.with(
            Scenarios.with(
                Scenarios.calm(3, 16, 4), new Scenario.People(16, 0.3, 1.2, 0.5, 0.125, 1, 10)),
            new Scenario.Data(4, 4));
    Tally tally = run(Scenarios.with(often, Scenarios.kills(1)));
    assertThat(tally.clearedCount()).isPositive();
    assertThat(tally.samples().getLast().lost()).isZero();
  }

  @Test
  void copies_outlive_their_receipts_though_their_owners_are_mostly_away() {
    Scenario away =
        Scenarios.with(
            Scenarios.with(
                Scenarios.calm(4, 8, 32), new Scenario.People(8, 0.2, 1.2, 0, 0.5, 1, 0)),
            new Scenario.Data(3, 1));
    Tally tally = run(away);
    // None is lost on the last day; of who was away for long there may be one too many.
    assertThat(tally.samples())
        .allMatch(sample -> sample.copies() >= 3L * sample.blocks())
        .allMatch(sample -> sample.atRisk() == 0);
    assertThat(tally.failures()).isEmpty();
  }

  @Test
  void most_who_drop_or_forge_what_others_stored_are_caught_and_nobody_else_is_accused() {
    Scenario.Cheaters cheaters = new Scenario.Cheaters(0.2, 0, 0.1, 0, 0, 0, 0);
    Tally tally =
        run(
            Scenarios.with(
                Scenarios.with(Scenarios.calm(5, 20, 2), new Scenario.Data(4, 8)), cheaters));
    assertThat(tally.cheaters()).isEqualTo(6);
    assertThat(tally.tried()).isPositive();
    // Who dropped one block of many is found by luck.
    assertThat(tally.caughtInTime()).isGreaterThan(tally.tried() / 2);
    assertThat(tally.samples().getLast().accused()).isZero();
  }

  @Test
  void nobody_has_to_show_more_than_a_days_bytes_though_the_index_forgets_what_it_asked_for() {
    Scenario.People people = new Scenario.People(16, 0.4, 2.4, 0, 0.125, 1, 0);
    Scenario scenario = Scenarios.with(Scenarios.calm(10, 16, 2), people);
    Tally tally =
        run(Scenarios.with(Scenarios.with(scenario, new Scenario.Data(4, 10)), Scenarios.kills(5)));
    assertThat(tally.auditMost()).isBetween(40 * 1024L, 50 * 1024L);
    assertThat(tally.samples().getLast().accused()).isZero();
  }

  @Test
  void all_disks_of_a_third_of_the_people_go_at_once_and_what_is_left_is_repaired() {
    Scenario.Trouble loss = Scenarios.loss(0.33, Scenario.Who.TABS);
    Scenario people =
        Scenarios.with(Scenarios.calm(6, 18, 6), new Scenario.People(18, 0.5, 2, 0, 0.17, 1, 0));
    Tally tally = run(Scenarios.with(Scenarios.with(people, new Scenario.Data(4, 3)), loss));
    Tally.Sample after = tally.samples().get(24);
    assertThat(after.copies()).isLessThan(4L * after.blocks() * 9 / 10);
    Tally.Sample last = tally.samples().getLast();
    assertThat(last.lost()).isZero();
    assertThat(last.copies()).isGreaterThanOrEqualTo(4L * last.blocks() * 95 / 100);
  }

  @Test
  void an_index_that_keeps_locations_to_itself_costs_reads_but_no_data() {
    Tally tally =
        run(Scenarios.with(Scenarios.calm(7, 8, 1), new Scenario.Network(20, 60, 0, 0.5)));
    assertThat(tally.samples().getLast().lost()).isZero();
    assertThat(tally.readsDone()).isBetween(tally.reads() / 4, tally.reads() - 1);
  }

  @Test
  void many_accounts_over_one_storage_gain_no_more_than_one_that_keeps_as_much() {
    Scenario.People people = new Scenario.People(40, 0.6, 4, 0, 0.05, 1, 0);
    Scenario.Cheaters sybils = new Scenario.Cheaters(0, 0, 0, 0, 40, 0, 0);
    Tally tally =
        run(
            Scenarios.with(
                Scenarios.with(
                    Scenarios.with(Scenarios.calm(9, 40, 1), people), new Scenario.Data(4, 8)),
                sybils));
    Operator.Outcome outcome = tally.outcome();
    assertThat(outcome.accounts()).isEqualTo(40);
    assertThat(outcome.kept()).isPositive();
    assertThat(outcome.honestGained()).isGreaterThan(200);
    assertThat(outcome.gained()).isPositive();
    assertThat(outcome.ratio()).isLessThan(1.05);
  }

  @Test
  void pairs_that_sign_for_each_other_gain_nothing() {
    Scenario.People people = new Scenario.People(12, 0.6, 4, 0, 0.1, 1, 0);
    Scenario.Cheaters pacts = new Scenario.Cheaters(0, 0, 0, 0, 0, 1, 0);
    Tally tally =
        run(
            Scenarios.with(
                Scenarios.with(
                    Scenarios.with(Scenarios.calm(11, 12, 1), people), new Scenario.Data(4, 4)),
                pacts));
    Operator.Outcome outcome = tally.outcome();
    assertThat(outcome.accounts()).isEqualTo(2);
    assertThat(outcome.honestGained()).isGreaterThan(100);
    assertThat(outcome.gained()).isGreaterThan(100);
    assertThat(outcome.ratio()).isLessThan(1.05);
  }

  @Test
  void what_cannot_be_simulated_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Scenario.People(0, 1, 1.2, 0, 0, 1, 0))
        .withMessage("agents: 1 to 100000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Scenario.People(10, 0, 1.2, 0, 0, 1, 0))
        .withMessageStartingWith("online");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Scenario.Cheaters(0.5, 0.5, 0.5, 0, 0, 0, 0))
        .withMessageStartingWith("drop");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Scenarios.with(Scenarios.calm(1, 1, 1), Scenarios.cut(1, 25)))
        .withMessageStartingWith("cut-hours");
  }

  private static Tally run(Scenario scenario) {
    return new World(scenario).run((day, sample) -> {});
  }
}
