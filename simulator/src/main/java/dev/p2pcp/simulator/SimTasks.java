package dev.p2pcp.simulator;

import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of which one runs at a time, in the order of simulated time and, at the same moment, in the
 * order in which they became ready: a discrete-event simulation whose events are turns of ordinary
 * blocking code. All run on the thread that calls {@link #runUntil}.
 */
final class SimTasks implements Tasks {
  private final SimClock clock;
  private final Agenda agenda = new Agenda();
  private long turns;
  private @Nullable Turn running;
  private @Nullable Throwable crash;

  SimTasks(SimClock clock) {
    this.clock = clock;
  }

  @Override
  public void spawn(String name, Runnable task) {
    agenda.addNow(clock.ticks(), new Turn(task));
  }

  @Override
  public <T> Pending<T> pending() {
    return new SimPending<>();
  }

  @Override
  public void sleep(long millis) {
    Turn turn = current();
    at(clock.ticks() + Math.max(0, millis), turn);
    Strand.suspend();
  }

  /** Does something that does not suspend at that moment, or now if it has passed. */
  void at(long ticks, Runnable action) {
    if (ticks <= clock.ticks()) {
      agenda.addNow(clock.ticks(), action);
    } else {
      agenda.add(ticks, action);
    }
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
    Agenda.Entry next = agenda.takeUntil(ticks);
    while (next != null) {
      clock.moveTo(next.at());
      next.happen();
      if (crash != null) {
        throw new IllegalStateException("a task crashed at " + clock.ticks(), crash);
      }
      next = agenda.takeUntil(ticks);
    }
    clock.moveTo(ticks);
  }

  private Turn current() {
    if (running == null) {
      throw new IllegalStateException("only a task may suspend");
    }
    return running;
  }

  /** The next turn of a task. */
  private final class Turn implements Runnable {
    private final Strand strand;

    Turn(Runnable task) {
      strand =
          new Strand(
              () -> {
                try {
                  task.run();
                } catch (RuntimeException | Error e) {
                  crash = e;
                }
              });
    }

    @Override
    public void run() {
      turns++;
      running = this;
      strand.run();
      running = null;
    }
  }

  private final class SimPending<T> implements Pending<T> {
    private @Nullable List<Waiter> waiters;
    private @Nullable T value;

    @Override
    public boolean complete(T first) {
      if (value != null) {
        return false;
      }
      value = first;
      if (waiters != null) {
        waiters.forEach(Waiter::wake);
        waiters = null;
      }
      return true;
    }

    @Override
    public Optional<T> await(Deadline deadline) {
      if (value == null && deadline.ticks() > clock.ticks()) {
        Waiter waiter = new Waiter(current());
        if (waiters == null) {
          waiters = new ArrayList<>(1);
        }
        waiters.add(waiter);
        if (deadline.ticks() < Long.MAX_VALUE) {
          waiter.timer = agenda.add(deadline.ticks(), waiter);
        }
        Strand.suspend();
        if (waiters != null) {
          waiters.remove(waiter);
        }
      }
      return Optional.ofNullable(value);
    }

    @Override
    public boolean isComplete() {
      return value != null;
    }
  }

  /** Somebody who waits and is woken once, by the value or by the deadline. */
  private final class Waiter implements Runnable {
    private final Turn turn;
    private Agenda.@Nullable Entry timer;
    private boolean woken;

    Waiter(Turn turn) {
      this.turn = turn;
    }

    /** By the value. */
    void wake() {
      if (!woken) {
        woken = true;
        if (timer != null) {
          agenda.cancel(timer);
        }
        agenda.addNow(clock.ticks(), turn);
      }
    }

    /** By the deadline. */
    @Override
    public void run() {
      if (!woken) {
        woken = true;
        turn.run();
      }
    }
  }
}
