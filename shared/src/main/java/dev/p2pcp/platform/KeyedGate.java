package dev.p2pcp.platform;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Lets one task at a time work on each key; tasks on other keys go on. */
public final class KeyedGate<K> {
  private final Tasks tasks;
  private final Map<K, Entry> busy = new HashMap<>();

  private static final class Entry {
    final Gate gate;
    int users;

    Entry(Tasks tasks) {
      gate = new Gate(tasks, 1);
    }
  }

  public KeyedGate(Tasks tasks) {
    this.tasks = tasks;
  }

  /** Suspends until nobody else works on the key. False if the deadline passed first. */
  public boolean enter(K key, Deadline deadline) {
    Entry entry;
    synchronized (this) {
      entry = busy.computeIfAbsent(key, k -> new Entry(tasks));
      entry.users++;
    }
    boolean entered = entry.gate.enter(deadline);
    if (!entered) {
      drop(key, entry);
    }
    return entered;
  }

  public void leave(K key) {
    Entry entry;
    synchronized (this) {
      entry = Objects.requireNonNull(busy.get(key), "left without having entered");
    }
    entry.gate.leave();
    drop(key, entry);
  }

  private synchronized void drop(K key, Entry entry) {
    entry.users--;
    if (entry.users == 0) {
      busy.remove(key);
    }
  }
}
