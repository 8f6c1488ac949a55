package dev.p2pcp.simulator;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is to happen, in the order of time and, at the same moment, of entry. What is for the
 * current moment waits in a queue, the rest in a binary heap whose entries know their place, so
 * that a deadline that is not needed any more goes at once: most never pass.
 */
final class Agenda {
  private static final int FIRST_ROOM = 1_024;
  private static final int NOWHERE = -1;

  private final ArrayDeque<Entry> now = new ArrayDeque<>();
  private @Nullable Entry[] heap = new @Nullable Entry[FIRST_ROOM];
  private int size;
  private long entered;

  /** What happens at a moment. */
  static final class Entry {
    private final long at;
    private final long order;
    private final Runnable action;
    private int place = NOWHERE;

    private Entry(long at, long order, Runnable action) {
      this.at = at;
      this.order = order;
      this.action = action;
    }

    long at() {
      return at;
    }

    void happen() {
      action.run();
    }

    private boolean isBefore(Entry other) {
      return at != other.at ? at < other.at : order < other.order;
    }
  }

  /** For the current moment, which is that of the last entry that was taken. */
  void addNow(long moment, Runnable action) {
    now.add(new Entry(moment, entered++, action));
  }

  /** For a moment that is not before that of the last entry that was taken. */
  Entry add(long at, Runnable action) {
    Entry entry = new Entry(at, entered++, action);
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    rise(size++, entry);
    return entry;
  }

  /** It does not happen; nothing if it did already. */
  void cancel(Entry entry) {
    int hole = entry.place;
    if (hole == NOWHERE) {
      return;
    }
    entry.place = NOWHERE;
    Entry last = removeLast();
    if (last != entry) {
      if (hole > 0 && last.isBefore(at((hole - 1) / 2))) {
        rise(hole, last);
      } else {
        sink(hole, last);
      }
    }
  }

  /** Takes what comes first, if that is not after the given moment. */
  @Nullable Entry takeUntil(long moment) {
    Entry soon = now.peek();
    Entry first = size > 0 ? at(0) : null;
    if (soon != null && (first == null || soon.isBefore(first))) {
      return now.poll();
    }
    if (first == null || first.at > moment) {
      return null;
    }
    cancel(first);
    return first;
  }

  private Entry at(int place) {
    return Objects.requireNonNull(heap[place]);
  }

  private Entry removeLast() {
    Entry last = at(--size);
    heap[size] = null;
    return last;
  }

  private void put(int place, Entry entry) {
    heap[place] = entry;
    entry.place = place;
  }

  private void rise(int from, Entry entry) {
    int place = from;
    while (place > 0 && entry.isBefore(at((place - 1) / 2))) {
      put(place, at((place - 1) / 2));
      place = (place - 1) / 2;
    }
    put(place, entry);
  }

  private void sink(int from, Entry entry) {
    int place = from;
    while (2 * place + 1 < size) {
      int child = 2 * place + 1;
      if (child + 1 < size && at(child + 1).isBefore(at(child))) {
        child++;
      }
      if (entry.isBefore(at(child))) {
        break;
      }
      put(place, at(child));
      place = child;
    }
    put(place, entry);
  }
}
