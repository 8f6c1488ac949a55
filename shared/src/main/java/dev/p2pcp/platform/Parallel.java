package dev.p2pcp.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs a bounded number of tasks beside each other and waits for all. */
public final class Parallel {
  private Parallel() {}

  /**
   * Work on one element; may suspend. An interface of our own: the browser's compiler turns
   * whatever calls an interface that has a suspending implementation into a state machine, and
   * {@code java.util.function} is called everywhere.
   */
  @FunctionalInterface
  public interface Action<T> {
    void on(T element);
  }

  /**
   * Calls the action for every element, at most {@code width} at once. Suspends until all calls
   * have returned, or until the deadline; calls that go on after it are not waited for.
   */
  public static <T> void forEach(
      Platform platform, List<T> elements, int width, Deadline deadline, Action<T> action) {
    Gate gate = new Gate(platform.tasks(), width);
    List<Pending<Boolean>> running = new ArrayList<>();
    for (T element : elements) {
      if (!gate.enter(deadline)) {
        return;
      }
      Pending<Boolean> done = platform.tasks().pending();
      running.add(done);
      platform
          .tasks()
          .spawn(
              "parallel",
              () -> {
                try {
                  action.on(element);
                } finally {
                  gate.leave();
                  done.complete(true);
                }
              });
    }
    for (Pending<Boolean> done : running) {
      Optional<Boolean> ended = done.await(deadline);
      if (ended.isEmpty()) {
        return;
      }
    }
  }
}
