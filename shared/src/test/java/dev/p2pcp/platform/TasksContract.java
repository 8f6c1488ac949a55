package dev.p2pcp.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every kind of concurrency does. */
@Timeout(30)
public abstract class TasksContract {
  private static final long SOON = 20;
  private static final long LONG = 20_000;

  /** The tasks under test. */
  protected abstract Tasks tasks();

  /** The clock of their deadlines. */
  protected abstract Clock clock();

  @Test
  void a_task_runs_beside_its_caller() {
    Tasks tasks = tasks();
    Pending<String> question = tasks.pending();
    Pending<String> answer = tasks.pending();
    tasks.spawn("answering", () -> answer.complete(question.await(later()).orElseThrow() + "!"));
    question.complete("hello");
    assertThat(answer.await(later())).contains("hello!");
  }

  @Test
  void the_first_completion_wins() {
    Pending<String> pending = tasks().pending();
    assertThat(pending.isComplete()).isFalse();
    assertThat(pending.complete("first")).isTrue();
    assertThat(pending.complete("second")).isFalse();
    assertThat(pending.isComplete()).isTrue();
    assertThat(pending.await(later())).contains("first");
    assertThat(pending.await(later())).contains("first");
  }

  @Test
  void a_value_that_is_there_is_given_even_after_the_deadline() {
    Pending<String> pending = tasks().pending();
    pending.complete("there");
    assertThat(pending.await(Deadline.in(clock(), 0))).contains("there");
  }

  @Test
  void waiting_ends_at_the_deadline_and_the_value_may_still_come() {
    Pending<String> pending = tasks().pending();
    long begun = clock().ticks();
    assertThat(pending.await(Deadline.in(clock(), SOON))).isEmpty();
    assertThat(clock().ticks() - begun).isGreaterThanOrEqualTo(SOON);
    assertThat(pending.complete("late")).isTrue();
    assertThat(pending.await(later())).contains("late");
  }

  @Test
  void all_who_wait_get_the_value() {
    Tasks tasks = tasks();
    Pending<Integer> pending = tasks.pending();
    List<Pending<Boolean>> waiting = new ArrayList<>();
    List<Pending<Integer>> received = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Pending<Boolean> waits = tasks.pending();
      Pending<Integer> result = tasks.pending();
      waiting.add(waits);
      received.add(result);
      tasks.spawn(
          "waiting",
          () -> {
            waits.complete(true);
            result.complete(pending.await(later()).orElseThrow());
          });
    }
    waiting.forEach(waits -> assertThat(waits.await(later())).contains(true));
    pending.complete(42);
    received.forEach(result -> assertThat(result.await(later())).contains(42));
  }

  @Test
  void sleeping_takes_its_time_and_lets_others_run() {
    Tasks tasks = tasks();
    Pending<Boolean> other = tasks.pending();
    tasks.spawn("other", () -> other.complete(true));
    long begun = clock().ticks();
    tasks.sleep(SOON);
    assertThat(clock().ticks() - begun).isGreaterThanOrEqualTo(SOON);
    assertThat(other.await(later())).contains(true);
    tasks.sleep(0);
  }

  private Deadline later() {
    return Deadline.in(clock(), LONG);
  }
}
