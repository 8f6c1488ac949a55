package dev.p2pcp.index;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sealed signals that wait until their receivers pull them. Each connected peer has a box of {@link
 * #ROOM} signals, of which one sender has {@link #SHARE}; where there is no room the oldest of who
 * has the most there gives way. A receiver is rung once, and again only after it has pulled, so one
 * frame in never makes more than one out.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class Mailboxes {
  /** Signals that wait for one peer. */
  public static final int ROOM = 32;

  /** Of them from one sender. */
  public static final int SHARE = 8;

  /** A signal that has waited longer is dropped, in milliseconds. */
  public static final long LIFE = 30_000;

  /** Bytes that wait in all boxes together. */
  public static final long TOTAL = 64L << 20;

  /** Between two searches of all boxes for what is over, in milliseconds. */
  private static final long SWEEP = 1_000;

  /** What became of a signal. */
  public enum Posted {
    /** It waits, and the receiver is to be rung. */
    RING,
    /** It waits with others, of which the receiver was told. */
    WAITS,
    /** There is no room in all boxes together. */
    FULL,
    /** The peer is not connected here. */
    UNKNOWN
  }

  private final Map<PeerId, Box> boxes = new HashMap<>();
  private long bytes;
  private long swept = Long.MIN_VALUE;

  private record Letter(PeerId from, Bytes sealed, long since) {}

  private static final class Box {
    final LinkedList<Letter> letters = new LinkedList<>();
    boolean rung;
  }

  /** The peer is connected; what it had waiting stays. */
  public void open(PeerId peer) {
    boxes.computeIfAbsent(peer, p -> new Box()).rung = false;
  }

  /** The peer is gone, with all that waited for it. */
  public void close(PeerId peer) {
    Box box = boxes.remove(peer);
    if (box != null) {
      box.letters.forEach(letter -> bytes -= letter.sealed.length());
    }
  }

  /** Whether there is a box. */
  public boolean has(PeerId peer) {
    return boxes.containsKey(peer);
  }

  /** Whether signals wait for the peer now. */
  public boolean isWaiting(PeerId peer, long ticks) {
    Box box = boxes.get(peer);
    if (box == null) {
      return false;
    }
    dropOld(box, ticks);
    return !box.letters.isEmpty();
  }

  /** Takes a signal at that moment of a clock that never goes back. */
  public Posted post(PeerId from, PeerId to, Bytes sealed, long ticks) {
    Box box = boxes.get(to);
    if (box == null) {
      return Posted.UNKNOWN;
    }
    dropOld(box, ticks);
    if (bytes + sealed.length() > TOTAL) {
      sweep(ticks);
      if (bytes + sealed.length() > TOTAL) {
        return Posted.FULL;
      }
    }
    if (countOf(box, from) >= SHARE) {
      drop(box, from);
    } else if (box.letters.size() >= ROOM) {
      drop(box, greediest(box));
    }
    box.letters.add(new Letter(from, sealed, ticks));
    bytes += sealed.length();
    if (box.rung) {
      return Posted.WAITS;
    }
    box.rung = true;
    return Posted.RING;
  }

  /** What waits for the peer, oldest first, as much as fits one answer. */
  public SessionFrame.Signals pull(PeerId peer, long id, long ticks) {
    @Nullable Box box = boxes.get(peer);
    List<SessionFrame.Signals.Note> notes = new ArrayList<>();
    if (box == null) {
      return new SessionFrame.Signals(id, false, notes);
    }
    dropOld(box, ticks);
    box.rung = false;
    int left = Limits.SIGNALS_BYTES;
    while (!box.letters.isEmpty() && notes.size() < Limits.SIGNALS) {
      Letter letter = box.letters.getFirst();
      left -= PeerId.LENGTH + Short.BYTES + letter.sealed.length();
      if (left < 0) {
        break;
      }
      box.letters.removeFirst();
      bytes -= letter.sealed.length();
      notes.add(new SessionFrame.Signals.Note(letter.from, letter.sealed));
    }
    return new SessionFrame.Signals(id, !box.letters.isEmpty(), notes);
  }

  private static long countOf(Box box, PeerId from) {
    return box.letters.stream().filter(letter -> letter.from.equals(from)).count();
  }

  /** Who has the most signals there; of several, who has the oldest. */
  private static PeerId greediest(Box box) {
    PeerId most = box.letters.getFirst().from;
    for (Letter letter : box.letters) {
      if (countOf(box, letter.from) > countOf(box, most)) {
        most = letter.from;
      }
    }
    return most;
  }

  /** The oldest of that sender goes. */
  private void drop(Box box, PeerId from) {
    Iterator<Letter> letters = box.letters.iterator();
    while (letters.hasNext()) {
      Letter letter = letters.next();
      if (letter.from.equals(from)) {
        letters.remove();
        bytes -= letter.sealed.length();
        return;
      }
    }
  }

  private void dropOld(Box box, long ticks) {
    while (!box.letters.isEmpty() && ticks - box.letters.getFirst().since > LIFE) {
      bytes -= box.letters.removeFirst().sealed.length();
    }
  }

  private void sweep(long ticks) {
    if (swept == Long.MIN_VALUE || ticks - swept >= SWEEP) {
      swept = ticks;
      boxes.values().forEach(box -> dropOld(box, ticks));
    }
  }
}
