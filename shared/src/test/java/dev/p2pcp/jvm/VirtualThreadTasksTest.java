package dev.p2pcp.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Tasks;
import dev.p2pcp.platform.TasksContract;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VirtualThreadTasksTest extends TasksContract {
  private final Clock clock = new JvmClock();
  private final BlockingQueue<String> crashes = new LinkedBlockingQueue<>();
  private final Tasks tasks =
      new VirtualThreadTasks(clock, (task, cause) -> crashes.add(task + ": " + cause.getMessage()));

  @Override
  protected Tasks tasks() {
    return tasks;
  }

  @Override
  protected Clock clock() {
    return clock;
  }

  @Test
  void a_task_that_throws_is_reported_by_its_name() throws InterruptedException {
    tasks.spawn(
        "careless",
        () -> {
          throw new IllegalStateException("impossible");
        });
    assertThat(crashes.poll(20, TimeUnit.SECONDS)).isEqualTo("careless: impossible");
  }

  @Test
  void an_interruption_does_not_end_a_wait_and_is_not_lost() {
    Pending<String> pending = tasks.pending();
    Pending<String> seen = tasks.pending();
    tasks.spawn(
        "interrupted",
        () -> {
          Thread.currentThread().interrupt();
          String value = pending.await(Deadline.in(clock, 20_000)).orElseThrow();
          seen.complete(value + " " + Thread.interrupted());
        });
    pending.complete("there");
    assertThat(seen.await(Deadline.in(clock, 20_000))).contains("there true");
  }
}
