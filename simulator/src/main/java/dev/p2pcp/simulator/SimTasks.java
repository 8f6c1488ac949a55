package dev.p2pcp.simulator;

import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of which one runs at a time, in the order of simulated time and, at the same moment, in the
 * order in which they became ready: a discrete-event simulation whose events are turns of ordinary
 * blocking code. Each task has a virtual thread that sleeps until it is given the turn and hands it
 * back when it suspends or ends, so nothing here depends on how threads are scheduled.
 */
final class SimTasks implements Tasks {
  private final SimClock clock;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long scheduled;
  private long turns;
  private @Nullable Strand running;
  private @Nullable Thread driver;
  private @Nullable Throwable crash;

  SimTasks(SimClock clock) {
    this.clock = clock;
  }

  /** What happens at a moment of {@link SimClock#ticks}. */
  private record Event(long at, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  @Override
  public void spawn(String name, Runnable task) {
    Strand strand = new Strand(name, task);
    at(clock.ticks(), strand::run);
  }

  @Override
  public <T> Pending<T> pending() {
    return new SimPending<>();
  }

  @Override
  public void sleep(long millis) {
    Strand strand = current();
    at(clock.ticks() + Math.max(0, millis), strand::run);
    strand.suspend();
  }

  /** Does something that does not suspend at that moment, or now if it has passed. */
  void at(long ticks, Runnable action) {
    events.add(new Event(Math.max(ticks, clock.ticks()), scheduled++, action));
  }

  /** Turns given so far. */
  long turns() {
    return turns;
  }

  /**
   * Lets everything happen up to that moment.
   *
   * @throws IllegalStateException if a task threw
   */
  void runUntil(long ticks) {
    driver = Thread.currentThread();
    while (!events.isEmpty() && events.peek().at <= ticks) {
      Event next = events.remove();
      clock.moveTo(next.at);
      next.action.run();
      if (crash != null) {
        throw new IllegalStateException("a task crashed at " + clock.ticks(), crash);
      }
    }
    clock.moveTo(ticks);
  }

  private Strand current() {
    if (running == null) {
      throw new IllegalStateException("only a task may suspend");
    }
    return running;
  }

  /** A task with its thread. */
  private final class Strand {
    private final Thread thread;
    private volatile boolean turn;
    private boolean started;

    Strand(String name, Runnable task) {
      thread =
          Thread.ofVirtual()
              .name(name)
              .unstarted(
                  () -> {
                    try {
                      task.run();
                    } catch (RuntimeException | Error e) {
                      crash = e;
                    } finally {
                      handBack();
                    }
                  });
    }

    /** Gives it the turn; returns when it hands it back. Called by the driver. */
    void run() {
      turns++;
      running = this;
      turn = true;
      if (started) {
        LockSupport.unpark(thread);
      } else {
        started = true;
        thread.start();
      }
      while (turn) {
        LockSupport.park(this);
      }
      running = null;
    }

    /** Hands the turn back and waits for the next one. Called by the task itself. */
    void suspend() {
      handBack();
      while (!turn) {
        LockSupport.park(this);
      }
    }

    private void handBack() {
      turn = false;
      LockSupport.unpark(driver);
    }
  }

  private final class SimPending<T> implements Pending<T> {
    private final List<Waiter> waiters = new ArrayList<>(1);
    private @Nullable T value;

    @Override
    public boolean complete(T first) {
      if (value != null) {
        return false;
      }
      value = first;
      for (Waiter waiter : waiters) {
        waiter.wake(clock.ticks());
      }
      waiters.clear();
      return true;
    }

    @Override
    public Optional<T> await(Deadline deadline) {
      if (value == null && deadline.ticks() > clock.ticks()) {
        Waiter waiter = new Waiter(current());
        waiters.add(waiter);
        if (deadline.ticks() < Long.MAX_VALUE) {
          waiter.wake(deadline.ticks());
        }
        waiter.strand.suspend();
        waiters.remove(waiter);
      }
      return Optional.ofNullable(value);
    }

    @Override
    public boolean isComplete() {
      return value != null;
    }
  }

  /** Somebody who waits and is woken once, by the value or by the deadline. */
  private final class Waiter {
    private final Strand strand;
    private boolean woken;

    Waiter(Strand strand) {
      this.strand = strand;
    }

    void wake(long ticks) {
      at(
          ticks,
          () -> {
            if (!woken) {
              woken = true;
              strand.run();
            }
          });
    }
  }
}
