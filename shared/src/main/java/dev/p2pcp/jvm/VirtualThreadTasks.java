package dev.p2pcp.jvm;

import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Tasks;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One virtual thread for each task. Waits ignore interruption, which the core does not know, and
 * hand it on to whoever interrupted once they are over.
 */
public final class VirtualThreadTasks implements Tasks {
  private final Clock clock;
  private final CrashHandler crashes;

  /** Hears of tasks that threw; called in the task's thread. */
  @FunctionalInterface
  public interface CrashHandler {
    void crashed(String task, Throwable cause);
  }

  public VirtualThreadTasks(Clock clock, CrashHandler crashes) {
    this.clock = clock;
    this.crashes = crashes;
  }

  @Override
  public void spawn(String name, Runnable task) {
    Thread.ofVirtual()
        .name(name)
        .uncaughtExceptionHandler((thread, cause) -> crashes.crashed(name, cause))
        .start(task);
  }

  @Override
  public <T> Pending<T> pending() {
    return new LockedPending<>(clock);
  }

  @Override
  public void sleep(long millis) {
    Deadline deadline = Deadline.in(clock, millis);
    boolean interrupted = false;
    for (long left = millis; left > 0; left = deadline.left(clock)) {
      try {
        Thread.sleep(left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class LockedPending<T> implements Pending<T> {
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition completed = lock.newCondition();
    private @Nullable T value;

    LockedPending(Clock clock) {
      this.clock = clock;
    }

    @Override
    public boolean complete(T first) {
      lock.lock();
      try {
        if (value != null) {
          return false;
        }
        value = first;
        completed.signalAll();
        return true;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public Optional<T> await(Deadline deadline) {
      boolean interrupted = false;
      lock.lock();
      try {
        for (long left = deadline.left(clock);
            value == null && left > 0;
            left = deadline.left(clock)) {
          try {
            // The result does not matter: value and clock are asked again.
            boolean _ = completed.await(left, TimeUnit.MILLISECONDS);
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        return Optional.ofNullable(value);
      } finally {
        lock.unlock();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public boolean isComplete() {
      lock.lock();
      try {
        return value != null;
      } finally {
        lock.unlock();
      }
    }
  }
}
