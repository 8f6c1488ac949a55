package dev.p2pcp.server.cluster;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.SessionNumber;
import dev.p2pcp.platform.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.springframework.stereotype.Component;
import reactor.core.scheduler.Schedulers;

/**
 * Who is logged in where in the cluster. Every member knows all of it and only writes its own part:
 * it tells each other member everything once and then every change, so there is nothing to merge
 * after members were parted, and a dead member's part is dropped by each at once.
 */
@Component
public class Roster {
  /** Pause before a note that was not read is sent again, in milliseconds. */
  private static final long PAUSE = 250;

  private final Members members;
  private final Notes notes;
  private final Clock clock;
  private final NavigableMap<Integer, Seat> own = new ConcurrentSkipListMap<>();
  private final Map<Integer, Seat> byNumber = new ConcurrentHashMap<>();
  private final Map<PeerId, Seat> byPeer = new ConcurrentHashMap<>();
  private final Map<Integer, RosterOutbox> outboxes = new ConcurrentHashMap<>();
  private final List<IntConsumer> replaced = new CopyOnWriteArrayList<>();

  Roster(Members members, Notes notes, Clock clock) {
    this.members = members;
    this.notes = notes;
    this.clock = clock;
    notes.read(Notes.Subject.ROSTER, this::read);
    members.listen(new Neighbours());
  }

  /** A peer is logged in on this member from now on. */
  public void enter(int number, PeerId peer, AccountId account) {
    long now = clock.now();
    Seat before = byPeer.get(peer);
    // Clocks of members differ a little; the login that is made now is the later one.
    long since = before == null ? now : Math.max(now, before.since() + 1);
    Seat seat = new Seat(number, peer, account, since);
    own.put(number, seat);
    put(seat);
    changed(number);
  }

  /** That session of this member is over. */
  public void leave(int number) {
    own.remove(number);
    remove(number);
    changed(number);
  }

  /** Who has the session of that number, here or on another member. */
  public Optional<Seat> at(int number) {
    return Optional.ofNullable(byNumber.get(number));
  }

  /** Where a peer is logged in; of several logins the last. */
  public Optional<Seat> find(PeerId peer) {
    return Optional.ofNullable(byPeer.get(peer));
  }

  /** Sessions of all members. */
  public int size() {
    return byNumber.size();
  }

  /** Tells the numbers of sessions here whose peer has logged in anew on another member. */
  public void onReplaced(IntConsumer listener) {
    replaced.add(listener);
  }

  private void read(int from, Bytes text) throws MalformedFrameException {
    RosterNote note = RosterNote.decode(text);
    Set<Integer> told = new HashSet<>();
    for (Seat seat : note.seats()) {
      if (seat.member() != from) {
        throw new MalformedFrameException("seat of another member");
      }
      told.add(seat.number());
      endReplaced(seat);
      put(seat);
    }
    note.gone().forEach(this::remove);
    if (note.to() > note.from()) {
      for (int number : byNumber.keySet()) {
        if (SessionNumber.memberOf(number) == from
            && number >= note.from()
            && number < note.to()
            && !told.contains(number)) {
          remove(number);
        }
      }
    }
    if (members.find(from).isEmpty()) {
      drop(from);
    }
  }

  private void put(Seat seat) {
    Seat old = byNumber.put(seat.number(), seat);
    if (old != null && !old.peer().equals(seat.peer())) {
      byPeer.remove(old.peer(), old);
    }
    byPeer.merge(
        seat.peer(),
        seat,
        (known, next) -> known.number() == next.number() || next.isAfter(known) ? next : known);
  }

  private void remove(int number) {
    Seat seat = byNumber.remove(number);
    if (seat != null) {
      byPeer.remove(seat.peer(), seat);
    }
  }

  private void endReplaced(Seat elsewhere) {
    Seat here = byPeer.get(elsewhere.peer());
    if (here != null && here.member() == members.number() && elsewhere.isAfter(here)) {
      replaced.forEach(listener -> listener.accept(here.number()));
    }
  }

  private void drop(int member) {
    byNumber.keySet().stream()
        .filter(number -> SessionNumber.memberOf(number) == member)
        .forEach(this::remove);
  }

  private void changed(int number) {
    outboxes.forEach(
        (member, outbox) -> {
          outbox.changed(number);
          send(member, outbox);
        });
  }

  private void send(int member, RosterOutbox outbox) {
    outbox.send(
        (text, read) -> notes.send(member, Notes.Subject.ROSTER, text, read),
        () ->
            Schedulers.parallel()
                .schedule(() -> sendAgain(member, outbox), PAUSE, TimeUnit.MILLISECONDS));
  }

  @SuppressWarnings("ReferenceEquality") // The same box, not one that says the same.
  private void sendAgain(int member, RosterOutbox outbox) {
    if (outboxes.get(member) == outbox) {
      send(member, outbox);
    }
  }

  /** Keeps an outbox for each other member. */
  private final class Neighbours implements Members.Listener {
    @Override
    public void joined(int member) {
      RosterOutbox outbox = new RosterOutbox(own);
      outboxes.put(member, outbox);
      send(member, outbox);
    }

    @Override
    public void left(int member) {
      outboxes.remove(member);
      drop(member);
    }
  }
}
