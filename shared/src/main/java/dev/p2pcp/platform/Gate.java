package dev.p2pcp.platform;

import java.util.ArrayDeque;
import java.util.Deque;

/** Lets at most so many tasks in at once; the others wait in order of arrival. */
public final class Gate {
  private final Tasks tasks;
  private final Deque<Pending<Boolean>> waiting = new ArrayDeque<>();
  private int free;

  public Gate(Tasks tasks, int places) {
    this.tasks = tasks;
    this.free = places;
  }

  /** Suspends until there is a place. False if the deadline passed first. */
  public boolean enter(Deadline deadline) {
    Pending<Boolean> turn;
    synchronized (this) {
      if (free > 0) {
        free--;
        return true;
      }
      turn = tasks.pending();
      waiting.add(turn);
    }
    if (turn.await(deadline).isPresent()) {
      return true;
    }
    if (turn.complete(false)) {
      synchronized (this) {
        waiting.remove(turn);
      }
      return false;
    }
    return true;
  }

  /** Gives the place to who waits longest. */
  public synchronized void leave() {
    while (true) {
      Pending<Boolean> next = waiting.poll();
      if (next == null) {
        free++;
        return;
      }
      if (next.complete(true)) {
        return;
      }
    }
  }
}
