package dev.p2pcp.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimTasksTest {
  private final SimClock clock = new SimClock();
  private final SimTasks tasks = new SimTasks(clock);
  private final List<String> seen = new ArrayList<>();

  @Test
  void tasks_take_turns_in_the_order_of_time_and_of_their_beginning() {
    tasks.spawn("slow", () -> say("slow", 30, 30));
    tasks.spawn("fast", () -> say("fast", 10, 20));
    tasks.runUntil(100);
    assertThat(seen)
        .containsExactly(
            "slow at 0", "fast at 0", "fast at 10", "slow at 30", "fast at 30", "slow at 60");
    assertThat(clock.ticks()).isEqualTo(100);
    assertThat(clock.now()).isEqualTo(SimClock.EPOCH + 100);
  }

  @Test
  void who_waits_is_woken_once_by_the_value_or_by_the_deadline() {
    Pending<String> answer = tasks.pending();
    tasks.spawn("patient", () -> seen.add("patient " + answer.await(in(50)) + clock.ticks()));
    tasks.spawn("hasty", () -> seen.add("hasty " + answer.await(in(5)) + clock.ticks()));
    tasks.spawn(
        "answer",
        () -> {
          tasks.sleep(20);
          seen.add("first " + answer.complete("yes"));
          seen.add("second " + answer.complete("no"));
        });
    tasks.runUntil(100);
    assertThat(seen)
        .containsExactly(
            "hasty Optional.empty5", "first true", "second false", "patient Optional[yes]20");
    assertThat(answer.isComplete()).isTrue();
  }

  @Test
  void nothing_happens_after_the_moment_that_is_asked_for() {
    tasks.spawn("later", () -> say("later", 50));
    tasks.runUntil(49);
    assertThat(seen).containsExactly("later at 0");
    tasks.runUntil(50);
    assertThat(seen).containsExactly("later at 0", "later at 50");
  }

  @Test
  void a_crash_ends_the_run() {
    tasks.spawn(
        "broken",
        () -> {
          tasks.sleep(10);
          throw new IllegalArgumentException("broken");
        });
    assertThatIllegalStateException()
        .isThrownBy(() -> tasks.runUntil(100))
        .withMessageContaining("10")
        .withCauseInstanceOf(IllegalArgumentException.class);
  }

  private void say(String who, long... pauses) {
    seen.add(who + " at " + clock.ticks());
    for (long pause : pauses) {
      tasks.sleep(pause);
      seen.add(who + " at " + clock.ticks());
    }
  }

  private Deadline in(long millis) {
    return Deadline.in(clock, millis);
  }
}
