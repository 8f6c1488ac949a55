package dev.p2pcp.server.cluster;

import dev.p2pcp.bytes.Bytes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one other member has yet to be told of the sessions here: first all of them, in order of
 * their numbers, then what changes. One note is under way at a time, and what changes meanwhile
 * goes into the next, so that a storm of logins makes few notes. What a note says is read when it
 * is made: of changes only the numbers wait, each once.
 */
final class RosterOutbox {
  private static final int FIRST = 0;
  private static final int END = Integer.MAX_VALUE;

  private final NavigableMap<Integer, Seat> own;
  private final Set<Integer> changed = new LinkedHashSet<>();
  private int told = FIRST;
  private @Nullable RosterNote underWay;

  /** To tell of these sessions, which others change. */
  RosterOutbox(NavigableMap<Integer, Seat> own) {
    this.own = own;
  }

  /** A session came or went. */
  synchronized void changed(int number) {
    changed.add(number);
  }

  /** The next note, if there is something to say and none is under way. */
  synchronized Optional<Bytes> next() {
    if (underWay != null || told == END && changed.isEmpty()) {
      return Optional.empty();
    }
    underWay = told == END ? changes() : stretch();
    return Optional.of(underWay.encoded());
  }

  /** Whether the note was read; if not it will be said again. */
  synchronized void done(boolean read) {
    RosterNote note = underWay;
    underWay = null;
    if (note == null) {
      return;
    }
    if (note.to() > FIRST) {
      told = read ? note.to() : note.from();
    } else if (!read) {
      note.seats().forEach(seat -> changed.add(seat.number()));
      changed.addAll(note.gone());
    }
  }

  /** Sends until nothing is left to say; afterwards the consumer is told if a note was not read. */
  void send(Sender sender, Runnable failed) {
    next()
        .ifPresent(
            text ->
                sender.send(
                    text,
                    read -> {
                      done(read);
                      if (read) {
                        send(sender, failed);
                      } else {
                        failed.run();
                      }
                    }));
  }

  /** Sends a note and tells whether it was read. */
  @FunctionalInterface
  interface Sender {
    void send(Bytes text, Consumer<Boolean> read);
  }

  private RosterNote changes() {
    List<Seat> seats = new ArrayList<>();
    List<Integer> gone = new ArrayList<>();
    Iterator<Integer> numbers = changed.iterator();
    while (numbers.hasNext() && seats.size() + gone.size() < RosterNote.MOST) {
      int number = numbers.next();
      numbers.remove();
      Seat seat = own.get(number);
      if (seat == null) {
        gone.add(number);
      } else {
        seats.add(seat);
      }
    }
    return new RosterNote(FIRST, FIRST, seats, gone);
  }

  private RosterNote stretch() {
    List<Seat> seats = own.tailMap(told, true).values().stream().limit(RosterNote.MOST).toList();
    int to = seats.size() < RosterNote.MOST ? END : seats.getLast().number() + 1;
    return new RosterNote(told, to, seats, List.of());
  }
}
