package dev.p2pcp.jvm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One step on the way of batches to the disk, with a thread of its own that takes all that waits at
 * once, in the order in which it came. A thread of the platform, since waiting for a disk would
 * keep a virtual one from sharing its carrier. What waits is bounded by how many tasks there are,
 * as each waits for its batch.
 */
final class Stage {
  /** Most batches taken at once: none should wait for too many others. */
  private static final int TOGETHER = 128;

  /** What is done with batches; must not throw. */
  @FunctionalInterface
  interface Work {
    void on(List<Commit> together);
  }

  private final Work work;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Commit> waiting = new ArrayDeque<>();
  private boolean ending;
  private final Thread thread;

  Stage(String name, Work work) {
    this.work = work;
    thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void add(Collection<Commit> commits) {
    lock.lock();
    try {
      waiting.addAll(commits);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the thread once nothing waits, and waits for that. */
  void end() {
    lock.lock();
    try {
      ending = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    for (List<Commit> next = next(); !next.isEmpty(); next = next()) {
      work.on(next);
    }
  }

  /** What waits, as soon as there is something; nothing at the end. */
  private List<Commit> next() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !ending) {
        changed.awaitUninterruptibly();
      }
      List<Commit> next = new ArrayList<>();
      while (!waiting.isEmpty() && next.size() < TOGETHER) {
        next.add(waiting.remove());
      }
      return next;
    } finally {
      lock.unlock();
    }
  }
}
